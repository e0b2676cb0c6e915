#include "rules_command.h"

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "output/rule_text.h"
#include "output_stream.h"
#include "rules/catalogue.h"

namespace sessenum::tool {
namespace {

ExitStatus Print(const std::string& text) {
  const std::unique_ptr<OutputStream> out = OutputStream::Open({}, {});
  if (out == nullptr) return ExitStatus::kFailed;
  static_cast<void>(out->Write(text));
  return out->Close() ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void RulesOptions::AddTo(CLI::App& command) {
  static const std::map<std::string, RulesFormat> formats = {
      {"text", RulesFormat::kText}, {"ndjson", RulesFormat::kNdjson}, {"markdown", RulesFormat::kMarkdown}};
  command.add_option("--format", format, "How the list looks: text, ndjson or markdown")
      ->transform(CLI::CheckedTransformer(formats))
      ->option_text("FORMAT [text]");
}

void ExplainOptions::AddTo(CLI::App& command) {
  std::string ids;
  for (const Rule& known : Catalogue()) ids.append(ids.empty() ? "" : ",").append(known.id);
  command.add_option("rule", rule, "The rule's id, as findings and `sessenum rules` name it")
      ->required()
      ->check(CLI::Validator("{" + ids + "}"))  // says what there is, and refuses nothing
      ->option_text("RULE");
}

ExitStatus ListRules(const RulesOptions& options) {
  std::string text;
  switch (options.format) {
    case RulesFormat::kText:
      AppendRuleTable(text);
      break;
    case RulesFormat::kNdjson:
      for (const Rule& rule : Catalogue()) AppendNdjson(rule, text);
      break;
    case RulesFormat::kMarkdown:
      AppendRulesMarkdown(text);
      break;
  }
  return Print(text);
}

ExitStatus Explain(const ExplainOptions& options) {
  const Rule* rule = FindRule(options.rule);
  if (rule == nullptr) {
    PrintError("there is no rule " + options.rule + "; `sessenum rules` lists them");
    return ExitStatus::kFailed;
  }
  std::string text;
  AppendText(*rule, text);
  return Print(text);
}

}  // namespace sessenum::tool
