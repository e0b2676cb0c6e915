// Captures from files and streams, by libpcap. The only code that opens a capture.
#ifndef SESSENUM_CAPTURE_CAPTURE_READER_H_
#define SESSENUM_CAPTURE_CAPTURE_READER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/packet.h"

namespace sessenum {

// Why a capture could not be read, or not to its end: one line for a person, without the file's name. Empty: no error.
using CaptureError = std::string;

// Reads one capture, pcap or pcapng.
class CaptureReader {
 public:
  using OnPacket = std::function<void(const Packet&)>;

  // Opens `path`; "-" is standard input. On failure `error` says why, and Read gives nothing.
  [[nodiscard]] static std::unique_ptr<CaptureReader> Open(const std::string& path, CaptureError& error);
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;
  ~CaptureReader();

  // Gives each packet, numbered from `first_frame`, until the end or an error; what stands before the error is given.
  [[nodiscard]] CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet);

 private:
  class Impl;
  explicit CaptureReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_CAPTURE_READER_H_
