#include "output/csv.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/terminal.h"
#include "base/utf16.h"
#include "output/cells.h"
#include "output/json_writer.h"

namespace sessenum {
namespace {

// What spreadsheets take for the start of a formula, full-width forms included.
bool StartsFormula(std::string_view text) {
  switch (TakeCodePoint(text)) {
    case '=':
    case '+':
    case '-':
    case '@':
    case 0xFF1D:
    case 0xFF0B:
    case 0xFF0D:
    case 0xFF20:
      return true;
    default:
      return false;
  }
}

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2U : 1U, c);
  out += '"';
}

void AppendText(std::string_view text, std::string& out) {
  std::string cell = Printable(text);
  // An apostrophe that was there gets another, so that taking one off gives the text back.
  if (!cell.empty() && (StartsFormula(cell) || cell.front() == '\'')) cell.insert(0, 1, '\'');
  const bool needs_quotes =
      cell.empty() || cell.find_first_of("\",;") != std::string::npos || cell.front() == ' ' || cell.back() == ' ';
  if (needs_quotes) {
    AppendQuoted(cell, out);
  } else {
    out += cell;
  }
}

std::string JsonArray(const std::vector<FieldText>& items, FieldType type) {
  std::string text;
  JsonWriter json(text);
  json.BeginArray();
  for (const FieldText& item : items) {
    if (!item) {
      json.Null();
    } else if (IsNumber(type)) {
      json.Number(*item);
    } else {
      json.Value(std::string_view(WellFormedUtf8(*item)));
    }
  }
  json.EndArray();
  return text;
}

void AppendCsvCell(const FieldValue& value, FieldType type, std::string& out) {
  if (value.is_list) {
    AppendQuoted(JsonArray(value.items, type), out);
  } else if (const FieldText& text = value.items.front()) {
    if (IsNumber(type)) {
      out += *text;
    } else {
      AppendText(*text, out);
    }
  }
}

std::vector<const Field*> FieldsOfCalls() {
  std::vector<const Field*> chosen;
  for (const Field& field : Fields()) {
    if (field.of_session == nullptr) chosen.push_back(&field);
  }
  return chosen;
}

class CsvWriter final : public CallWriter {
 public:
  explicit CsvWriter(std::vector<const Field*> fields) : fields_(std::move(fields)) {}

  void Begin(std::string& out) override {
    for (const Field* field : fields_) out.append(field == fields_.front() ? "" : ",").append(field->name);
    out += "\r\n";
  }
  void Add(const Call& call, std::string_view capture, std::string& out) override {
    ForEachRow(fields_, call, capture, [&](const FieldRow& row) {
      for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (i != 0) out += ',';
        AppendCsvCell(Read(*fields_[i], row), fields_[i]->type, out);
      }
      out += "\r\n";
    });
  }
  void End(const Summary& /*summary*/, std::string& /*out*/) override {}

 private:
  std::vector<const Field*> fields_;
};

class TabbedWriter final : public CallWriter {
 public:
  explicit TabbedWriter(std::vector<const Field*> fields) : fields_(std::move(fields)) {}

  void Add(const Call& call, std::string_view capture, std::string& out) override {
    ForEachRow(fields_, call, capture, [&](const FieldRow& row) {
      for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (i != 0) out += '\t';
        AppendCell(Read(*fields_[i], row), Printable, out);
      }
      out += '\n';
    });
  }
  void End(const Summary& /*summary*/, std::string& /*out*/) override {}

 private:
  std::vector<const Field*> fields_;
};

}  // namespace

std::unique_ptr<CallWriter> MakeCsv(const WriterOptions& options) {
  return std::make_unique<CsvWriter>(options.fields.empty() ? FieldsOfCalls() : options.fields);
}

std::unique_ptr<CallWriter> MakeTabbed(const WriterOptions& options) {
  return std::make_unique<TabbedWriter>(options.fields);
}

}  // namespace sessenum
