// G5: a stub is well-formed NDR (C706 chapter 14, MS-RPCE 3.1.1.5.3). One rule id for each kind of defect.
#ifndef SESSENUM_RULES_WELL_FORMED_H_
#define SESSENUM_RULES_WELL_FORMED_H_

#include <span>
#include <string_view>
#include <vector>

#include "base/duplex.h"
#include "ndr/anomaly.h"
#include "rules/finding.h"
#include "srvsvc/model.h"

namespace sessenum {

struct WellFormedRule {
  AnomalyKind kind = AnomalyKind::kTruncated;
  std::string_view id;
  std::string_view section;  // of the specification
  std::string_view title;
  Verdict verdict = Verdict::kAdvisory;  // where the anomaly is there
  // In the message, {seen}, {expected} and {times} stand for the anomaly's numbers.
  std::string_view message;
};

// One rule for each AnomalyKind, in its order.
[[nodiscard]] std::span<const WellFormedRule> WellFormedRules();

// Appends a finding for each anomaly of the stub that is to be told, and counts them; a stub that broke nothing counts
// as one pass. `complete`: the whole stub was captured; otherwise its end says nothing, and the rule is undecided
// unless broken.
void JudgeWellFormed(const StubReport& report, Direction message, bool complete, Telling telling,
                     std::vector<Finding>& findings, VerdictCounts& counts);

}  // namespace sessenum

#endif  // SESSENUM_RULES_WELL_FORMED_H_
