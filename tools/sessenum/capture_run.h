// Reads captures and hands out their calls: what `replay`, `report` and `extract` share.
#ifndef SESSENUM_TOOLS_SESSENUM_CAPTURE_RUN_H_
#define SESSENUM_TOOLS_SESSENUM_CAPTURE_RUN_H_

#include <functional>
#include <string>
#include <vector>

#include "key_options.h"
#include "output_stream.h"
#include "replay/dissector.h"

namespace CLI {
class App;
}

namespace sessenum::tool {

struct CaptureOptions {
  std::vector<std::string> captures;
  bool sequence = false;
  // Captures that are taken apart at a time, each by a thread of its own where there is more than one. Where there are
  // fewer captures, packets are read ahead.
  unsigned jobs = 1;
  KeyOptions keys;

  // Registers the captures themselves, --sequence, --keys and --nt-password.
  void AddTo(CLI::App& command);
  // Registers --jobs, with as many as suit the machine.
  void AddJobsTo(CLI::App& command);
  // Every file that is read.
  [[nodiscard]] std::vector<std::string> Inputs() const;
};

// What a run tells. `capture` is the base name of the file that holds the first packet of what is told.
struct CaptureListener {
  std::function<void(const std::string& path)> on_start;  // before a capture that stands for itself
  // It may move the call away. False: no more is wanted, nothing more is read. What was under way is still told.
  std::function<bool(Call& call, const std::string& capture)> on_call;
  // Asked every few thousand packets, where it is set: false as above.
  std::function<bool()> on_progress;
  std::function<void(const std::string& message)> on_error = PrintError;  // for the user, in its place
  // After a capture, or after the parts of one (--sequence). `name` joins their base names; `error` is empty where all
  // was read.
  std::function<void(const std::string& name, const Summary& summary, const std::string& error)> on_end;
  std::function<void(const CapturedPdu& pdu, const std::string& capture)> on_pdu;
};

struct CaptureOutcome {
  Summary summary;
  bool all_read = true;   // false: on_error was told why
  bool is_wanted = true;  // false: on_call wanted no more

  CaptureOutcome& operator+=(const CaptureOutcome& other);
};

// Reads every capture: each for itself, or, with --sequence, as the parts of one whose connections and frame numbers
// go on from file to file. What is readable of a damaged file is read, and the next one after it. The keys of `options`
// are left to the caller. `listener` is called on the caller's thread, in the order of the captures, whatever the
// number of jobs; where one of them is a stream there is one job: what it tells must not wait.
[[nodiscard]] CaptureOutcome ReadCaptures(const CaptureOptions& options, const DissectorOptions& dissector,
                                          const CaptureListener& listener);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_CAPTURE_RUN_H_
