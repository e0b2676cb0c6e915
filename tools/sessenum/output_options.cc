#include "output_options.h"

#include <CLI/CLI.hpp>
#include <map>

namespace sessenum::tool {
namespace {

const std::map<std::string, Color>& Colors() {
  static const std::map<std::string, Color> colors = {
      {"auto", Color::kAuto}, {"always", Color::kAlways}, {"never", Color::kNever}};
  return colors;
}

const std::map<std::string, FailOn>& FailOns() {
  static const std::map<std::string, FailOn> grades = {{"violation", FailOn::kViolation},
                                                       {"known", FailOn::kKnown},
                                                       {"advisory", FailOn::kAdvisory},
                                                       {"never", FailOn::kNever}};
  return grades;
}

}  // namespace

void OutputOptions::AddTo(CLI::App& command) {
  command.add_option("-o,--output", output, "Where output goes; - is standard output")->option_text("FILE [-]");
  command.add_option("--color", color, "Colours in text: auto, always or never (NO_COLOR is heeded)")
      ->transform(CLI::CheckedTransformer(Colors()))
      ->option_text("WHEN [auto]");
  command
      .add_option("--fail-on", fail_on, "Exit with 1 where a verdict is this bad: violation, known, advisory or never")
      ->transform(CLI::CheckedTransformer(FailOns()))
      ->option_text("VERDICT [never]");
}

bool MustFail(FailOn fail_on, const VerdictCounts& verdicts) {
  const auto any = [&verdicts](Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)] != 0; };
  switch (fail_on) {
    case FailOn::kNever:
      return false;
    case FailOn::kViolation:
      return any(Verdict::kViolation);
    case FailOn::kKnown:
      return any(Verdict::kViolation) || any(Verdict::kKnown);
    case FailOn::kAdvisory:
      return any(Verdict::kViolation) || any(Verdict::kKnown) || any(Verdict::kAdvisory);
  }
  return false;
}

}  // namespace sessenum::tool
