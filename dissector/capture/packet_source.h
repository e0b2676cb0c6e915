// One format of capture files.
#ifndef SESSENUM_CAPTURE_PACKET_SOURCE_H_
#define SESSENUM_CAPTURE_PACKET_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "capture/input.h"
#include "net/packet.h"

namespace sessenum {

class PacketSource {
 public:
  // False: no more is wanted.
  using OnPacket = std::function<bool(const Packet&)>;

  PacketSource() = default;
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;
  virtual ~PacketSource() = default;

  // Gives each packet, numbered from `first_frame`, until the end, an error, or no more is wanted; what stands before
  // the error is given.
  [[nodiscard]] virtual CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) = 0;
};

// Times are kept within half the range of 64 bits, so that the difference of any two fits.
[[nodiscard]] std::int64_t CaptureTime(std::int64_t seconds, std::int64_t nanoseconds);

// What is said of a link type that is not read, empty where it is read.
[[nodiscard]] CaptureError CheckLink(LinkType link);

// pcap, and what else libpcap reads. nullptr after an error.
[[nodiscard]] std::unique_ptr<PacketSource> MakePcapSource(std::unique_ptr<Input> input, CaptureError& error);

// pcapng: sections of either byte order, interfaces of different link types.
[[nodiscard]] std::unique_ptr<PacketSource> MakePcapngSource(std::unique_ptr<Input> input, CaptureError& error);

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_PACKET_SOURCE_H_
