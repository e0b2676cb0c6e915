// Judges the calls of a run.
#ifndef SESSENUM_REPLAY_CALL_JUDGE_H_
#define SESSENUM_REPLAY_CALL_JUDGE_H_

#include "base/limits.h"
#include "replay/call.h"
#include "rules/judge.h"

namespace sessenum {

// What the rules need to know of `call`, which must outlive the facts.
[[nodiscard]] CallFacts FactsOf(const Call& call);

// Hands each call to the rules and gives each finding its packet. Calls must come in the order of their first packets.
class CallJudge {
 public:
  // `budget` must outlive it.
  CallJudge(Budget& budget, const JudgeOptions& options) : judge_(budget, options) {}

  void Examine(Call& call, VerdictCounts& counts);

 private:
  Judge judge_;
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CALL_JUDGE_H_
