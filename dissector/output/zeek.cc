#include "output/zeek.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf16.h"
#include "output/address.h"
#include "output/cells.h"

namespace sessenum {
namespace {

struct Column {
  std::string name;
  std::string type;
};

// A log whose header waits for the first line: it tells the time.
class LogHead {
 public:
  LogHead(std::string_view path, std::vector<Column> columns) : path_(path), columns_(std::move(columns)) {}

  void Line(std::int64_t time_ns, std::string& out) {
    if (!last_ns_) AppendHead(time_ns, out);
    last_ns_ = time_ns;
  }
  void Close(std::string& out) {
    if (!last_ns_) Line(0, out);
    out.append("#close\t").append(StampText(*last_ns_)).append("\n");
  }

 private:
  // "2020-09-22-04-25-13", of "2020-09-22T04:25:13.123456Z"
  static std::string StampText(std::int64_t time_ns) {
    std::string text = TimeText(time_ns);
    text.resize(text.find('.'));
    std::ranges::replace(text, ':', '-');
    std::ranges::replace(text, 'T', '-');
    return text;
  }

  void AppendHead(std::int64_t time_ns, std::string& out) const {
    out += "#separator \\x09\n#set_separator\t,\n#empty_field\t";
    out.append(kEmptyCell).append("\n#unset_field\t").append(kUnsetCell);
    out.append("\n#path\t").append(path_).append("\n#open\t").append(StampText(time_ns)).append("\n#fields");
    for (const Column& column : columns_) out.append("\t").append(column.name);
    out += "\n#types";
    for (const Column& column : columns_) out.append("\t").append(column.type);
    out += '\n';
  }

  std::string_view path_;
  std::vector<Column> columns_;
  std::optional<std::int64_t> last_ns_;
};

Column ColumnOf(const Field& field) {
  const std::string type(Name(field.type));
  return {field.name, field.is_list ? "vector[" + type + "]" : type};
}

// Those of Zeek's own dce_rpc.log stand first, in its order; uid is none of ours.
constexpr std::array<std::string_view, 9> kDceRpcColumns = {"ts",  "id.orig_h",  "id.orig_p", "id.resp_h", "id.resp_p",
                                                            "rtt", "named_pipe", "endpoint",  "operation"};

std::vector<const Field*> FieldsInZeekOrder() {
  std::vector<const Field*> fields;
  fields.reserve(Fields().size());
  for (const std::string_view name : kDceRpcColumns) fields.push_back(FindFields(name).front());
  for (const Field& field : Fields()) {
    if (std::ranges::find(fields, &field) == fields.end()) fields.push_back(&field);
  }
  return fields;
}

std::vector<Column> CallColumns(const std::vector<const Field*>& fields) {
  std::vector<Column> columns;
  for (const Field* field : fields) {
    columns.push_back(ColumnOf(*field));
    if (columns.size() == 1) columns.push_back({"uid", "string"});
  }
  return columns;
}

class CallLog final : public CallWriter {
 public:
  CallLog() : fields_(FieldsInZeekOrder()), head_("dce_rpc", CallColumns(fields_)) {}

  void Add(const Call& call, std::string_view capture, std::string& out) override {
    head_.Line(call.first_frame().time_ns, out);
    const FieldRow row{call, capture};
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i != 0) out += '\t';
      AppendCell(Read(*fields_[i], row), ZeekEscaped, out);
      if (i == 0) out.append("\t").append(ConnectionUid(call.carrier->client, call.carrier->server));
    }
    out += '\n';
  }
  void End(const Summary& /*summary*/, std::string& out) override { head_.Close(out); }

 private:
  std::vector<const Field*> fields_;
  LogHead head_;
};

class FindingLog final : public CallWriter {
 public:
  FindingLog() : head_("weird", Columns()) {}

  void Add(const Call& call, std::string_view capture, std::string& out) override {
    for (const Finding& finding : call.findings) {
      head_.Line(call.first_frame().time_ns, out);
      AppendLine(call, finding, capture, out);
    }
  }
  void End(const Summary& /*summary*/, std::string& out) override { head_.Close(out); }

 private:
  static std::vector<Column> Columns() {
    return {{"ts", "time"},        {"uid", "string"},     {"id.orig_h", "addr"}, {"id.orig_p", "port"},
            {"id.resp_h", "addr"}, {"id.resp_p", "port"}, {"name", "string"},    {"addl", "string"},
            {"notice", "bool"},    {"peer", "string"},    {"source", "string"},  {"verdict", "string"},
            {"party", "string"},   {"field", "string"},   {"frame", "count"},    {"offset", "count"},
            {"length", "count"},   {"capture", "string"}, {"call_id", "count"}};
  }

  static void AppendLine(const Call& call, const Finding& finding, std::string_view capture, std::string& out) {
    const Carrier& carrier = *call.carrier;
    const std::array<FieldText, 19> cells = {SecondsText(call.first_frame().time_ns),
                                             ConnectionUid(carrier.client, carrier.server),
                                             ToText(carrier.client.address),
                                             std::to_string(carrier.client.port),
                                             ToText(carrier.server.address),
                                             std::to_string(carrier.server.port),
                                             std::string(finding.rule),
                                             Message(finding),
                                             "F",
                                             "sessenum",
                                             "DCE_RPC",
                                             std::string(Name(finding.verdict)),
                                             std::string(finding.party()),
                                             FieldPath(finding),
                                             finding.frame == 0 ? FieldText() : std::to_string(finding.frame),
                                             std::to_string(finding.where.offset),
                                             std::to_string(finding.where.length),
                                             WellFormedUtf8(capture),
                                             std::to_string(call.call_id)};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i != 0) out += '\t';
      AppendCell({false, {cells[i]}}, ZeekEscaped, out);
    }
    out += '\n';
  }

  LogHead head_;
};

}  // namespace

std::unique_ptr<CallWriter> MakeZeekCalls(const WriterOptions& /*options*/) { return std::make_unique<CallLog>(); }
std::unique_ptr<CallWriter> MakeZeekFindings(const WriterOptions& /*options*/) {
  return std::make_unique<FindingLog>();
}

}  // namespace sessenum
