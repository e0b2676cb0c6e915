// Property: any bytes are read as a capture or refused with one line that says why; frame numbers rise, and no packet
// has more bytes than it had on the wire.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/capture_reader.h"
#include "fuzz/require.h"

namespace {

using sessenum::fuzz::Require;

// A file that lives in memory for as long as this does.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("capture", 0)) {
    Require(descriptor_ >= 0 && write(descriptor_, data, size) == static_cast<ssize_t>(size), "a file can be made");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  sessenum::CaptureError error;
  const auto capture = sessenum::OpenCapture(file.path(), error);
  Require((capture == nullptr) == !error.empty(), "a capture is opened, or it is said why not");
  if (capture == nullptr) return 0;
  std::uint64_t frame = 7;
  error = capture->Read(frame, [&frame](const sessenum::Packet& packet) {
    Require(packet.frame.number == frame, "frames are counted one by one");
    ++frame;
    Require(packet.bytes.size() <= packet.original_length, "no packet is longer than it was");
  });
  Require(error.find('\n') == std::string::npos, "an error is one line");
  return 0;
}
