// `sessenum rules` and `sessenum explain`: the catalogue.
#ifndef SESSENUM_TOOLS_SESSENUM_RULES_COMMAND_H_
#define SESSENUM_TOOLS_SESSENUM_RULES_COMMAND_H_

#include <cstdint>
#include <string>

#include "exit_status.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

enum class RulesFormat : std::uint8_t { kText, kNdjson, kMarkdown };

struct RulesOptions {
  RulesFormat format = RulesFormat::kText;

  void AddTo(CLI::App& command);
};

struct ExplainOptions {
  std::string rule;

  void AddTo(CLI::App& command);
};

[[nodiscard]] ExitStatus ListRules(const RulesOptions& options);
[[nodiscard]] ExitStatus Explain(const ExplainOptions& options);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_RULES_COMMAND_H_
