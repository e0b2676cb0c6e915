// The command line as its parser knows it: commands, options, and what may stand behind an option.
#ifndef SESSENUM_TOOLS_SESSENUM_COMMAND_MODEL_H_
#define SESSENUM_TOOLS_SESSENUM_COMMAND_MODEL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sessenum::tool {

enum class Argument : std::uint8_t { kNone, kOneOf, kFile, kFolder, kOther };

struct OptionModel {
  std::vector<std::string> names;  // "-o", "--output"; none for an argument that goes by its place
  std::string description;
  Argument argument = Argument::kNone;
  std::string metavariable;         // "FORMAT"
  std::vector<std::string> values;  // of kOneOf
};

struct CommandModel {
  std::string name;
  std::string description;
  std::vector<OptionModel> options;
  OptionModel positional;  // the last where there are several; kNone where there is none
};

[[nodiscard]] CommandModel ModelOf(const CLI::App& command);
// The subcommands, in the order of --help.
[[nodiscard]] std::vector<CommandModel> CommandsOf(const CLI::App& app);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_COMMAND_MODEL_H_
