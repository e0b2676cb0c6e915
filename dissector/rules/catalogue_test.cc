#include "rules/catalogue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

namespace sessenum {
namespace {

std::string Table() {
  std::ostringstream table;
  for (const Rule& rule : Catalogue()) {
    table << rule.id << ' ' << Name(rule.party) << ' ' << Name(rule.scope) << ' ' << (rule.check != nullptr) << '\n';
  }
  return table.str();
}

TEST(CatalogueTest, RulesStandInTheirOrder) {
  EXPECT_EQ(Table(), R"(G5 server stub 0
G5-truncated server stub 0
G5-impossible-count server stub 0
G5-unknown-elements server stub 0
G5-too-many-sessions server stub 0
G5-padding server stub 0
G5-repeated-referent server stub 0
G5-max-above-actual server stub 0
G5-actual-above-max server stub 0
G5-string-offset server stub 0
G5-zero-actual-count server stub 0
G5-unterminated server stub 0
G5-embedded-nul server stub 0
G5-unpaired-surrogate server stub 0
G5-level-mismatch server stub 0
G5-count-mismatch server stub 0
G5-null-buffer server stub 0
G5-trailing-bytes server stub 0
G5-bad-trailer server stub 0
G5-ndr64-big-endian server stub 0
G1 client bind 1
G2 server pair 1
G3 server response 1
G4 client bind 0
X1 server pair 1
A1 server pair 1
P1 client request 1
P2 server series 0
P3 client request 1
P4 client request 1
P7 client request 1
P8 client request 1
C1 server pair 1
C2 server pair 1
C3 server pair 1
C4 server pair 1
C5 server pair 1
C6 server pair 1
C7 server pair 1
C8 server pair 1
C9 server series 0
C10 server pair 1
L1 server pair 1
L2 server pair 1
L3 server pair 1
L4 server pair 1
L5 server pair 1
L6 server pair 1
L7 server pair 1
L8 server pair 1
L9 server series 1
T1 server response 1
T3 server response 1
S1 server pair 1
S2 server response 1
S3 server pair 1
S4 server response 1
S5 server response 1
S6 server series 1
S7 server series 1
P5 client series 1
P6 client series 1
R1 server pair 1
R2 server pair 1
R3 server series 0
R4 server series 1
R5 server series 1
R6 server pair 1
R9 server series 1
F1 client request 1
D1 client capture 1
D2 client capture 1
D3 client capture 1
)");
}

TEST(CatalogueTest, ARuleIsFoundByItsIdInAnyCase) {
  for (const Rule& rule : Catalogue()) {
    EXPECT_EQ(FindRule(rule.id), &rule) << rule.id;
  }
  ASSERT_NE(FindRule("C1"), nullptr);
  EXPECT_EQ(FindRule("c1"), FindRule("C1"));
  EXPECT_EQ(FindRule("C1")->id, "C1");
  for (const std::string_view id : {"", "C", "C1 ", " C1", "C11111", "Z9", "c", "@1", "[1", "C2x"}) {
    EXPECT_EQ(FindRule(id), nullptr) << id;
  }
}

TEST(CatalogueTest, EveryRuleSaysWhatItChecksAndWhereItComesFrom) {
  for (const Rule& rule : Catalogue()) {
    EXPECT_FALSE(rule.section.empty()) << rule.id;
    EXPECT_FALSE(rule.title.empty()) << rule.id;
    EXPECT_FALSE(rule.checks.empty()) << rule.id;
    EXPECT_TRUE(rule.section.find("MS-") != std::string_view::npos ||
                rule.section.find("C706") != std::string_view::npos ||
                rule.section.find("no specification") != std::string_view::npos)
        << rule.id << ": " << rule.section;
  }
}

}  // namespace
}  // namespace sessenum
