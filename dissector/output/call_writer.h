// The seam between what a run tells and how it is written: a format is one of these.
#ifndef SESSENUM_OUTPUT_CALL_WRITER_H_
#define SESSENUM_OUTPUT_CALL_WRITER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "output/fields.h"
#include "replay/call.h"
#include "replay/summary.h"

namespace sessenum {

// Writes one stream. Everything is appended to `out`, which the caller may empty between the calls: what was appended
// is final. Names of files may hold any bytes.
class CallWriter {
 public:
  CallWriter() = default;
  CallWriter(const CallWriter&) = delete;
  CallWriter& operator=(const CallWriter&) = delete;
  virtual ~CallWriter() = default;

  // Once, before everything else.
  virtual void Begin(std::string& /*out*/) {}
  // Before a capture that stands for itself.
  virtual void BeginCapture(std::string_view /*path*/, std::string& /*out*/) {}
  // `capture` is the file that holds the call's first packet.
  virtual void Add(const Call& call, std::string_view capture, std::string& out) = 0;
  // `error` is empty where the capture was read to its end.
  virtual void EndCapture(std::string_view /*name*/, std::string_view /*error*/) {}
  // Once, at the end; `summary` is that of the whole run.
  virtual void End(const Summary& summary, std::string& out) = 0;
  // After the end: what did not fit into the form, in words; empty where nothing was left out.
  [[nodiscard]] virtual std::string Omitted() const { return {}; }
};

struct WriterOptions {
  bool color = false;                // ANSI colours in text
  bool titles = false;               // text names each capture
  std::vector<const Field*> fields;  // the columns; empty: the format's own
  std::string_view version;          // of the program; static storage
  // Stubs or parties that a document may refer to. A server can make up names without end.
  std::size_t most_parts = 65'536;
};

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_CALL_WRITER_H_
