#include "report/data_island.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "output/address.h"
#include "output/json_writer.h"

namespace sessenum {
namespace {

constexpr std::string_view kSchema = "sessenum-report/1";

constexpr std::array<std::string_view, 6> kPairColumns = {"asker", "server", "marks", "calls", "refused", "sessions"};
constexpr std::array<std::string_view, 7> kCallColumns = {"call",    "ts",       "asker", "server",
                                                          "refused", "sessions", "marks"};
constexpr std::array<std::string_view, 6> kSessionColumns = {"call", "now", "cname", "username", "time", "idle_time"};

void WriteTime(JsonWriter& json, std::int64_t time_ns) { json.Number(SecondsText(time_ns)); }

void WriteName(JsonWriter& json, const ReportName& name) {
  switch (name.state) {
    case ReportName::State::kNotTold:
      return json.Bool(false);
    case ReportName::State::kNull:
      return json.Null();
    case ReportName::State::kText:
      return json.Value(std::string_view(name.text));
  }
}

void WriteNumber(JsonWriter& json, const std::optional<std::uint32_t>& number) {
  if (!number) return json.Bool(false);
  json.Value(std::uint64_t{*number});
}

void WriteWords(JsonWriter& json, std::span<const std::string_view> words) {
  json.BeginArray();
  for (const std::string_view word : words) json.Value(word);
  json.EndArray();
}

void WritePair(JsonWriter& json, const Report& report, const ReportPair& pair) {
  std::vector<std::string_view> marks;
  for (const PatternMark& mark : MarksOf(report, pair)) marks.push_back(mark.word);
  json.BeginArray();
  json.Value(std::string_view(pair.asker));
  json.Value(std::string_view(pair.server));
  WriteWords(json, marks);
  json.Value(pair.calls);
  json.Value(pair.refused);
  json.Value(pair.sessions);
  json.EndArray();
}

void WriteCall(JsonWriter& json, const ReportCall& call) {
  json.BeginArray();
  json.Value(std::uint64_t{call.number});
  WriteTime(json, call.time_ns);
  json.Value(std::string_view(call.asker));
  json.Value(std::string_view(call.server));
  json.Bool(call.refused());
  json.Value(std::uint64_t{call.sessions});
  if (call.marks.empty()) {
    json.Bool(false);
  } else {
    WriteWords(json, call.marks);
  }
  json.EndArray();
}

void WriteSession(JsonWriter& json, const ReportSession& session) {
  json.BeginArray();
  json.Value(std::uint64_t{session.call});
  WriteTime(json, session.time_ns);
  WriteName(json, session.cname);
  WriteName(json, session.username);
  WriteNumber(json, session.time);
  WriteNumber(json, session.idle_time);
  json.EndArray();
}

// {"columns": [...], "rows": [...]}, where `write_rows` writes the rows.
template <typename WriteRows>
void WriteTable(JsonWriter& json, std::string_view key, std::span<const std::string_view> columns,
                WriteRows write_rows) {
  json.Key(key);
  json.BeginObject();
  json.Key("columns");
  WriteWords(json, columns);
  json.Key("rows");
  json.BeginArray();
  write_rows();
  json.EndArray();
  json.EndObject();
}

void WriteReport(JsonWriter& json, const Report& report) {
  json.BeginObject();
  json.Member("schema", kSchema);
  WriteTable(json, "pairs", kPairColumns, [&] {
    for (const auto& [key, pair] : report.pairs) WritePair(json, report, pair);
  });
  WriteTable(json, "calls", kCallColumns, [&] {
    for (const ReportCall& call : report.calls) WriteCall(json, call);
  });
  WriteTable(json, "sessions", kSessionColumns, [&] {
    for (const ReportSession& session : report.sessions) WriteSession(json, session);
  });
  json.EndObject();
}

// The characters stand in strings alone: JSON's own syntax has none of them.
void AppendWithoutMarkup(std::string_view json, std::string& out) {
  for (const char c : json) {
    if (c == '<') {
      out.append("\\u003c");
    } else if (c == '>') {
      out.append("\\u003e");
    } else if (c == '&') {
      out.append("\\u0026");
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace

void AppendData(const Report& report, std::string& out) {
  std::string text;
  JsonWriter json(text);
  WriteReport(json, report);
  AppendWithoutMarkup(text, out);
}

}  // namespace sessenum
