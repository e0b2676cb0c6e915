#include "rules/well_formed.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sessenum {
namespace {

struct Expected {
  AnomalyKind kind;
  std::string_view rule;
  Verdict verdict;
  std::string_view message;  // for seen 7, expected 3, times 2
};

constexpr std::array<Expected, kAnomalyNames.size()> kExpected = {{
    {AnomalyKind::kTruncated, "G5-truncated", Verdict::kViolation,
     "the stub ends here: 3 more bytes are announced and 7 are left"},
    {AnomalyKind::kImpossibleCount, "G5-impossible-count", Verdict::kViolation,
     "a count of 7; no receiver takes one above 3"},
    {AnomalyKind::kUnknownElements, "G5-unknown-elements", Verdict::kViolation,
     "an array under a level that does not exist: nothing says how long its elements are"},
    {AnomalyKind::kTooManySessions, "G5-too-many-sessions", Verdict::kAdvisory,
     "more sessions than are decoded from one response; what follows was not looked at"},
    {AnomalyKind::kPadding, "G5-padding", Verdict::kPass,
     "alignment bytes are not zero (2x): allowed, and a mark of the software that wrote them"},
    {AnomalyKind::kRepeatedReferent, "G5-repeated-referent", Verdict::kPass,
     "pointer id 7 stands for several values (again 2x): allowed, and a mark of the software that wrote it"},
    {AnomalyKind::kMaxAboveActual, "G5-max-above-actual", Verdict::kAdvisory,
     "the string has room for 7 units and sends 3: allowed, and unusual"},
    {AnomalyKind::kActualAboveMax, "G5-actual-above-max", Verdict::kViolation,
     "the string sends 7 units, more than the 3 it has room for"},
    {AnomalyKind::kStringOffset, "G5-string-offset", Verdict::kViolation,
     "the string starts at offset 7; it must start at 3"},
    {AnomalyKind::kZeroActualCount, "G5-zero-actual-count", Verdict::kViolation,
     "the string sends no unit at all; even an empty one has its terminator"},
    {AnomalyKind::kUnterminated, "G5-unterminated", Verdict::kViolation,
     "the string's last unit is 7; it must be the terminator, 0"},
    {AnomalyKind::kEmbeddedNul, "G5-embedded-nul", Verdict::kAdvisory,
     "the string goes on after a NUL at unit 7: many receivers stop there and never see the rest"},
    {AnomalyKind::kUnpairedSurrogate, "G5-unpaired-surrogate", Verdict::kAdvisory,
     "the unit 7 is half of a surrogate pair without the other half: this is no valid UTF-16"},
    {AnomalyKind::kLevelMismatch, "G5-level-mismatch", Verdict::kViolation,
     "the union says level 7 and Level says 3; they must be equal. Decoded as the union says"},
    {AnomalyKind::kCountMismatch, "G5-count-mismatch", Verdict::kViolation,
     "the array holds 7 entries and EntriesRead says 3; they must be equal"},
    {AnomalyKind::kNullBuffer, "G5-null-buffer", Verdict::kViolation, "EntriesRead says 7 and there is no array"},
    {AnomalyKind::kTrailingBytes, "G5-trailing-bytes", Verdict::kAdvisory,
     "7 bytes follow the last parameter: receivers ignore them, so they can carry anything"},
    {AnomalyKind::kBadTrailer, "G5-bad-trailer", Verdict::kAdvisory,
     "a verification trailer stands after the last parameter and is not well-formed"},
    {AnomalyKind::kNdr64BigEndian, "G5-ndr64-big-endian", Verdict::kAdvisory,
     "NDR64 in big-endian byte order; the specification knows NDR64 in little-endian only"},
}};

Anomaly AnomalyOf(AnomalyKind kind) { return {kind, {40, 12}, {"cname", 4}, 7, 3, 2}; }

StubReport ReportOf(const std::vector<AnomalyKind>& kinds) {
  StubReport report;
  for (const AnomalyKind kind : kinds) report.anomalies.Add(AnomalyOf(kind));
  return report;
}

// What judging one report amounts to.
struct Judged {
  std::vector<Finding> findings;
  VerdictCounts counts{};

  [[nodiscard]] std::uint64_t count(Verdict verdict) const { return counts[static_cast<std::size_t>(verdict)]; }
  [[nodiscard]] std::uint64_t sum() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) sum += count;
    return sum;
  }
};

Judged JudgeForm(const StubReport& report, Direction message = Direction::kToClient, bool complete = true,
                 Telling telling = Telling::kNotable) {
  Judged judged;
  JudgeWellFormed(report, message, complete, telling, judged.findings, judged.counts);
  return judged;
}

TEST(WellFormedTest, EachAnomalyIsAFindingOfItsOwnRule) {
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.rule);
    for (const Direction message : {Direction::kToServer, Direction::kToClient}) {
      const Judged judged = JudgeForm(ReportOf({expected.kind}), message, true, Telling::kAll);
      ASSERT_EQ(judged.findings.size(), expected.verdict == Verdict::kViolation ? 1U : 2U);
      const Finding& finding = judged.findings.front();
      EXPECT_EQ(finding.rule, expected.rule);
      EXPECT_EQ(finding.verdict, expected.verdict);
      EXPECT_EQ(finding.message, message);
      EXPECT_EQ(finding.party(), message == Direction::kToServer ? "client" : "server");
      EXPECT_EQ(FieldPath(finding), message == Direction::kToServer ? "request.container.sessions[4].cname"
                                                                    : "response.container.sessions[4].cname");
      EXPECT_EQ(Message(finding), expected.message);
      EXPECT_EQ(finding.where, (Extent{40, 12}));
      EXPECT_EQ(finding.times, 2U);
      EXPECT_EQ(finding.frame, 0U) << "a report knows no packets";
    }
  }
}

