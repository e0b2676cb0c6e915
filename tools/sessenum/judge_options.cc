#include "judge_options.h"

#include <CLI/CLI.hpp>

namespace sessenum::tool {

void VerdictOptions::AddTo(CLI::App& command) {
  command.add_flag_callback(
      "--all-verdicts", [this] { judge.telling = Telling::kAll; },
      "Print every verdict, also of rules that nothing breaks");
}

void VerdictOptions::AddThresholdsTo(CLI::App& command) {
  Thresholds& at = judge.thresholds;
  const auto add = [&command](const char* name, std::uint32_t& value, const char* what, const char* text) {
    command.add_option(name, value, what)->check(CLI::Range(1U, 1'000U))->option_text(text)->group("Patterns");
  };
  add("--sweep-servers", at.sweep_servers, "Servers asked by one client that make a sweep (rule D1)", "N [5]");
  add("--repeats", at.repeats, "Calls by one client to one server that make a watch (rule D2)", "N [10]");
  add("--refusing-servers", at.refusing_servers, "Servers that refuse one client (rule D3)", "N [3]");
  command.add_option("--window", at.window_seconds, "Seconds within which all of that has to happen")
      ->check(CLI::Range(1U, 86'400U))
      ->option_text("SECONDS [300]")
      ->group("Patterns");
}

}  // namespace sessenum::tool
