// `sessenum replay`: captures in, calls out.
#ifndef SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "exit_status.h"
#include "judge_options.h"
#include "key_options.h"
#include "output_options.h"

namespace sessenum::tool {

struct ReplayOptions {
  std::vector<std::string> captures;
  KeyOptions keys;
  VerdictOptions verdicts;
  OutputOptions output;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus Replay(const ReplayOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_REPLAY_COMMAND_H_
