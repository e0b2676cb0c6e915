// The options that say what is judged, and how much is told of it.
#ifndef SESSENUM_TOOLS_SESSENUM_JUDGE_OPTIONS_H_
#define SESSENUM_TOOLS_SESSENUM_JUDGE_OPTIONS_H_

#include "rules/judge.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct VerdictOptions {
  JudgeOptions judge;

  // Registers --all-verdicts.
  void AddTo(CLI::App& command);
  // Registers the thresholds of the rules that look at patterns over a capture.
  void AddThresholdsTo(CLI::App& command);
};

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_JUDGE_OPTIONS_H_
