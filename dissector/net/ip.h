// IPv4 (RFC 791) and IPv6 (RFC 8200) headers.
#ifndef SESSENUM_NET_IP_H_
#define SESSENUM_NET_IP_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "net/packet.h"

namespace sessenum {

inline constexpr std::uint8_t kProtocolTcp = 6;

// The place of a fragment in its datagram.
struct IpFragment {
  std::uint32_t id = 0;
  std::uint32_t offset = 0;  // bytes
  bool more = false;
};

struct IpPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 0;
  std::size_t payload_at = 0;        // from the first byte of the IP header
  std::size_t payload_captured = 0;  // bytes
  std::size_t payload_length = 0;    // bytes on the wire; above payload_captured where the capture cut the packet
  std::optional<IpFragment> fragment;
};

// Reads into `out`, a new one, the IP header that starts `captured`, with IPv6 extension headers up to the payload or
// up to a fragment header of a true fragment. `wire_length` is the length of the frame from here on, link padding
// included. kTruncated: the captured bytes end within the headers.
[[nodiscard]] Status ParseIp(Bytes captured, std::size_t wire_length, IpPacket& out);

struct IpPayload {
  std::uint8_t protocol = 0;
  std::size_t at = 0;
  std::optional<IpFragment> fragment;
};

// Finds the payload behind the extension headers that start `bytes`; `protocol` names the first. Of IPv4 only the
// authentication header is walked. An atomic fragment (RFC 6946) is none.
[[nodiscard]] Result<IpPayload> SkipExtensionHeaders(bool v6, std::uint8_t protocol, Bytes bytes);

}  // namespace sessenum

#endif  // SESSENUM_NET_IP_H_
