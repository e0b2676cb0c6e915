#include "rules/finding.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

namespace sessenum {
namespace {

TEST(FindingTest, ThePartyIsWhoeverSentTheMessage) {
  Finding finding;
  finding.message = Direction::kToServer;
  EXPECT_EQ(finding.party(), "client");
  finding.message = Direction::kToClient;
  EXPECT_EQ(finding.party(), "server");
}

TEST(FindingTest, APathLeadsFromTheMessageToTheField) {
  Finding finding;
  finding.message = Direction::kToClient;
  finding.field = {"status"};
  EXPECT_EQ(FieldPath(finding), "response.status");
  finding.field = {"cname", 0};
  EXPECT_EQ(FieldPath(finding), "response.container.sessions[0].cname");
  finding.field = {"transport", 262'143};
  EXPECT_EQ(FieldPath(finding), "response.container.sessions[262143].transport");
  finding.message = Direction::kToServer;
  finding.field = {"container.entries_read"};
  EXPECT_EQ(FieldPath(finding), "request.container.entries_read");
}

TEST(FindingTest, WithoutAFieldThePathIsTheMessage) {
  Finding finding;
  finding.message = Direction::kToServer;
  EXPECT_EQ(FieldPath(finding), "request");
  finding.message = Direction::kToClient;
  EXPECT_EQ(FieldPath(finding), "response");
}

TEST(FindingTest, TheMessageTakesItsNumbersFromTheFinding) {
  Finding finding;
  finding.rule = "G5-level-mismatch";
  finding.seen = UINT64_MAX;
  finding.expected = 0;
  EXPECT_EQ(
      Message(finding),
      "the union says level 18446744073709551615 and Level says 0; they must be equal. Decoded as the union says");
  finding.rule = "G5-repeated-referent";
  finding.times = UINT32_MAX;
  EXPECT_EQ(Message(finding),
            "pointer id 18446744073709551615 stands for several values (again 4294967295x): allowed, and a mark of the "
            "software that wrote it");
}

TEST(FindingTest, ARuleWithoutATextHasNoMessage) {
  Finding finding;
  finding.rule = "G5-";
  EXPECT_EQ(Message(finding), "");
  finding.rule = {};
  EXPECT_EQ(Message(finding), "");
}

TEST(FindingTest, VerdictsHaveTheNamesOfTheSchema) {
  EXPECT_EQ(Name(Verdict::kPass), "pass");
  EXPECT_EQ(Name(Verdict::kViolation), "violation");
  EXPECT_EQ(Name(Verdict::kKnown), "known");
  EXPECT_EQ(Name(Verdict::kAdvisory), "advisory");
  EXPECT_EQ(Name(Verdict::kUndecided), "undecided");
  EXPECT_EQ(Name(Verdict::kNotApplicable), "not_applicable");
  EXPECT_EQ(static_cast<std::size_t>(Verdict::kNotApplicable) + 1, kVerdictNames.size());
}

}  // namespace
}  // namespace sessenum
