// Judges calls by the whole catalogue.
#ifndef SESSENUM_RULES_JUDGE_H_
#define SESSENUM_RULES_JUDGE_H_

#include <span>
#include <vector>

#include "base/limits.h"
#include "rules/call_facts.h"
#include "rules/catalogue.h"
#include "rules/finding.h"
#include "rules/history.h"

namespace sessenum {

struct JudgeOptions {
  Telling telling = Telling::kNotable;
  Thresholds thresholds;
};

// Judges the calls of one capture, in the order of their first packets.
class Judge {
 public:
  // `budget` and `rules` must outlive the judge.
  Judge(Budget& budget, const JudgeOptions& options, std::span<const Rule> rules = Catalogue())
      : options_(options), rules_(rules), history_(budget) {}

  // Appends the findings and counts every verdict: one for each rule that can be judged, and one for each stub's form
  // (or each of its defects). `call.past`, `.family` and `.thresholds` are filled in here. Findings have no frame yet.
  void Examine(CallFacts call, std::vector<Finding>& findings, VerdictCounts& counts);

 private:
  JudgeOptions options_;
  std::span<const Rule> rules_;
  CallHistory history_;
};

// What a check found, as a finding of its rule; without a frame.
[[nodiscard]] Finding ToFinding(const Rule& rule, const Ruling& ruling);

}  // namespace sessenum

#endif  // SESSENUM_RULES_JUDGE_H_
