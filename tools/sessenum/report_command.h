// `sessenum report`: captures in, one HTML page out.
#ifndef SESSENUM_TOOLS_SESSENUM_REPORT_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_REPORT_COMMAND_H_

#include <string>

#include "capture_run.h"
#include "exit_status.h"
#include "judge_options.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct ReportOptions {
  CaptureOptions captures;
  VerdictOptions verdicts;
  std::string output = "-";
  std::string title;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus WriteReport(const ReportOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_REPORT_COMMAND_H_
