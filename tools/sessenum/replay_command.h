// `sessenum replay`: captures in, calls out.
#ifndef SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_

#include "capture_run.h"
#include "exit_status.h"
#include "format_output.h"
#include "judge_options.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct ReplayOptions {
  CaptureOptions captures;
  VerdictOptions verdicts;
  FormatOptions output;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus Replay(const ReplayOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_
