// The options that say where output goes and how it looks, the same for every command.
#ifndef SESSENUM_TOOLS_SESSENUM_OUTPUT_OPTIONS_H_
#define SESSENUM_TOOLS_SESSENUM_OUTPUT_OPTIONS_H_

#include <cstdint>
#include <string>

#include "rules/finding.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

enum class Color : std::uint8_t { kAuto, kAlways, kNever };
enum class FailOn : std::uint8_t { kViolation, kKnown, kAdvisory, kNever };

struct OutputOptions {
  Color color = Color::kAuto;
  FailOn fail_on = FailOn::kNever;
  std::string output = "-";  // a file's path; "-" is standard output

  // Registers --output, --color and --fail-on.
  void AddTo(CLI::App& command);
};

// Whether any verdict counted is one that --fail-on asks to fail for.
[[nodiscard]] bool MustFail(FailOn fail_on, const VerdictCounts& verdicts);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_OUTPUT_OPTIONS_H_
