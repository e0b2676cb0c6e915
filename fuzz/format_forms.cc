#include "fuzz/format_forms.h"

#include <algorithm>
#include <cstddef>

#include "fuzz/json.h"
#include "fuzz/require.h"
#include "output/csv.h"
#include "output/eve.h"
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

}  // namespace

FormatForms::FormatForms(bool documents) {
  WriterOptions all_fields;
  for (const Field& field : Fields()) all_fields.fields.push_back(&field);
  forms_.push_back({MakeCsv({}), RequireCsv, {}});
  forms_.push_back({MakeCsv(all_fields), RequireCsv, {}});
  forms_.push_back({MakeZeekCalls({}), RequireLog, {}});
  forms_.push_back({MakeZeekFindings({}), RequireLog, {}});
  forms_.push_back({MakeEve({}), RequireJsonLines, {}});
  if (documents) {
    forms_.push_back({MakeSarif({}), RequireDocument, {}});
    forms_.push_back({MakeOpenGraph({}), RequireDocument, {}});
  }
  for (Form& form : forms_) form.writer->Begin(form.text);
}

void FormatForms::Add(const Call& call) {
  for (Form& form : forms_) form.writer->Add(call, "fuzz", form.text);
}

void FormatForms::End(const Summary& summary) {
  for (Form& form : forms_) {
    form.writer->End(summary, form.text);
    form.require(form.text);
  }
}

}  // namespace sessenum::fuzz
