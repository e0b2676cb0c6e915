#include "replay_command.h"

#include <memory>

namespace sessenum::tool {

void ReplayOptions::AddTo(CLI::App& command) {
  captures.AddTo(command);
  captures.AddJobsTo(command);
  output.AddTo(command);
  verdicts.AddTo(command);
  verdicts.AddThresholdsTo(command);
}

ExitStatus Replay(const ReplayOptions& options) {
  KeyStore keys;
  if (!Load(options.captures.keys, keys)) return ExitStatus::kFailed;
  const std::unique_ptr<FormatOutput> out =
      FormatOutput::Open(options.output, options.captures.captures.size() > 1, options.captures.Inputs());
  if (out == nullptr) return ExitStatus::kFailed;
  DissectorOptions dissector;
  if (options.captures.keys.given()) dissector.keys = &keys;
  dissector.judge = options.verdicts.judge;
  CaptureListener listener;
  listener.on_start = [&out](const std::string& path) { out->BeginCapture(path); };
  listener.on_call = [&out](const Call& call, const std::string& capture) { return out->Add(call, capture); };
  listener.on_end = [&out](const std::string& name, const Summary& /*summary*/, const std::string& error) {
    out->EndCapture(name, error);
  };
  const CaptureOutcome outcome = ReadCaptures(options.captures, dissector, listener);
  if (!out->Close(outcome.summary) || !outcome.all_read) return ExitStatus::kFailed;
  return MustFail(options.output.output.fail_on, outcome.summary.verdicts) ? ExitStatus::kFindings : ExitStatus::kDone;
}

}  // namespace sessenum::tool
