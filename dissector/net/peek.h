// A look at the most common packet, in a few instructions: most of a capture may be of no interest.
#ifndef SESSENUM_NET_PEEK_H_
#define SESSENUM_NET_PEEK_H_

#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"
#include "net/flow_key.h"
#include "net/ip.h"
#include "net/packet.h"

namespace sessenum {

struct Peek {
  FlowKey key;
  bool syn = false;
};

// Whether `packet` is Ethernet with IPv4 without options, tags or fragments and a sound TCP header: just what the
// layers themselves would take. If so, fills `out`.
[[nodiscard]] inline bool PeekAtTcp(const Packet& packet, Peek& out) {
  constexpr std::size_t kIp = 14;
  constexpr std::size_t kTcp = kIp + 20;
  constexpr std::size_t kRead = kTcp + 20;
  if (packet.link != LinkType::kEthernet || packet.bytes.size() < kRead) return false;
  const std::uint8_t* at = packet.bytes.data();
  const auto half = [at](std::size_t offset) { return LoadInteger<std::uint16_t>(at + offset, ByteOrder::kBig); };
  constexpr std::uint16_t kIpv4 = 0x0800;
  constexpr std::uint8_t kNoOptions = 0x45;
  constexpr std::uint16_t kFragmented = 0x3FFF;
  if (half(12) != kIpv4 || at[kIp] != kNoOptions || (half(kIp + 6) & kFragmented) != 0) return false;
  const std::size_t header = std::size_t{4} * (at[kTcp + 12] >> 4U);
  if (at[kIp + 9] != kProtocolTcp || header < 20 || header + 20 > half(kIp + 2)) return false;
  out.key = FlowKey::OfIpv4(at + kIp + 12, half(kTcp), at + kIp + 16, half(kTcp + 2));
  out.syn = (at[kTcp + 13] & 0x02U) != 0;
  return true;
}

}  // namespace sessenum

#endif  // SESSENUM_NET_PEEK_H_
