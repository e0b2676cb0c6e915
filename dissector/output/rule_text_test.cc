#include "output/rule_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "rules/catalogue.h"

namespace sessenum {
namespace {

TEST(RuleTextTest, ARuleSaysWhoMustDoWhat) {
  std::string out;
  AppendText(*FindRule("c1"), out);
  EXPECT_TRUE(
      out.starts_with("C1  A ClientName without two leading backslashes is refused with NERR_InvalidComputer\n"
                      "  section    MS-SRVS 3.1.4.5\n"
                      "  party      server\n"
                      "  scope      pair\n"
                      "  checks     "))
      << out;
  EXPECT_NE(out.find("\n  known      "), std::string::npos);
  EXPECT_NE(out.find("returned <status>"), std::string::npos);
  EXPECT_EQ(out.find('{'), std::string::npos);
}

TEST(RuleTextTest, NoLineIsTooLongAndNoneEndsWithABlank) {
  std::string out;
  for (const Rule& rule : Catalogue()) AppendText(rule, out);
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_NE(line.back(), ' ') << line;
  }
}

TEST(RuleTextTest, EveryRuleIsALineOfJson) {
  std::set<std::string> ids;
  for (const Rule& rule : Catalogue()) {
    std::string out;
    AppendNdjson(rule, out);
    const auto json = nlohmann::json::parse(out);
    EXPECT_EQ(json["id"], rule.id);
    EXPECT_TRUE(ids.insert(json["id"]).second) << out;
    EXPECT_EQ(json["observable"].get<bool>(), !json["verdicts"].empty()) << out;
    for (const char* key : {"section", "title", "party", "scope", "checks"}) EXPECT_FALSE(json[key].empty()) << out;
  }
  EXPECT_EQ(ids.size(), Catalogue().size());
}

TEST(RuleTextTest, TheTableAndThePageHoldEveryRule) {
  std::string table;
  AppendRuleTable(table);
  std::string page;
  AppendRulesMarkdown(page);
  for (const Rule& rule : Catalogue()) {
    EXPECT_NE(("\n" + table).find("\n" + std::string(rule.id) + " "), std::string::npos) << rule.id;
    EXPECT_NE(page.find("\n### " + std::string(rule.id) + ": "), std::string::npos) << rule.id;
  }
}

}  // namespace
}  // namespace sessenum
