#include "format_output.h"

#include <CLI/CLI.hpp>
#include <string_view>

#include "folder.h"
#include "output/table.h"
#include "output/text.h"

namespace sessenum::tool {
namespace {

// "text, ndjson, csv"
std::string FormatNames(std::string_view between = ", ") {
  std::string names;
  for (const FormatSpec& format : Formats()) names.append(names.empty() ? "" : between).append(format.name);
  return names;
}

std::string FormatProblem(const std::string& name) {
  return FindFormat(name) != nullptr ? "" : "no format \"" + name + "\"; there are " + FormatNames();
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string FieldProblem(const std::string& name) {
  if (!FindFields(name).empty()) return "";
  std::string problem = "no field \"" + name + "\"";
  const std::vector<std::string> meant = NamesLike(name);
  for (const std::string& like : meant) problem.append(&like == &meant.front() ? "; perhaps " : " or ").append(like);
  return problem + "; --list-fields has them all";
}

std::string FieldsProblem(const std::string& names) {
  for (const std::string& name : SplitAtCommas(names)) {
    std::string problem = FieldProblem(name);
    if (!problem.empty()) return problem;
  }
  return "";
}

// NAME  TYPE  what it is
std::string FieldList() {
  std::vector<TableRow> rows = {{"field", "type", ""}};
  for (const Field& field : Fields()) {
    const std::string type(Name(field.type));
    rows.push_back({field.name, field.is_list ? "list of " + type : type, std::string(field.what)});
  }
  std::string text;
  AppendTable(rows, "", text);
  text.pop_back();  // whoever prints it ends the line
  return text;
}

std::vector<const Field*> Chosen(const std::string& names) {
  std::vector<const Field*> fields;
  if (names.empty()) return fields;
  for (const std::string& name : SplitAtCommas(names)) {
    const std::vector<const Field*> found = FindFields(name);
    fields.insert(fields.end(), found.begin(), found.end());
  }
  return fields;
}

}  // namespace

void FormatOptions::AddTo(CLI::App& command) {
  command.add_option("--format", format, "How output looks: " + FormatNames())
      ->check(CLI::Validator(FormatProblem, "{" + FormatNames(",") + "}"))  // in braces for completion
      ->option_text("FORMAT [text]");
  command.add_option("--fields", fields, "Columns of text and csv, as --list-fields names them, with commas between")
      ->check(CLI::Validator(FieldsProblem, ""))
      ->option_text("NAME,...");
  command
      .add_flag_callback(
          "--list-fields", [] { throw CLI::CallForVersion(FieldList(), 0); }, "Print the names that --fields takes")
      ->trigger_on_parse();
  output.AddTo(command);
}

std::unique_ptr<FormatOutput> FormatOutput::Open(const FormatOptions& options, bool titles,
                                                 const std::vector<std::string>& inputs) {
  auto output = std::make_unique<FormatOutput>();
  const FormatSpec& format = *FindFormat(options.format);
  output->tells_blind_spots_ = format.tells_blind_spots && options.fields.empty();
  if (!options.fields.empty() && !format.takes_fields) {
    PrintError("--fields goes with text and csv, not with " + options.format);
    return nullptr;
  }
  const bool to_folder = format.streams.size() > 1 && options.output.output != "-";
  if (to_folder && !MakeFolder(options.output.output)) return nullptr;
  for (const FormatStream& stream : format.streams) {
    OutputOptions place = options.output;
    if (to_folder) place.output.append("/").append(stream.file);
    Part& part = output->parts_.emplace_back();
    part.stream = OutputStream::Open(place, inputs);
    if (part.stream == nullptr) return nullptr;
    WriterOptions writer;
    writer.color = part.stream->color();
    writer.titles = titles;
    writer.fields = Chosen(options.fields);
    writer.version = SESSENUM_VERSION;
    part.writer = stream.make(writer);
    output->Write(part, [&](std::string& text) { part.writer->Begin(text); });
    if (!to_folder) break;
  }
  return output;
}

template <typename Append>
bool FormatOutput::Write(const Part& part, Append&& append) {
  append(text_);
  const bool written = part.stream->Write(text_);
  text_.clear();
  return written;
}

void FormatOutput::BeginCapture(const std::string& path) {
  for (const Part& part : parts_) Write(part, [&](std::string& text) { part.writer->BeginCapture(path, text); });
}

bool FormatOutput::Add(const Call& call, const std::string& capture) {
  bool written = true;
  for (const Part& part : parts_) {
    written = Write(part, [&](std::string& text) { part.writer->Add(call, capture, text); }) && written;
  }
  return written;
}

void FormatOutput::EndCapture(const std::string& name, const std::string& error) {
  for (const Part& part : parts_) part.writer->EndCapture(name, error);
}

bool FormatOutput::Close(const Summary& summary) {
  bool complete = true;
  for (const Part& part : parts_) {
    Write(part, [&](std::string& text) { part.writer->End(summary, text); });
    complete = part.stream->Close() && complete;
    const std::string omitted = part.writer->Omitted();
    if (!omitted.empty()) PrintError(omitted);
    complete = complete && omitted.empty();
  }
  if (!tells_blind_spots_) {
    for (const std::string& line : BlindSpots(summary)) PrintError(line);
  }
  return complete;
}

}  // namespace sessenum::tool
