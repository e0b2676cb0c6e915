// Captures from files and streams: the face of capture/. The only code that opens a capture.
#ifndef SESSENUM_CAPTURE_CAPTURE_READER_H_
#define SESSENUM_CAPTURE_CAPTURE_READER_H_

#include <memory>
#include <string>

#include "capture/packet_source.h"

namespace sessenum {

// Opens `path`, pcap or pcapng, plain or packed by gzip or zstd, all known by their first bytes; "-" is standard input.
// nullptr where that fails: `error` says why.
[[nodiscard]] std::unique_ptr<PacketSource> OpenCapture(const std::string& path, CaptureError& error);

// Whether what `path` names may come as it is written, so that whoever reads it must not wait for more: standard input,
// a pipe, a device.
[[nodiscard]] bool IsStream(const std::string& path);

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_CAPTURE_READER_H_
