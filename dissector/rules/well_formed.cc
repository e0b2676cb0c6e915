#include "rules/well_formed.h"

#include <algorithm>
#include <array>

namespace sessenum {
namespace {

constexpr std::array<WellFormedRule, kAnomalyNames.size()> kRules = {{
    {AnomalyKind::kTruncated, "G5-truncated", Verdict::kViolation,
     "the stub ends here: {expected} more bytes are announced and {seen} are left"},
    {AnomalyKind::kImpossibleCount, "G5-impossible-count", Verdict::kViolation,
     "a count of {seen}; no receiver takes one above {expected}"},
    {AnomalyKind::kUnknownElements, "G5-unknown-elements", Verdict::kViolation,
     "an array under a level that does not exist: nothing says how long its elements are"},
    {AnomalyKind::kTooManySessions, "G5-too-many-sessions", Verdict::kUndecided,
     "more sessions than are decoded from one response; what follows was not looked at"},
    {AnomalyKind::kPadding, "G5-padding", Verdict::kAdvisory,
     "alignment bytes are not zero ({times}x): allowed, and a mark of the software that wrote them"},
    {AnomalyKind::kRepeatedReferent, "G5-repeated-referent", Verdict::kAdvisory,
     "pointer id {seen} stands for several values (again {times}x): allowed, and a mark of the software that "
     "wrote "
     "it"},
    {AnomalyKind::kMaxAboveActual, "G5-max-above-actual", Verdict::kAdvisory,
     "the string has room for {seen} units and sends {expected}: allowed, and unusual"},
    {AnomalyKind::kActualAboveMax, "G5-actual-above-max", Verdict::kViolation,
     "the string sends {seen} units, more than the {expected} it has room for"},
    {AnomalyKind::kStringOffset, "G5-string-offset", Verdict::kViolation,
     "the string starts at offset {seen}; it must start at {expected}"},
    {AnomalyKind::kZeroActualCount, "G5-zero-actual-count", Verdict::kViolation,
     "the string sends no unit at all; even an empty one has its terminator"},
    {AnomalyKind::kUnterminated, "G5-unterminated", Verdict::kViolation,
     "the string's last unit is {seen}; it must be the terminator, 0"},
    {AnomalyKind::kEmbeddedNul, "G5-embedded-nul", Verdict::kAdvisory,
     "the string goes on after a NUL at unit {seen}: many receivers stop there and never see the rest"},
    {AnomalyKind::kUnpairedSurrogate, "G5-unpaired-surrogate", Verdict::kAdvisory,
     "unit {seen} is half of a surrogate pair without the other half: this is no valid UTF-16"},
    {AnomalyKind::kLevelMismatch, "G5-level-mismatch", Verdict::kViolation,
     "the union says level {seen} and Level says {expected}; they must be equal. Decoded as the union says"},
    {AnomalyKind::kCountMismatch, "G5-count-mismatch", Verdict::kViolation,
     "the array holds {seen} entries and EntriesRead says {expected}; they must be equal"},
    {AnomalyKind::kNullBuffer, "G5-null-buffer", Verdict::kViolation, "EntriesRead says {seen} and there is no array"},
    {AnomalyKind::kTrailingBytes, "G5-trailing-bytes", Verdict::kAdvisory,
     "{seen} bytes follow the last parameter: receivers ignore them, so they can carry anything"},
    {AnomalyKind::kBadTrailer, "G5-bad-trailer", Verdict::kAdvisory,
     "a verification trailer stands after the last parameter and is not well-formed"},
    {AnomalyKind::kNdr64BigEndian, "G5-ndr64-big-endian", Verdict::kAdvisory,
     "NDR64 in big-endian byte order; the specification knows NDR64 in little-endian only"},
}};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (kRules[i].kind != static_cast<AnomalyKind>(i) || kRules[i].id.substr(3) != kAnomalyNames[i]) return false;
  }
  return true;
}
static_assert(InOrder(), "one rule for each kind of anomaly, in the order of the kinds");

// What an incomplete stub cannot tell: where it ends.
bool IsAboutTheEnd(AnomalyKind kind) { return kind == AnomalyKind::kTruncated || kind == AnomalyKind::kTrailingBytes; }

Finding ToFinding(const Anomaly& anomaly, Direction message) {
  const WellFormedRule& rule = kRules[static_cast<std::size_t>(anomaly.kind)];
  return {rule.id,          rule.verdict,  message, anomaly.field, anomaly.where, anomaly.seen,
          anomaly.expected, anomaly.times, 0};
}

}  // namespace

std::span<const WellFormedRule> WellFormedRules() { return kRules; }

void JudgeWellFormed(const StubReport& report, Direction message, bool complete, std::vector<Finding>& findings,
                     VerdictCounts& counts) {
  bool broken = false;
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    if (!complete && IsAboutTheEnd(anomaly.kind)) continue;
    const Finding finding = ToFinding(anomaly, message);
    broken = broken || finding.verdict == Verdict::kViolation;
    ++counts[static_cast<std::size_t>(finding.verdict)];
    findings.push_back(finding);
  }
  if (!broken) ++counts[static_cast<std::size_t>(complete ? Verdict::kPass : Verdict::kUndecided)];
}

}  // namespace sessenum
