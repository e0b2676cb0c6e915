#include "capture_run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "capture/capture_reader.h"
#include "interrupt.h"
#include "judging_listener.h"
#include "read_ahead.h"
#include "side_by_side.h"

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

enum class Reading {
  kInTurn,  // by the thread that takes the packets
  kAhead,   // by one more
};

std::unique_ptr<PacketSource> Open(const std::string& path, Reading reading, CaptureError& error) {
  std::unique_ptr<PacketSource> source = OpenCapture(path, error);
  return source == nullptr || reading == Reading::kInTurn ? std::move(source) : MakeReadAhead(std::move(source));
}

// Packets between two questions whether anybody still listens; what was found by then is told by then.
constexpr std::uint64_t kProgressPackets = 4'096;

// Reads while `is_wanted`. Not empty where `path` could not be read, or not to its end.
CaptureError ReadInto(Dissector& dissector, const std::string& path, Reading reading, Parts& parts,
                      const CaptureListener& listener, bool& is_wanted) {
  parts.Begin(path);
  CaptureError error;
  if (const auto capture = Open(path, reading, error)) {
    error = capture->Read(parts.next_frame(), [&](const Packet& packet) {
      parts.Saw(packet.frame.number);
      dissector.OnPacket(packet);
      const bool asks = packet.frame.number % kProgressPackets == 0 && listener.on_progress;
      if (asks) is_wanted = listener.on_progress() && is_wanted;
      return is_wanted;
    });
  }
  // An interrupt may end a live capture anywhere.
  if (path == "-" && WasInterrupted()) error.clear();
  return error;
}

bool HasStandardInput(std::span<const std::string> paths) { return std::ranges::find(paths, "-") != paths.end(); }

// Reads `paths` with one dissector.
CaptureOutcome ReadAsOne(std::span<const std::string> paths, Reading reading, DissectorOptions options,
                         const CaptureListener& listener) {
  Parts parts;
  // Whoever watches a live capture waits for no order.
  if (HasStandardInput(paths)) options.order_window = 0;
  if (listener.on_pdu) {
    options.on_pdu = [&](const CapturedPdu& pdu) { listener.on_pdu(pdu, parts.NameAt(pdu.frame)); };
  }
  bool is_wanted = true;
  Dissector dissector(options, [&](Call& call) {
    is_wanted = listener.on_call(call, parts.NameAt(call.first_frame().number)) && is_wanted;
  });
  std::string names;
  std::string errors;
  for (const std::string& path : paths) {
    if (!is_wanted) break;
    const CaptureError error = ReadInto(dissector, path, reading, parts, listener, is_wanted);
    names += (names.empty() ? "" : ", ") + BaseName(path);
    if (error.empty()) continue;
    listener.on_error(path + ": " + error);
    errors += (errors.empty() ? "" : "; ") + error;
  }
  dissector.Finish();
  CaptureOutcome outcome{dissector.summary(), errors.empty(), is_wanted};
  outcome.summary.captures = paths.size();
  if (listener.on_end) listener.on_end(names, outcome.summary, errors);
  for (const std::string& complaint : outcome.summary.key_complaints) {
    listener.on_error((paths.size() == 1 ? paths.front() + ": " : std::string()) + complaint);
  }
  return outcome;
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

void CaptureOptions::AddJobsTo(CLI::App& command) {
  constexpr unsigned kMostJobs = 256;
  // Each may take as much memory as one alone: more of them are for whoever asks.
  constexpr unsigned kMostUnasked = 4;
  jobs = std::clamp(std::thread::hardware_concurrency(), 1U, kMostUnasked);
  command.add_option("--jobs", jobs, "Captures to take apart at a time; output is the same whatever N")
      ->check(CLI::Range(1U, kMostJobs))
      ->option_text("N [processors, at most 4]");
}

CaptureOutcome& CaptureOutcome::operator+=(const CaptureOutcome& other) {
  summary += other.summary;
  all_read = all_read && other.all_read;
  is_wanted = is_wanted && other.is_wanted;
  return *this;
}

CaptureOutcome ReadCaptures(const CaptureOptions& options, const DissectorOptions& dissector,
                            const CaptureListener& listener) {
  const std::span<const std::string> paths = options.captures;
  if (HasStandardInput(paths)) EndStandardInputOnInterrupt();
  const std::size_t count = options.sequence ? 1 : paths.size();
  const unsigned jobs = std::ranges::any_of(paths, IsStream) ? 1 : options.jobs;
  const Reading reading = jobs > count ? Reading::kAhead : Reading::kInTurn;
  const auto read_with = [&](const DissectorOptions& options_of_one) {
    return [&](std::size_t index, const CaptureListener& to) {
      if (options.sequence) return ReadAsOne(paths, reading, options_of_one, to);
      if (to.on_start) to.on_start(paths[index]);
      return ReadAsOne(paths.subspan(index, 1), reading, options_of_one, to);
    };
  };
  std::optional<CaptureOutcome> told;
  if (reading == Reading::kAhead && dissector.judge) {
    DissectorOptions apart = dissector;
    apart.judge.reset();
    JudgingListener judging(listener, dissector.limits, *dissector.judge);
    told = ReadSideBySide(count, jobs, read_with(apart), judging.Listener());
    if (told) told->summary += judging.verdicts();
  } else if (jobs > 1) {
    told = ReadSideBySide(count, jobs, read_with(dissector), listener);
  }
  if (told) return *told;
  const auto read = read_with(dissector);
  CaptureOutcome outcome;
  for (std::size_t i = 0; i < count && outcome.is_wanted; ++i) outcome += read(i, listener);
  return outcome;
}

}  // namespace sessenum::tool
