// The two tables of the interface against those of the library that they show.
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "abi/field_table.h"
#include "abi/rule_table.h"
#include "rules/catalogue.h"

namespace sessenum {
namespace {

TEST(FieldTable, AFieldStandsAtItsNumberUnderANameOfItsOwn) {
  const auto& table = FieldTable();
  ASSERT_EQ(table.size(), kFieldCount);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(table[i].id, i);
    EXPECT_TRUE(names.insert(table[i].name).second) << table[i].name;
    EXPECT_STRNE(table[i].meaning, "") << table[i].name;
  }
}

TEST(FieldTable, EveryFieldOfEveryLevelHasItsNameFromTheLevelTable) {
  for (const LevelSpec& level : kLevels) {
    for (const SessionField& field : level.fields) {
      const sessenum_field& entry = FieldTable()[IdOf(field)];
      EXPECT_EQ(entry.name, "session." + std::string(field.name));
      EXPECT_EQ(entry.meaning, field.meaning);
      EXPECT_EQ(entry.kind == SESSENUM_STRING, field.string != nullptr) << entry.name;
    }
  }
}

TEST(FieldTable, TheNumbersOfAPublishedVersionStay) {
  EXPECT_EQ(IdOf(kCname), 11);
  EXPECT_EQ(IdOf(kTransport), 18);
  EXPECT_STREQ(FieldTable()[22].name, "status");
  EXPECT_STREQ(FieldTable()[29].name, "rule");
}

TEST(RuleTable, ShowsTheWholeCatalogue) {
  ASSERT_EQ(RuleTable().size(), Catalogue().size());
  for (std::size_t i = 0; i < Catalogue().size(); ++i) {
    EXPECT_EQ(RuleTable()[i].id, Catalogue()[i].id);
    EXPECT_EQ(RuleTable()[i].title, Catalogue()[i].title);
    EXPECT_EQ(RuleTable()[i].section, Catalogue()[i].section);
    EXPECT_EQ(RuleId(Catalogue()[i].id), RuleTable()[i].id);
  }
}

TEST(RuleTable, SaysWhomARuleBinds) {
  const auto party = [](std::string_view id) {
    for (const sessenum_rule& rule : RuleTable()) {
      if (rule.id == id) return std::string_view(rule.party);
    }
    return std::string_view();
  };
  EXPECT_EQ(party("S4"), "server");
  EXPECT_EQ(party("F1"), "client");
  EXPECT_EQ(party("G5-padding"), "client, server");
}

TEST(RuleTable, AnIdOfNoRuleIsEmpty) { EXPECT_STREQ(RuleId("S4444"), ""); }

}  // namespace
}  // namespace sessenum
