#include "rules/catalogue.h"

#include <algorithm>

#include "rules/well_formed.h"

namespace sessenum {
namespace {

constexpr Rule kForm = {.id = "G5",
                        .section = "C706 14, MS-RPCE 3.1.1.5.3",
                        .title = "The stub is well-formed NDR",
                        .scope = Scope::kStub,
                        .checks =
                            "None of the rules G5-... below is broken. Each of them is of the party that sent the "
                            "stub.",
                        .pass = "the stub is well-formed"};

Rule ToRule(const WellFormedRule& form) {
  Rule rule;
  rule.id = form.id;
  rule.section = form.section;
  rule.title = form.title;
  rule.scope = Scope::kStub;
  rule.checks = "Every stub that is decoded is looked at.";
  if (form.verdict == Verdict::kPass) rule.pass = form.message;
  if (form.verdict == Verdict::kViolation) rule.violation = form.message;
  if (form.verdict == Verdict::kAdvisory) rule.advisory = form.message;
  return rule;
}

std::vector<Rule> Collect() {
  std::vector<Rule> rules = {kForm};
  for (const WellFormedRule& form : WellFormedRules()) rules.push_back(ToRule(form));
  for (const std::span<const Rule> subject :
       {AccessRules(), RequestRules(), QualifierRules(), LevelRules(), SizeRules(), ResumeRules(), PatternRules()}) {
    rules.insert(rules.end(), subject.begin(), subject.end());
  }
  return rules;
}

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

const std::vector<Rule>& Catalogue() {
  static const std::vector<Rule> rules = Collect();
  return rules;
}

const Rule* FindRule(std::string_view id) {
  const std::vector<Rule>& rules = Catalogue();
  const auto found = std::ranges::find_if(
      rules, [id](const Rule& rule) { return std::ranges::equal(rule.id, id, {}, ToLower, ToLower); });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace sessenum
