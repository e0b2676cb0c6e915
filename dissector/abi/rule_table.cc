#include "abi/rule_table.h"

#include <algorithm>
#include <deque>
#include <string>

#include "rules/catalogue.h"

namespace sessenum {
namespace {

// The rules of a stub's form are those of whoever sent it.
std::string_view PartyOf(const Rule& rule) {
  return rule.scope == Scope::kStub ? std::string_view("client, server") : Name(rule.party);
}

// The catalogue's texts are views; these end with a NUL.
struct RuleTexts {
  explicit RuleTexts(const Rule& rule) : id(rule.id), title(rule.title), section(rule.section), party(PartyOf(rule)) {}

  std::string id;
  std::string title;
  std::string section;
  std::string party;
};

const std::deque<RuleTexts>& Texts() {
  static const std::deque<RuleTexts> texts(Catalogue().begin(), Catalogue().end());
  return texts;
}

std::vector<sessenum_rule> MakeTable() {
  std::vector<sessenum_rule> table;
  for (const RuleTexts& rule : Texts()) {
    table.push_back({rule.id.c_str(), rule.title.c_str(), rule.section.c_str(), rule.party.c_str()});
  }
  return table;
}

}  // namespace

const std::vector<sessenum_rule>& RuleTable() {
  static const std::vector<sessenum_rule> table = MakeTable();
  return table;
}

const char* RuleId(std::string_view id) {
  const auto& rules = RuleTable();
  const auto found = std::ranges::find_if(rules, [id](const sessenum_rule& rule) { return rule.id == id; });
  return found == rules.end() ? "" : found->id;
}

}  // namespace sessenum
