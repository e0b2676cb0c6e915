#include "rules/finding.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

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
  finding.text = "the union says level {seen} and Level says {expected}; they must be equal";
  finding.seen = UINT64_MAX;
  finding.expected = 0;
  EXPECT_EQ(Message(finding), "the union says level 18446744073709551615 and Level says 0; they must be equal");
  finding.text = "again {times}x";
  finding.times = UINT32_MAX;
  EXPECT_EQ(Message(finding), "again 4294967295x");
}

TEST(FindingTest, AStatusStandsByItsName) {
  Finding finding;
  finding.text = "{seen.status}, not {expected.status}";
  finding.seen = 0x92F;
  finding.expected = 0xC0000001;
  EXPECT_EQ(Message(finding), "NERR_InvalidComputer, not 0xC0000001");
}

TEST(FindingTest, ANameIsQuotedAndCutWhereItIsLong) {
  Finding finding;
  finding.text = "from {quoted}";
  std::vector<std::uint8_t> units = Utf8ToUtf16("WS1", ByteOrder::kLittle);
  finding.quoted = Utf16View(units, ByteOrder::kLittle);
  EXPECT_EQ(Message(finding), "from \"WS1\"");
  units = Utf8ToUtf16(std::string(1000, 'x'), ByteOrder::kLittle);
  finding.quoted = Utf16View(units, ByteOrder::kLittle);
  EXPECT_EQ(Message(finding), "from \"" + std::string(80, 'x') + "...\"");
}

TEST(FindingTest, AnUndecidedRuleSaysWhatIsMissing) {
  Finding finding;
  finding.why = "no bind was captured";
  EXPECT_EQ(Message(finding), "no bind was captured");
  finding.text = "the request looks like that of";
  EXPECT_EQ(Message(finding), "the request looks like that of: no bind was captured");
}

TEST(FindingTest, AFaultIsAFieldOfItsOwn) {
  Finding finding;
  finding.message = Direction::kToClient;
  finding.field = {kFaultField};
  EXPECT_EQ(FieldPath(finding), "fault");
}

TEST(FindingTest, ARuleWithoutATextHasNoMessage) { EXPECT_EQ(Message(Finding()), ""); }

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
