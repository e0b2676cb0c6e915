// testdata/statements.txt: which rules hold each MUST and SHOULD of MS-SRVS 3.1.4.5.
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalogue.h"

namespace sessenum {
namespace {

struct Statement {
  std::string words;
  std::vector<std::string> rules;

  [[nodiscard]] bool is_elsewhere() const { return words.starts_with("elsewhere: "); }
  [[nodiscard]] bool Has(std::string_view word) const { return words.find(word) != std::string::npos; }
};

std::vector<Statement> LoadStatements() {
  std::vector<Statement> statements;
  std::ifstream in(SESSENUM_TESTDATA_DIR "/statements.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t bar = line.find(" | ");
    Statement& statement = statements.emplace_back();
    statement.words = line.substr(0, bar);
    if (bar == std::string::npos) continue;
    std::istringstream ids(line.substr(bar + 3));
    for (std::string id; ids >> id;) statement.rules.push_back(id);
  }
  return statements;
}

// Rules that no statement asks for: the kinds of defects that G5 stands for, and what software and its use look like.
bool IsBeyondTheText(std::string_view id) {
  return id.starts_with("G5-") || id.starts_with("F") || id.starts_with("D");
}

TEST(StatementsTest, EveryMustAndShouldHasALine) {
  int musts = 0;
  int shoulds = 0;
  for (const Statement& statement : LoadStatements()) {
    if (statement.is_elsewhere()) continue;
    EXPECT_NE(statement.Has(" MUST "), statement.Has(" SHOULD<")) << statement.words;
    ++(statement.Has(" MUST ") ? musts : shoulds);
  }
  EXPECT_EQ(musts, 52);
  EXPECT_EQ(shoulds, 2);
}

TEST(StatementsTest, EachIsHeldByRulesThatExist) {
  for (const Statement& statement : LoadStatements()) {
    EXPECT_FALSE(statement.rules.empty()) << statement.words;
    for (const std::string& id : statement.rules) EXPECT_NE(FindRule(id), nullptr) << id;
  }
}

TEST(StatementsTest, EveryRuleHoldsAStatementOrStandsElsewhere) {
  std::set<std::string, std::less<>> named;
  for (const Statement& statement : LoadStatements()) named.insert(statement.rules.begin(), statement.rules.end());
  for (const Rule& rule : Catalogue()) {
    EXPECT_NE(named.count(rule.id) != 0, IsBeyondTheText(rule.id)) << rule.id;
  }
}

}  // namespace
}  // namespace sessenum