TEST(WellFormedTest, TheExpectationsAboveNameEveryKindOnce) {
  std::set<AnomalyKind> kinds;
  for (const Expected& expected : kExpected) kinds.insert(expected.kind);
  EXPECT_EQ(kinds.size(), kAnomalyNames.size());
}

TEST(WellFormedTest, EveryRuleHasAnIdOfG5AndAMessageWithKnownPlaceholders) {
  std::set<std::string_view> ids;
  for (const WellFormedRule& rule : WellFormedRules()) {
    EXPECT_EQ(rule.id, "G5-" + std::string(Name(rule.kind)));
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    std::string rest(rule.message);
    EXPECT_FALSE(rule.title.empty());
    EXPECT_FALSE(rule.section.empty());
    for (const std::string_view name : {"{seen}", "{expected}", "{times}"}) {
      for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name)) rest.erase(at, name.size());
    }
    EXPECT_EQ(rest.find_first_of("{}"), std::string::npos) << rule.message;
    EXPECT_FALSE(rest.empty());
  }
}

TEST(WellFormedTest, ASoundStubIsOnePass) {
  const Judged judged = JudgeForm({});
  EXPECT_TRUE(judged.findings.empty());
  EXPECT_EQ(judged.count(Verdict::kPass), 1U);
  EXPECT_EQ(judged.sum(), 1U);
}

TEST(WellFormedTest, AnAdvisoryDoesNotTakeThePassAway) {
  const Judged judged = JudgeForm(ReportOf({AnomalyKind::kTrailingBytes, AnomalyKind::kMaxAboveActual}));
  EXPECT_EQ(judged.count(Verdict::kAdvisory), 2U);
  EXPECT_EQ(judged.count(Verdict::kPass), 1U);
  EXPECT_EQ(judged.sum(), 3U);
}

TEST(WellFormedTest, WhatIsAllowedIsToldOnRequestAlone) {
  const StubReport report = ReportOf({AnomalyKind::kPadding, AnomalyKind::kRepeatedReferent});
  const Judged judged = JudgeForm(report);
  EXPECT_TRUE(judged.findings.empty());
  EXPECT_EQ(judged.count(Verdict::kPass), 1U);
  EXPECT_EQ(judged.sum(), 1U);
  const Judged all = JudgeForm(report, Direction::kToClient, true, Telling::kAll);
  ASSERT_EQ(all.findings.size(), 3U);
  EXPECT_EQ(all.findings[2].rule, "G5");
  EXPECT_EQ(Message(all.findings[2]), "the stub is well-formed");
  EXPECT_EQ(all.counts, judged.counts);
}

TEST(WellFormedTest, AViolationTakesThePassAway) {
  const Judged judged =
      JudgeForm(ReportOf({AnomalyKind::kStringOffset, AnomalyKind::kUnterminated, AnomalyKind::kTrailingBytes}));
  EXPECT_EQ(judged.findings.size(), 3U);
  EXPECT_EQ(judged.count(Verdict::kViolation), 2U);
  EXPECT_EQ(judged.count(Verdict::kAdvisory), 1U);
  EXPECT_EQ(judged.count(Verdict::kPass), 0U);
  EXPECT_EQ(judged.sum(), 3U);
}

TEST(WellFormedTest, TheEndOfAnIncompleteStubSaysNothing) {
  const Judged judged =
      JudgeForm(ReportOf({AnomalyKind::kTruncated, AnomalyKind::kTrailingBytes}), Direction::kToClient,
                /*complete=*/false);
  EXPECT_TRUE(judged.findings.empty());
  EXPECT_EQ(judged.count(Verdict::kUndecided), 1U);
  EXPECT_EQ(judged.sum(), 1U);
}

TEST(WellFormedTest, WhatIsBrokenInAnIncompleteStubIsBroken) {
  const Judged judged = JudgeForm(ReportOf({AnomalyKind::kUnterminated, AnomalyKind::kTruncated}), Direction::kToServer,
                                  /*complete=*/false);
  ASSERT_EQ(judged.findings.size(), 1U);
  EXPECT_EQ(judged.findings.front().rule, "G5-unterminated");
  EXPECT_EQ(judged.count(Verdict::kViolation), 1U);
  EXPECT_EQ(judged.count(Verdict::kUndecided), 0U);
}

TEST(WellFormedTest, AnAdvisoryInAnIncompleteStubLeavesItUndecided) {
  const Judged judged = JudgeForm(ReportOf({AnomalyKind::kMaxAboveActual}), Direction::kToServer, /*complete=*/false);
  EXPECT_EQ(judged.findings.size(), 1U);
  EXPECT_EQ(judged.count(Verdict::kAdvisory), 1U);
  EXPECT_EQ(judged.count(Verdict::kUndecided), 1U);
  EXPECT_EQ(judged.count(Verdict::kPass), 0U);
}

TEST(WellFormedTest, FindingsAndCountsAreAddedToWhatWasThere) {
  Judged judged = JudgeForm(ReportOf({AnomalyKind::kUnterminated}), Direction::kToServer);
  JudgeWellFormed(ReportOf({AnomalyKind::kNullBuffer}), Direction::kToClient, true, Telling::kNotable, judged.findings,
                  judged.counts);
  ASSERT_EQ(judged.findings.size(), 2U);
  EXPECT_EQ(judged.findings[0].party(), "client");
  EXPECT_EQ(judged.findings[1].party(), "server");
  EXPECT_EQ(judged.count(Verdict::kViolation), 2U);
}

}  // namespace
}  // namespace sessenum
