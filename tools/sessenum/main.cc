// The command line.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "completion_command.h"
#include "decode_command.h"
#include "exit_status.h"
#include "extract_command.h"
#include "output_stream.h"
#include "replay_command.h"
#include "report_command.h"
#include "rules_command.h"
#include "version.h"

namespace sessenum::tool {
namespace {

int Run(int argc, char** argv) {
  CLI::App app("Decodes every NetrSessionEnum call (MS-SRVS 3.1.4.5) in packet captures and judges it.", "sessenum");
  app.set_version_flag("--version", VersionText, "Print the version, and what it was built with");
  app.require_subcommand(1);

  ReplayOptions replay_options;
  CLI::App* replay = app.add_subcommand("replay", "Print the calls in captures, with findings");
  replay_options.AddTo(*replay);
  ReportOptions report_options;
  CLI::App* report = app.add_subcommand("report", "Write what captures hold as one HTML page");
  report_options.AddTo(*report);
  DecodeOptions decode_options;
  CLI::App* decode = app.add_subcommand("decode", "Decode one raw stub");
  decode_options.AddTo(*decode);
  ExtractOptions extract_options;
  CLI::App* extract = app.add_subcommand("extract", "Write the stubs and PDUs of captures to files");
  extract_options.AddTo(*extract);
  RulesOptions rules_options;
  CLI::App* rules = app.add_subcommand("rules", "List the rules that calls are judged by");
  rules_options.AddTo(*rules);
  ExplainOptions explain_options;
  CLI::App* explain = app.add_subcommand("explain", "Say what one rule asks, of whom, and what its verdicts mean");
  explain_options.AddTo(*explain);
  CompletionOptions completion_options;
  CLI::App* completion = app.add_subcommand("completion", "Print what a shell needs to complete command lines");
  completion_options.AddTo(*completion);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version end here too, with success.
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitStatus::kFailed);
  }
  ExitStatus status = ExitStatus::kDone;
  if (replay->parsed()) status = Replay(replay_options);
  if (report->parsed()) status = WriteReport(report_options);
  if (decode->parsed()) status = Decode(decode_options);
  if (extract->parsed()) status = Extract(extract_options);
  if (rules->parsed()) status = ListRules(rules_options);
  if (explain->parsed()) status = Explain(explain_options);
  if (completion->parsed()) status = PrintCompletion(completion_options, app);
  return static_cast<int>(status);
}

}  // namespace
}  // namespace sessenum::tool

int main(int argc, char** argv) {
  // A closed pipe shows as a failed write.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return sessenum::tool::Run(argc, argv);
  } catch (const std::exception& error) {
    sessenum::tool::PrintError(error.what());
    return static_cast<int>(sessenum::tool::ExitStatus::kFailed);
  }
}
