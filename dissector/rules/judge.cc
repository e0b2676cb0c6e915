#include "rules/judge.h"

#include "rules/well_formed.h"

namespace sessenum {
Finding ToFinding(const Rule& rule, const Ruling& ruling) {
  Finding finding;
  finding.rule = rule.id;
  finding.verdict = ruling.verdict;
  finding.message = rule.party == Party::kClient ? Direction::kToServer : Direction::kToClient;
  finding.text = rule.Meaning(ruling.verdict);
  finding.why = ruling.why;
  finding.field = ruling.field;
  finding.where = ruling.where;
  finding.seen = ruling.seen;
  finding.expected = ruling.expected;
  finding.times = ruling.times;
  finding.quoted = ruling.quoted;
  return finding;
}

void Judge::Examine(CallFacts call, std::vector<Finding>& findings, VerdictCounts& counts) {
  call.thresholds = options_.thresholds;
  if (call.request != nullptr) call.family = FamilyOf(*call.request, call.offer);
  call.past = history_.Recall(call);
  if (call.request != nullptr) {
    JudgeWellFormed(call.request->report, Direction::kToServer, call.request_whole, options_.telling, findings, counts);
  }
  if (call.response != nullptr) {
    JudgeWellFormed(call.response->report, Direction::kToClient, call.response_whole, options_.telling, findings,
                    counts);
  }
  for (const Rule& rule : rules_) {
    if (rule.check == nullptr) continue;
    const Ruling ruling = rule.check(call);
    ++counts[static_cast<std::size_t>(ruling.verdict)];
    if (IsTold(ruling.verdict, options_.telling)) findings.push_back(ToFinding(rule, ruling));
  }
  history_.Record(call);
}

}  // namespace sessenum
