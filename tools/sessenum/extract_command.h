// `sessenum extract`: the stubs and PDUs of captures as files.
#ifndef SESSENUM_TOOLS_SESSENUM_EXTRACT_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_EXTRACT_COMMAND_H_

#include <string>

#include "capture_run.h"
#include "exit_status.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct ExtractOptions {
  CaptureOptions captures;
  std::string directory;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus Extract(const ExtractOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_EXTRACT_COMMAND_H_
