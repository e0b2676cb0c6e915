// `sessenum completion`: what a shell needs to complete a command line.
#ifndef SESSENUM_TOOLS_SESSENUM_COMPLETION_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_COMPLETION_COMMAND_H_

#include <cstdint>

#include "exit_status.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

struct CompletionOptions {
  Shell shell = Shell::kBash;

  void AddTo(CLI::App& command);
};

// Prints it for the commands and options of `app`.
[[nodiscard]] ExitStatus PrintCompletion(const CompletionOptions& options, const CLI::App& app);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_COMPLETION_COMMAND_H_
