#include "completion_command.h"

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "command_model.h"
#include "output_stream.h"

namespace sessenum::tool {
namespace {

std::string Join(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : between).append(word);
  return out;
}

// `text` with `before` put before each of `characters`.
std::string Escaped(std::string_view text, std::string_view characters, std::string_view before) {
  std::string out;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) out.append(before);
    out.push_back(c);
  }
  return out;
}

// bash: a case for what stands before the word, one for the command; both set what the word may be.

std::string BashChoice(const OptionModel& option) {
  switch (option.argument) {
    case Argument::kOneOf:
      return "words='" + Join(option.values, " ") + "'";
    case Argument::kFile:
      return "paths=default";
    case Argument::kFolder:
      return "paths=dirnames";
    case Argument::kNone:
    case Argument::kOther:
      return ":";
  }
  return ":";
}

std::string BashOptions(const CommandModel& command) {
  std::vector<std::string> names;
  for (const OptionModel& option : command.options) names.push_back(Join(option.names, " "));
  return Join(names, " ");
}

std::string Bash(const CommandModel& program, const std::vector<CommandModel>& commands) {
  std::string out = R"(# bash completion for sessenum, by `sessenum completion bash`
_sessenum() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= words= paths=
  # --option=value comes as three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  ((COMP_CWORD == 1)) || command=${COMP_WORDS[1]}
  case "$command $before $word" in
)";
  const auto add = [&out](const std::string& pattern, const std::string& choice) {
    out.append("    ").append(pattern).append(") ").append(choice).append(" ;;\n");
  };
  std::vector<std::string> names;
  for (const CommandModel& command : commands) {
    names.push_back(command.name);
    for (const OptionModel& option : command.options) {
      if (option.argument == Argument::kNone) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back("'" + command.name + " " + name + " '*");
      add(Join(patterns, " | "), BashChoice(option));
    }
    add("'" + command.name + " '*' -'*", "words='" + BashOptions(command) + "'");
    add("'" + command.name + " '*", BashChoice(command.positional));
  }
  add("' '*", "words='" + Join(names, " ") + " " + BashOptions(program) + "'");
  return out + R"(  esac
  [[ $paths == default ]] || compopt +o default
  [[ $paths != dirnames ]] || compopt -o dirnames
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _sessenum sessenum
)";
}

// zsh: specifications for _arguments.

std::string ZshQuoted(std::string_view text) { return "'" + Escaped(text, "'", R"('\')") + "'"; }

std::string ZshAction(const OptionModel& option) {
  switch (option.argument) {
    case Argument::kNone:
      return "";
    case Argument::kOneOf:
      return ":" + option.metavariable + ":(" + Join(option.values, " ") + ")";
    case Argument::kFile:
      return ":" + option.metavariable + ":_files";
    case Argument::kFolder:
      return ":" + option.metavariable + ":_files -/";
    case Argument::kOther:
      return ":" + option.metavariable + ": ";
  }
  return "";
}

// How a value follows the option: "--to=DIR" or "--to DIR", "-oFILE" or "-o FILE".
std::string_view ZshJoint(const OptionModel& option, const std::string& name) {
  if (option.argument == Argument::kNone) return "";
  return name.starts_with("--") ? "=" : "+";
}

std::string ZshOptions(const CommandModel& command, std::string_view indent) {
  std::string out;
  for (const OptionModel& option : command.options) {
    for (const std::string& name : option.names) {
      out.append(" \\\n").append(indent);
      out += ZshQuoted("(" + Join(option.names, " ") + ")" + name + std::string(ZshJoint(option, name)) + "[" +
                       Escaped(option.description, "[]\\", "\\") + "]" + ZshAction(option));
    }
  }
  return out;
}

