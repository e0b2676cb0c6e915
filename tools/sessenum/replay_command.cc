#include "replay_command.h"

#include <memory>

#include "base/terminal.h"
#include "output/ndjson.h"
#include "output/text.h"
#include "output_stream.h"

namespace sessenum::tool {
namespace {

class Printer {
 public:
  // Both must outlive the printer.
  Printer(const OutputOptions& options, OutputStream& out) : options_(options), out_(out) {}

  void PrintTitle(const std::string& path) { static_cast<void>(out_.Write("== " + Printable(path) + "\n")); }
  // False once nobody reads, or nothing more can be written.
  bool Print(const Call& call, const std::string& capture) {
    if (options_.format == Format::kNdjson) {
      AppendNdjson(call, capture, line_);
    } else {
      AppendText(call, {out_.color()}, line_);
    }
    return Flush();
  }
  void Print(const Summary& summary) {
    if (options_.format == Format::kNdjson) {
      AppendNdjson(summary, line_);
    } else {
      AppendText(summary, {out_.color()}, line_);
    }
    static_cast<void>(Flush());
  }

 private:
  bool Flush() {
    const bool written = out_.Write(line_);
    line_.clear();
    return written;
  }

  const OutputOptions& options_;
  OutputStream& out_;
  std::string line_;
};

}  // namespace

void ReplayOptions::AddTo(CLI::App& command) {
  captures.AddTo(command);
  output.AddTo(command);
  verdicts.AddTo(command);
  verdicts.AddThresholdsTo(command);
}

ExitStatus Replay(const ReplayOptions& options) {
  KeyStore keys;
  if (!Load(options.captures.keys, keys)) return ExitStatus::kFailed;
  const std::unique_ptr<OutputStream> out = OutputStream::Open(options.output, options.captures.Inputs());
  if (out == nullptr) return ExitStatus::kFailed;
  DissectorOptions dissector;
  if (options.captures.keys.given()) dissector.keys = &keys;
  dissector.judge = options.verdicts.judge;
  Printer printer(options.output, *out);
  CaptureListener listener;
  listener.on_call = [&](const Call& call, const std::string& capture) { return printer.Print(call, capture); };
  const bool is_titled = options.captures.captures.size() > 1 && options.output.format == Format::kText;
  if (is_titled) listener.on_start = [&](const std::string& path) { printer.PrintTitle(path); };
  const CaptureOutcome outcome = ReadCaptures(options.captures, dissector, listener);
  printer.Print(outcome.summary);
  if (!out->Close() || !outcome.all_read) return ExitStatus::kFailed;
  return MustFail(options.output.fail_on, outcome.summary.verdicts) ? ExitStatus::kFindings : ExitStatus::kDone;
}

}  // namespace sessenum::tool
