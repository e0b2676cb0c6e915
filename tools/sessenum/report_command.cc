#include "report_command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "output_options.h"
#include "output_stream.h"
#include "report/page.h"
#include "report/report.h"

namespace sessenum::tool {

void ReportOptions::AddTo(CLI::App& command) {
  captures.AddTo(command);
  captures.AddJobsTo(command);
  command.add_option("-o,--output", output, "Where the page goes; - is standard output")->option_text("FILE [-]");
  command.add_option("--title", title, "The page's title: the name of a case, say")->option_text("TEXT");
  verdicts.AddThresholdsTo(command);
}

ExitStatus WriteReport(const ReportOptions& options) {
  KeyStore keys;
  if (!Load(options.captures.keys, keys)) return ExitStatus::kFailed;
  OutputOptions output;
  output.output = options.output;
  const std::unique_ptr<OutputStream> out = OutputStream::Open(output, options.captures.Inputs());
  if (out == nullptr) return ExitStatus::kFailed;
  DissectorOptions dissector;
  if (options.captures.keys.given()) dissector.keys = &keys;
  dissector.judge = options.verdicts.judge;
  ReportBuilder builder;
  CaptureListener listener;
  listener.on_call = [&builder](const Call& call, const std::string& /*capture*/) {
    builder.Add(call);
    return true;
  };
  listener.on_end = [&builder](const std::string& name, const Summary& summary, const std::string& error) {
    builder.EndCapture(name, summary, error);
  };
  const CaptureOutcome outcome = ReadCaptures(options.captures, dissector, listener);
  std::string page;
  AppendPage(builder.report(), {options.title, "sessenum " SESSENUM_VERSION}, page);
  const bool written = out->Write(page);
  if (!out->Close() || !written || !outcome.all_read) return ExitStatus::kFailed;
  return ExitStatus::kDone;
}

}  // namespace sessenum::tool