std::string Zsh(const CommandModel& program, const std::vector<CommandModel>& commands) {
  std::string out =
      "#compdef sessenum\n"
      "# zsh completion for sessenum, by `sessenum completion zsh`\n"
      "_sessenum() {\n"
      "  local curcontext=$curcontext state line\n"
      "  typeset -A opt_args\n"
      "  local -a commands=(\n";
  for (const CommandModel& command : commands) {
    out.append("    ").append(ZshQuoted(command.name + ":" + Escaped(command.description, ":\\", "\\"))).append("\n");
  }
  out += "  )\n  _arguments -C";
  out += ZshOptions(program, "    ");
  out +=
      " \\\n"
      "    '1: :->command' '*:: :->argument' && return\n"
      "  case $state in\n"
      "    command) _describe -t commands command commands ;;\n"
      "    argument)\n"
      "      case $words[1] in\n";
  for (const CommandModel& command : commands) {
    out.append("        ").append(command.name).append(")\n          _arguments");
    out += ZshOptions(command, "            ");
    if (command.positional.argument != Argument::kNone) {
      out.append(" \\\n            ").append(ZshQuoted("*" + ZshAction(command.positional)));
    }
    out += " ;;\n";
  }
  return out +
         "      esac ;;\n"
         "  esac\n"
         "}\n"
         "# Loaded as a function it is called; sourced it makes itself known.\n"
         "if [[ $funcstack[1] == _sessenum ]]; then _sessenum \"$@\"; else compdef _sessenum sessenum; fi\n";
}

// fish: a line for each.

std::string FishQuoted(std::string_view text) { return "'" + Escaped(text, "'\\", "\\") + "'"; }

std::string FishArgument(const OptionModel& option) {
  switch (option.argument) {
    case Argument::kNone:
      return "";
    case Argument::kOneOf:
      return " -x -a " + FishQuoted(Join(option.values, " "));
    case Argument::kFile:
      return " -r -F";
    case Argument::kFolder:
      return " -x -a '(__fish_complete_directories)'";
    case Argument::kOther:
      return " -x";
  }
  return "";
}

void AppendFish(const CommandModel& command, const std::string& condition, std::string& out) {
  const std::string start = "complete -c sessenum -n " + FishQuoted(condition);
  for (const OptionModel& option : command.options) {
    out += start;
    for (const std::string& name : option.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    out += FishArgument(option) + " -d " + FishQuoted(option.description) + "\n";
  }
  if (command.positional.argument != Argument::kNone) out += start + FishArgument(command.positional) + "\n";
}

std::string Fish(const CommandModel& program, const std::vector<CommandModel>& commands) {
  std::string out =
      "# fish completion for sessenum, by `sessenum completion fish`\n"
      "complete -c sessenum -f\n";
  AppendFish(program, "__fish_use_subcommand", out);
  for (const CommandModel& command : commands) {
    out += "complete -c sessenum -n __fish_use_subcommand -a " + command.name + " -d ";
    out += FishQuoted(command.description) + "\n";
    AppendFish(command, "__fish_seen_subcommand_from " + command.name, out);
  }
  return out;
}

std::string Completion(Shell shell, const CommandModel& program, const std::vector<CommandModel>& commands) {
  switch (shell) {
    case Shell::kBash:
      return Bash(program, commands);
    case Shell::kZsh:
      return Zsh(program, commands);
    case Shell::kFish:
      return Fish(program, commands);
  }
  return "";
}

}  // namespace

void CompletionOptions::AddTo(CLI::App& command) {
  static const std::map<std::string, Shell> shells = {
      {"bash", Shell::kBash}, {"zsh", Shell::kZsh}, {"fish", Shell::kFish}};
  command.add_option("shell", shell, "bash, zsh or fish")
      ->required()
      ->transform(CLI::CheckedTransformer(shells))
      ->option_text("SHELL");
}

ExitStatus PrintCompletion(const CompletionOptions& options, const CLI::App& app) {
  const std::unique_ptr<OutputStream> out = OutputStream::Open({}, {});
  if (out == nullptr) return ExitStatus::kFailed;
  static_cast<void>(out->Write(Completion(options.shell, ModelOf(app), CommandsOf(app))));
  return out->Close() ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace sessenum::tool
