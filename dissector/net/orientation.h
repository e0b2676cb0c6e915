// Which side of a TCP connection is the client.
#ifndef SESSENUM_NET_ORIENTATION_H_
#define SESSENUM_NET_ORIENTATION_H_

#include <cstdint>

#include "net/tcp.h"

namespace sessenum {

// SMB over TCP, SMB over NetBIOS, and the endpoint mapper of RPC.
[[nodiscard]] constexpr bool IsServerPort(std::uint16_t port) { return port == 445 || port == 139 || port == 135; }

// Whether `segment`, the first that was captured of its connection, was sent by the client.
[[nodiscard]] constexpr bool IsFromClient(const TcpSegment& segment) {
  const std::uint16_t source = segment.header.source_port;
  const std::uint16_t destination = segment.header.destination_port;
  if (segment.header.syn) return !segment.header.ack;
  if (IsServerPort(source) != IsServerPort(destination)) return IsServerPort(destination);
  return source >= destination;
}

}  // namespace sessenum

#endif  // SESSENUM_NET_ORIENTATION_H_
