#include "command_model.h"

#include <CLI/CLI.hpp>
#include <sstream>
#include <string_view>

namespace sessenum::tool {
namespace {

// What validators admit stands in the type's name: "ENUM:value in {ndjson->1,text->0} OR {1,0}".
std::vector<std::string> ValuesIn(const std::string& type_name) {
  std::vector<std::string> values;
  const std::size_t begin = type_name.find('{');
  if (begin == std::string::npos) return values;
  std::istringstream list(type_name.substr(begin + 1, type_name.find('}', begin) - begin - 1));
  for (std::string item; std::getline(list, item, ',');) values.push_back(item.substr(0, item.find("->")));
  return values;
}

Argument ArgumentCalled(std::string_view metavariable) {
  if (metavariable.starts_with("FILE")) return Argument::kFile;
  return metavariable.starts_with("DIR") ? Argument::kFolder : Argument::kOther;
}

OptionModel ModelOf(const CLI::Option& option) {
  OptionModel model;
  for (const std::string& name : option.get_snames()) model.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) model.names.push_back("--" + name);
  model.description = option.get_description();
  if (option.get_items_expected_max() == 0) return model;
  const std::string& text = option.get_option_text();  // "FORMAT [text]"
  model.metavariable = text.substr(0, text.find(' '));
  model.values = ValuesIn(option.get_type_name());
  model.argument = model.values.empty() ? ArgumentCalled(model.metavariable) : Argument::kOneOf;
  return model;
}

}  // namespace

CommandModel ModelOf(const CLI::App& command) {
  CommandModel model{command.get_name(), command.get_description(), {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    OptionModel seen = ModelOf(*option);
    if (option->get_positional()) model.positional = seen;
    if (option->nonpositional()) model.options.push_back(std::move(seen));
  }
  return model;
}

std::vector<CommandModel> CommandsOf(const CLI::App& app) {
  std::vector<CommandModel> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* /*any*/) { return true; })) {
    commands.push_back(ModelOf(*command));
  }
  return commands;
}

}  // namespace sessenum::tool
