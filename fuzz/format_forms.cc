#include "fuzz/format_forms.h"

#include <algorithm>
#include <cstddef>

#include "fuzz/harmless_text.h"
#include "fuzz/json.h"
#include "fuzz/require.h"
#include "output/csv.h"
#include "output/eve.h"
#include "output/ndjson.h"
#include "output/opengraph.h"
#include "output/sarif.h"
#include "output/zeek.h"

namespace sessenum::fuzz {
namespace {

// Without its line break; the text ends with one.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  Require(end != std::string_view::npos, "a line ends");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

void RequireLog(std::string_view text) {
  std::ptrdiff_t columns = 0;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    Require(std::none_of(line.begin(), line.end(),
                         [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F; }),
            "no control character stands in a log");
    const std::ptrdiff_t tabs = std::count(line.begin(), line.end(), '\t');
    if (line.starts_with("#fields\t")) columns = tabs;
    if (line.starts_with("#types\t")) Require(tabs == columns, "each column has a type");
    if (!line.starts_with('#')) Require(tabs + 1 == columns, "a line has a cell for each column");
  }
  Require(columns != 0, "a log has its head");
}

// RFC 4180: takes a cell and what separates it from the next one; true at the end of a row.
bool TakeCell(std::string_view& text) {
  std::size_t at = 0;
  if (text.starts_with('"')) {
    for (at = text.find('"', 1); at < text.size() - 1 && text[at + 1] == '"';) at = text.find('"', at + 2);
    Require(at != std::string_view::npos, "a quote is closed");
    ++at;
  } else {
    at = std::min(text.find_first_of(",\r"), text.size());
    Require(text.substr(0, at).find_first_of("\"\n") == std::string_view::npos, "what needs quotes has them");
    const bool formula = at != 0 && std::string_view("=+@").find(text.front()) != std::string_view::npos;
    Require(!formula, "no cell is a formula");
  }
  text.remove_prefix(at);
  const bool ends_row = text.starts_with("\r\n");
  Require(ends_row || text.starts_with(','), "a cell is followed by another or by the end of its row");
  text.remove_prefix(ends_row ? 2 : 1);
  return ends_row;
}

std::size_t TakeRow(std::string_view& text) {
  std::size_t cells = 1;
  while (!TakeCell(text)) ++cells;
  return cells;
}

void RequireCsv(std::string_view text) {
  const std::size_t columns = TakeRow(text);
  while (!text.empty()) Require(TakeRow(text) == columns, "a row has a cell for each column");
}

void RequireJsonLines(std::string_view text) {
  while (!text.empty()) {
    const auto event = ParseJson(TakeLine(text));
    Require(event && event->kind == Json::Kind::kObject, "each line is a JSON object in UTF-8");
  }
}

void RequireDocument(std::string_view text) {
  const auto document = ParseJson(text);
  Require(document && document->kind == Json::Kind::kObject, "the document is a JSON object in UTF-8");
}

void RequireTabbed(std::string_view text) {
  RequireHarmlessBut(text, '\t');
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    const auto tabs = static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
    Require(tabs + 1 == Fields().size(), "a line has a cell for each column");
  }
}

// Messages alone, as `sessenum decode` writes them.
class MessageLines final : public CallWriter {
 public:
  void Add(const Call& call, std::string_view /*capture*/, std::string& out) override {
    if (call.request && call.request->decoded) AppendNdjson(*call.request, call.findings, out);
    if (call.response && call.response->decoded) AppendNdjson(*call.response, call.findings, out);
  }
  void End(const Summary& /*summary*/, std::string& /*out*/) override {}
};

}  // namespace

FormatForms::FormatForms(bool documents, std::size_t most_parts) {
  WriterOptions all_fields;
  for (const Field& field : Fields()) all_fields.fields.push_back(&field);
  WriterOptions few_parts;
  few_parts.most_parts = most_parts;
  forms_.push_back({MakeCsv({}), RequireCsv, {}});
  forms_.push_back({MakeCsv(all_fields), RequireCsv, {}});
  forms_.push_back({MakeTabbed(all_fields), RequireTabbed, {}});
  forms_.push_back({std::make_unique<MessageLines>(), RequireJsonLines, {}});
  forms_.push_back({MakeZeekCalls({}), RequireLog, {}});
  forms_.push_back({MakeZeekFindings({}), RequireLog, {}});
  forms_.push_back({MakeEve({}), RequireJsonLines, {}});
  if (documents) {
    forms_.push_back({MakeSarif(few_parts), RequireDocument, {}});
    forms_.push_back({MakeOpenGraph(few_parts), RequireDocument, {}});
  }
  for (Form& form : forms_) form.writer->Begin(form.text);
}

void FormatForms::Add(const Call& call, std::string_view capture) {
  for (Form& form : forms_) form.writer->Add(call, capture, form.text);
}

void FormatForms::End(const Summary& summary, std::string_view capture, std::string_view error) {
  for (Form& form : forms_) {
    form.writer->EndCapture(capture, error);
    form.writer->End(summary, form.text);
    form.require(form.text);
    RequireHarmless(form.writer->Omitted());
  }
}

void RequireColumnsFor(std::string_view typed) {
  const std::string inside = std::string(".").append(typed).append(".");
  for (const Field* field : FindFields(typed)) {
    Require(("." + field->name + ".").find(inside) != std::string::npos, "what is typed is part of the column's name");
    Require(FindFields(field->name) == std::vector{field}, "a column is found by its name");
  }
  for (const std::string& name : NamesLike(typed)) {
    Require(FindFields(name).size() == 1 && FindFields(name)[0]->name == name, "what is suggested is a column's name");
  }
}

}  // namespace sessenum::fuzz
