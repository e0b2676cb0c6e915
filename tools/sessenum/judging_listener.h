// Judges calls where they are told, so that the thread that takes the capture apart need not.
#ifndef SESSENUM_TOOLS_SESSENUM_JUDGING_LISTENER_H_
#define SESSENUM_TOOLS_SESSENUM_JUDGING_LISTENER_H_

#include <optional>

#include "base/limits.h"
#include "capture_run.h"
#include "replay/call_judge.h"

namespace sessenum::tool {

// Each capture is judged for itself.
class JudgingListener {
 public:
  // All must outlive it.
  JudgingListener(const CaptureListener& to, const Limits& limits, const JudgeOptions& options)
      : to_(to), limits_(limits), options_(options) {}

  // Takes calls that were not judged and summaries without verdicts; `to` gets both whole.
  [[nodiscard]] CaptureListener Listener();
  // Of all that was judged, also of a capture whose end was not told; nothing but verdicts and limits.
  [[nodiscard]] Summary verdicts() const;

 private:
  // Of one capture.
  struct Judging {
    Judging(const Limits& limits, const JudgeOptions& options) : budget(limits), judge(budget, options) {}
    [[nodiscard]] Summary Verdicts() const;

    Budget budget;
    CallJudge judge;
    VerdictCounts verdicts{};
  };

  const CaptureListener& to_;
  const Limits& limits_;
  const JudgeOptions& options_;
  std::optional<Judging> judging_;
  Summary verdicts_;  // of the captures that have ended
};

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_JUDGING_LISTENER_H_
