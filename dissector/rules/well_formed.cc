#include "rules/well_formed.h"

#include <algorithm>
#include <array>

namespace sessenum {
namespace {

constexpr std::array<WellFormedRule, kAnomalyNames.size()> kRules = {{
    {AnomalyKind::kTruncated, "G5-truncated", "C706 14", "The stub has all the bytes that its counts announce",
     Verdict::kViolation, "the stub ends here: {expected} more bytes are announced and {seen} are left"},
    {AnomalyKind::kImpossibleCount, "G5-impossible-count", "MS-RPCE 3.1.1.5.3.2.2", "No count is above 2,147,483,647",
     Verdict::kViolation, "a count of {seen}; no receiver takes one above {expected}"},
    {AnomalyKind::kUnknownElements, "G5-unknown-elements", "MS-SRVS 2.2.4.21",
     "An array stands under a level that exists", Verdict::kViolation,
     "an array under a level that does not exist: nothing says how long its elements are"},
    {AnomalyKind::kTooManySessions, "G5-too-many-sessions", "no specification: a limit of this program",
     "The response has no more sessions than are decoded", Verdict::kAdvisory,
     "more sessions than are decoded from one response; what follows was not looked at"},
    {AnomalyKind::kPadding, "G5-padding", "C706 14.2.2", "Alignment bytes may be anything", Verdict::kPass,
     "alignment bytes are not zero ({times}x): allowed, and a mark of the software that wrote them"},
    {AnomalyKind::kRepeatedReferent, "G5-repeated-referent", "C706 14.3.10", "Unique pointers may share an id",
     Verdict::kPass,
     "pointer id {seen} stands for several values (again {times}x): allowed, and a mark of the software that wrote it"},
    {AnomalyKind::kMaxAboveActual, "G5-max-above-actual", "C706 14.3.4.2", "A string may have more room than it uses",
     Verdict::kAdvisory, "the string has room for {seen} units and sends {expected}: allowed, and unusual"},
    {AnomalyKind::kActualAboveMax, "G5-actual-above-max", "C706 14.3.4.2",
     "A string is not longer than its own maximum", Verdict::kViolation,
     "the string sends {seen} units, more than the {expected} it has room for"},
    {AnomalyKind::kStringOffset, "G5-string-offset", "MS-RPCE 3.1.1.5.3.4", "A string starts at offset 0",
     Verdict::kViolation, "the string starts at offset {seen}; it must start at {expected}"},
    {AnomalyKind::kZeroActualCount, "G5-zero-actual-count", "C706 14.3.4.2", "A string has at least its terminator",
     Verdict::kViolation, "the string sends no unit at all; even an empty one has its terminator"},
    {AnomalyKind::kUnterminated, "G5-unterminated", "C706 14.3.4, MS-SRVS 3.1.4.5", "A string ends with NUL",
     Verdict::kViolation, "the string's last unit is {seen}; it must be the terminator, 0"},
    {AnomalyKind::kEmbeddedNul, "G5-embedded-nul", "C706 14.3.4", "A string has no NUL before its end",
     Verdict::kAdvisory,
     "the string goes on after a NUL at unit {seen}: many receivers stop there and never see the rest"},
    {AnomalyKind::kUnpairedSurrogate, "G5-unpaired-surrogate", "MS-SRVS 3.1.4.5", "A string is valid UTF-16",
     Verdict::kAdvisory, "the unit {seen} is half of a surrogate pair without the other half: this is no valid UTF-16"},
    {AnomalyKind::kLevelMismatch, "G5-level-mismatch", "C706 14.3.8", "The union has the level that Level says",
     Verdict::kViolation,
     "the union says level {seen} and Level says {expected}; they must be equal. Decoded as the union says"},
    {AnomalyKind::kCountMismatch, "G5-count-mismatch", "MS-RPCE 3.1.1.5.3.1",
     "The array has as many entries as EntriesRead says", Verdict::kViolation,
     "the array holds {seen} entries and EntriesRead says {expected}; they must be equal"},
    {AnomalyKind::kNullBuffer, "G5-null-buffer", "MS-SRVS 2.2.4.16 to 2.2.4.20", "Entries that are counted are there",
     Verdict::kViolation, "EntriesRead says {seen} and there is no array"},
    {AnomalyKind::kTrailingBytes, "G5-trailing-bytes", "C706 14", "Nothing follows the last parameter",
     Verdict::kAdvisory, "{seen} bytes follow the last parameter: receivers ignore them, so they can carry anything"},
    {AnomalyKind::kBadTrailer, "G5-bad-trailer", "MS-RPCE 2.2.2.13", "A verification trailer is well-formed",
     Verdict::kAdvisory, "a verification trailer stands after the last parameter and is not well-formed"},
    {AnomalyKind::kNdr64BigEndian, "G5-ndr64-big-endian", "MS-RPCE 2.2.5", "NDR64 is little-endian", Verdict::kAdvisory,
     "NDR64 in big-endian byte order; the specification knows NDR64 in little-endian only"},
}};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (kRules[i].kind != static_cast<AnomalyKind>(i) || kRules[i].id.substr(3) != kAnomalyNames[i]) return false;
  }
  return true;
}
static_assert(InOrder(), "one rule for each kind of anomaly, in the order of the kinds");

constexpr std::string_view kForm = "G5";

// What an incomplete stub cannot tell: where it ends.
bool IsAboutTheEnd(AnomalyKind kind) { return kind == AnomalyKind::kTruncated || kind == AnomalyKind::kTrailingBytes; }

Finding ToFinding(const Anomaly& anomaly, Direction message) {
  const WellFormedRule& rule = kRules[static_cast<std::size_t>(anomaly.kind)];
  Finding finding;
  finding.rule = rule.id;
  finding.verdict = rule.verdict;
  finding.message = message;
  finding.text = rule.message;
  finding.field = anomaly.field;
  finding.where = anomaly.where;
  finding.seen = anomaly.seen;
  finding.expected = anomaly.expected;
  finding.times = anomaly.times;
  return finding;
}

}  // namespace

std::span<const WellFormedRule> WellFormedRules() { return kRules; }

void JudgeWellFormed(const StubReport& report, Direction message, bool complete, Telling telling,
                     std::vector<Finding>& findings, VerdictCounts& counts) {
  bool broken = false;
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    if (!complete && IsAboutTheEnd(anomaly.kind)) continue;
    const Finding finding = ToFinding(anomaly, message);
    broken = broken || finding.verdict == Verdict::kViolation;
    // What is merely allowed is no verdict of its own.
    if (finding.verdict != Verdict::kPass) ++counts[static_cast<std::size_t>(finding.verdict)];
    if (IsTold(finding.verdict, telling)) findings.push_back(finding);
  }
  if (broken) return;
  Finding form;
  form.rule = kForm;
  // What was not decoded, or not kept, was not looked at.
  const bool looked = complete && report.anomalies.dropped() == 0 && report.status.code != Errc::kLimit;
  form.verdict = looked ? Verdict::kPass : Verdict::kUndecided;
  form.message = message;
  form.text = looked ? "the stub is well-formed" : "as far as it was looked at the stub is well-formed";
  form.where = {0, report.consumed};
  ++counts[static_cast<std::size_t>(form.verdict)];
  if (IsTold(form.verdict, telling)) findings.push_back(form);
}

}  // namespace sessenum
