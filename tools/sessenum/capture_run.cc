#include "capture_run.h"

#include <algorithm>
#include <span>
#include <utility>

#include "capture/capture_reader.h"
#include "interrupt.h"
#include "output_stream.h"

namespace sessenum::tool {
namespace {

std::string BaseName(const std::string& path) { return path == "-" ? path : path.substr(path.find_last_of('/') + 1); }

// The files of one dissector, by the number of their first packet.
class Parts {
 public:
  void Begin(const std::string& path) { parts_.push_back({last_frame_ + 1, BaseName(path)}); }
  void Saw(std::uint64_t frame) { last_frame_ = frame; }

  [[nodiscard]] std::uint64_t next_frame() const { return last_frame_ + 1; }
  // The file of packet `frame`.
  [[nodiscard]] const std::string& NameAt(std::uint64_t frame) const {
    const auto next = std::ranges::upper_bound(parts_, frame, {}, &Part::first_frame);
    return next == parts_.begin() ? next->name : std::prev(next)->name;
  }

 private:
  struct Part {
    std::uint64_t first_frame = 0;
    std::string name;
  };

  std::vector<Part> parts_;
  std::uint64_t last_frame_ = 0;
};

// Reads while `is_wanted`. Not empty, after it was printed, where `path` could not be read, or not to its end.
CaptureError ReadInto(Dissector& dissector, const std::string& path, Parts& parts, const bool& is_wanted) {
  parts.Begin(path);
  CaptureError error;
  if (const auto capture = OpenCapture(path, error)) {
    error = capture->Read(parts.next_frame(), [&](const Packet& packet) {
      parts.Saw(packet.frame.number);
      dissector.OnPacket(packet);
      return is_wanted;
    });
  }
  // An interrupt may end a live capture anywhere.
  if (path == "-" && WasInterrupted()) error.clear();
  if (!error.empty()) PrintError(path + ": " + error);
  return error;
}

// Reads `paths` with one dissector. False: the listener wants no more.
bool ReadAsOne(std::span<const std::string> paths, DissectorOptions options, const CaptureListener& listener,
               CaptureOutcome& outcome) {
  Parts parts;
  // Whoever watches a live capture waits for no order.
  if (std::ranges::find(paths, "-") != paths.end()) options.order_window = 0;
  if (listener.on_pdu) {
    options.on_pdu = [&](const CapturedPdu& pdu) { listener.on_pdu(pdu, parts.NameAt(pdu.frame)); };
  }
  bool is_wanted = true;
  Dissector dissector(options, [&](const Call& call) {
    is_wanted = listener.on_call(call, parts.NameAt(call.first_frame().number)) && is_wanted;
  });
  std::string names;
  std::string errors;
  for (const std::string& path : paths) {
    if (!is_wanted) break;
    const CaptureError error = ReadInto(dissector, path, parts, is_wanted);
    names += (names.empty() ? "" : ", ") + BaseName(path);
    if (!error.empty()) errors += (errors.empty() ? "" : "; ") + error;
  }
  outcome.all_read = outcome.all_read && errors.empty();
  dissector.Finish();
  Summary summary = dissector.summary();
  summary.captures = paths.size();
  outcome.summary += summary;
  if (listener.on_end) listener.on_end(names, summary, errors);
  for (const std::string& complaint : dissector.summary().key_complaints) {
    PrintError((paths.size() == 1 ? paths.front() + ": " : std::string()) + complaint);
  }
  return is_wanted;
}

}  // namespace

void CaptureOptions::AddTo(CLI::App& command) {
  command.add_option("capture", captures, "Captures to read, pcap or pcapng; - is standard input")
      ->required()
      ->option_text("FILE...");
  command.add_flag("--sequence", sequence, "The files are one capture, in this order: connections and frames go on");
  keys.AddTo(command);
}

std::vector<std::string> CaptureOptions::Inputs() const {
  std::vector<std::string> inputs = captures;
  if (keys.file) inputs.push_back(*keys.file);
  return inputs;
}

CaptureOutcome ReadCaptures(const CaptureOptions& options, DissectorOptions dissector,
                            const CaptureListener& listener) {
  CaptureOutcome outcome;
  if (std::ranges::find(options.captures, "-") != options.captures.end()) EndStandardInputOnInterrupt();
  if (options.sequence) {
    static_cast<void>(ReadAsOne(options.captures, std::move(dissector), listener, outcome));
    return outcome;
  }
  for (const std::string& path : options.captures) {
    if (listener.on_start) listener.on_start(path);
    if (!ReadAsOne({&path, 1}, dissector, listener, outcome)) break;
  }
  return outcome;
}

}  // namespace sessenum::tool
