#include "output/rule_text.h"

#include <array>
#include <utility>

#include "output/json_writer.h"
#include "output/table.h"
#include "rules/catalogue.h"

namespace sessenum {
namespace {

constexpr std::array<Verdict, 4> kMeaningful = {Verdict::kPass, Verdict::kViolation, Verdict::kKnown,
                                                Verdict::kAdvisory};
constexpr std::string_view kEveryVerdict =
    "Every rule can also be `undecided`, where the evidence that it needs was not captured, and `not_applicable`, "
    "where "
    "its condition does not hold.";

// What a placeholder stands for is known with a call alone: "{seen.status}" becomes "<status>", "{times}" "<number>".
std::string WithoutPlaceholders(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out.append(text.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name != "such") out.append(name == "quoted" ? "<name>" : name.ends_with(".status") ? "<status>" : "<number>");
    text.remove_prefix(close + 1);
  }
  return out;
}

// Breaks `text` into lines, each behind `indent`; the first line starts at column `at`.
void AppendWrapped(std::string_view text, std::size_t at, std::string_view indent, std::string& out) {
  constexpr std::size_t kColumns = 100;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    const bool is_first = at <= indent.size();
    if (!is_first && at + 1 + word.size() > kColumns) {
      out.append("\n").append(indent);
      at = indent.size();
    } else if (!is_first) {
      out.push_back(' ');
      ++at;
    }
    out.append(word);
    at += word.size();
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  out.push_back('\n');
}

void AppendEntry(std::string_view label, std::string_view text, std::string& out) {
  constexpr std::string_view kIndent = "             ";
  if (text.empty()) return;
  out.append("  ").append(label).append(kIndent.size() - 2 - label.size(), ' ');
  AppendWrapped(text, kIndent.size(), kIndent, out);
}

bool IsJudged(const Rule& rule) { return rule.check != nullptr || rule.scope == Scope::kStub; }

// The rules of a stub's form are those of whoever sent it.
std::string_view WhoMustObey(const Rule& rule) {
  return rule.scope == Scope::kStub ? std::string_view("client, server") : Name(rule.party);
}

void AppendMarkdown(const Rule& rule, std::string& out) {
  out.append("### ").append(rule.id).append(": ").append(rule.title).append("\n\n");
  out.append("*").append(rule.section).append("* | ").append(WhoMustObey(rule)).append(" | ");
  out.append(Name(rule.scope)).append(IsJudged(rule) ? "" : " | not observable").append("\n\n");
  AppendWrapped(rule.checks, 0, "", out);
  bool has_any = false;
  for (const Verdict verdict : kMeaningful) {
    if (rule.Meaning(verdict).empty()) continue;
    if (!std::exchange(has_any, true)) out.push_back('\n');
    const std::string item = std::string("- `").append(Name(verdict)).append("`:");
    out.append(item);
    AppendWrapped(WithoutPlaceholders(rule.Meaning(verdict)), item.size(), "  ", out);
  }
  out.push_back('\n');
}

}  // namespace

void AppendText(const Rule& rule, std::string& out) {
  out.append(rule.id).append("  ").append(rule.title).append("\n");
  AppendEntry("section", rule.section, out);
  AppendEntry("party", WhoMustObey(rule), out);
  AppendEntry("scope", Name(rule.scope), out);
  AppendEntry("checks", rule.checks, out);
  for (const Verdict verdict : kMeaningful) {
    AppendEntry(Name(verdict), WithoutPlaceholders(rule.Meaning(verdict)), out);
  }
}

void AppendRuleTable(std::string& out) {
  std::vector<TableRow> rows = {{"rule", "party", "scope", "title"}};
  for (const Rule& rule : Catalogue()) {
    rows.push_back({std::string(rule.id), std::string(WhoMustObey(rule)),
                    std::string(IsJudged(rule) ? Name(rule.scope) : "not observable"), std::string(rule.title)});
  }
  AppendTable(rows, "", out);
}

void AppendNdjson(const Rule& rule, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("id", rule.id);
  json.Member("section", rule.section);
  json.Member("title", rule.title);
  json.Member("party", WhoMustObey(rule));
  json.Member("scope", Name(rule.scope));
  json.BoolMember("observable", IsJudged(rule));
  json.Member("checks", rule.checks);
  json.Key("verdicts");
  json.BeginObject();
  for (const Verdict verdict : kMeaningful) {
    if (!rule.Meaning(verdict).empty())
      json.Member(Name(verdict), std::string_view(WithoutPlaceholders(rule.Meaning(verdict))));
  }
  json.EndObject();
  json.EndObject();
  out.push_back('\n');
}

void AppendRulesMarkdown(std::string& out) {
  out.append("# Rules\n\nWhat is checked of every NetrSessionEnum call, and what each verdict means. Written by\n");
  out.append("`sessenum rules --format markdown`; `tools/rules_test.py` holds it against the program.\n\n");
  AppendWrapped(kEveryVerdict, 0, "", out);
  out.push_back('\n');
  for (const Rule& rule : Catalogue()) AppendMarkdown(rule, out);
  out.pop_back();
}

}  // namespace sessenum
