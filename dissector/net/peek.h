// A look at the most common packet, in a few instructions: most of a capture may be of no interest.
#ifndef SESSENUM_NET_PEEK_H_
#define SESSENUM_NET_PEEK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"
#include "net/flow_key.h"
#include "net/ip.h"
#include "net/packet.h"

namespace sessenum {

struct Peek {
  PacketKey key;
  bool syn = false;
};

// Where such a packet has its headers.
inline constexpr std::size_t kPeekedIp = 14;
inline constexpr std::size_t kPeekedTcp = kPeekedIp + 20;

// Whether `packet` is Ethernet with IPv4 without options, tags or fragments and a sound TCP header: just what the
// layers themselves would take. If so, fills `out`.
[[nodiscard]] inline bool PeekAtTcp(const Packet& packet, Peek& out) {
  constexpr std::size_t kRead = kPeekedTcp + 20;
  if (packet.link != LinkType::kEthernet || packet.bytes.size() < kRead) return false;
  const std::uint8_t* const ip = packet.bytes.data() + kPeekedIp;
  const std::uint8_t* const tcp = packet.bytes.data() + kPeekedTcp;
  const auto half = [](const std::uint8_t* at) { return LoadInteger<std::uint16_t>(at, ByteOrder::kBig); };
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint8_t kNoOptions = 0x45;
  constexpr std::uint16_t kFragmented = 0x3FFF;
  if (half(ip - 2) != kIpv4 || ip[0] != kNoOptions || (half(ip + 6) & kFragmented) != 0) return false;
  const std::size_t header = std::size_t{4} * (tcp[12] >> 4U);
  if (ip[9] != kProtocolTcp || header < 20 || header + 20 > half(ip + 2)) return false;
  out.key = PacketKey::OfIpv4(ip + 12, half(tcp), ip + 16, half(tcp + 2));
  out.syn = (tcp[13] & 0x02U) != 0;
  return true;
}

// What stands in a packet that PeekAtTcp has taken.
struct PeekedSegment {
  IpAddress source;
  IpAddress destination;
  Bytes bytes;             // of TCP, with its header, as captured
  std::size_t length = 0;  // on the wire
};

[[nodiscard]] inline PeekedSegment TakePeeked(const Packet& packet) {
  const Bytes ip = packet.bytes.subspan(kPeekedIp);
  const std::size_t end = LoadInteger<std::uint16_t>(&ip[2], ByteOrder::kBig);
  PeekedSegment segment;
  std::ranges::copy(ip.subspan(12, 4), segment.source.bytes.begin());
  std::ranges::copy(ip.subspan(16, 4), segment.destination.bytes.begin());
  segment.bytes = ip.first(std::min(end, ip.size())).subspan(20);
  segment.length = end - 20;
  return segment;
}

}  // namespace sessenum

#endif  // SESSENUM_NET_PEEK_H_
