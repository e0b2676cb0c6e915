#include "replay_command.h"

#include <memory>

#include "capture/capture_reader.h"
#include "output/ndjson.h"
#include "output/terminal.h"
#include "output/text.h"
#include "output_stream.h"
#include "replay/dissector.h"

namespace sessenum::tool {
namespace {

// Replays captures one after the other and adds up what they amount to.
class Replayer {
 public:
  // `titled`: each capture's calls stand under its name.
  Replayer(const OutputOptions& options, const DissectorOptions& dissector, OutputStream& out, bool titled)
      : options_(options), dissector_(dissector), out_(out), titled_(titled && options.format == Format::kText) {}

  // False where the capture could not be read, or not to its end.
  [[nodiscard]] bool Run(const std::string& path) {
    if (titled_) static_cast<void>(out_.Write("== " + Printable(path) + "\n"));
    DissectorOptions options = dissector_;
    const bool live = path == "-";
    if (live) options.order_window = 0;
    Dissector dissector(options, [&](const Call& call) { Print(call, live ? "-" : BaseName(path)); });
    CaptureError error;
    if (const auto capture = OpenCapture(path, error)) {
      error = capture->Read(1, [&dissector](const Packet& packet) { dissector.OnPacket(packet); });
    }
    dissector.Finish();
    summary_ += dissector.summary();
    ++summary_.captures;
    for (const std::string& complaint : dissector.summary().key_complaints) {
      PrintError(std::string(path).append(": ").append(complaint));
    }
    if (!error.empty()) PrintError(path + ": " + error);
    return error.empty();
  }

  void PrintSummary() {
    if (options_.format == Format::kNdjson) {
      AppendNdjson(summary_, line_);
    } else {
      AppendText(summary_, {out_.color()}, line_);
    }
    Flush();
  }

  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  static std::string BaseName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

  void Print(const Call& call, const std::string& capture) {
    if (options_.format == Format::kNdjson) {
      AppendNdjson(call, capture, line_);
    } else {
      AppendText(call, {out_.color()}, line_);
    }
    Flush();
  }

  void Flush() {
    static_cast<void>(out_.Write(line_));
    line_.clear();
  }

  const OutputOptions& options_;
  DissectorOptions dissector_;
  OutputStream& out_;
  bool titled_;
  Summary summary_;
  std::string line_;
};

}  // namespace

void ReplayOptions::AddTo(CLI::App& command) {
  command.add_option("capture", captures, "Captures to read, pcap or pcapng; - is standard input")
      ->required()
      ->option_text("FILE...");
  keys.AddTo(command);
  output.AddTo(command);
  verdicts.AddTo(command);
  verdicts.AddThresholdsTo(command);
}

ExitStatus Replay(const ReplayOptions& options) {
  KeyStore keys;
  if (!Load(options.keys, keys)) return ExitStatus::kFailed;
  const std::unique_ptr<OutputStream> out = OutputStream::Open(options.output, options.captures);
  if (out == nullptr) return ExitStatus::kFailed;
  DissectorOptions dissector;
  if (options.keys.given()) dissector.keys = &keys;
  dissector.judge = options.verdicts.judge;
  Replayer replayer(options.output, dissector, *out, options.captures.size() > 1);
  bool all_read = true;
  for (const std::string& capture : options.captures) {
    const bool read = replayer.Run(capture);
    all_read = all_read && read;
  }
  replayer.PrintSummary();
  if (!out->Close() || !all_read) return ExitStatus::kFailed;
  return MustFail(options.output.fail_on, replayer.summary().verdicts) ? ExitStatus::kFindings : ExitStatus::kDone;
}

}  // namespace sessenum::tool
