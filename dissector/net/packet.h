// A captured packet, and what the network layer hands on.
#ifndef SESSENUM_NET_PACKET_H_
#define SESSENUM_NET_PACKET_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/provenance.h"

namespace sessenum {

// Values are those of the LINKTYPE_ registry (https://www.tcpdump.org/linktypes.html).
enum class LinkType : std::uint16_t {
  kNull = 0,  // BSD loopback, family in the byte order of the capturing machine
  kEthernet = 1,
  kPpp = 9,
  kRaw = 101,  // IPv4 or IPv6 by its version nibble
  kIeee80211 = 105,
  kLoop = 108,  // OpenBSD loopback, family in network order
  kLinuxSll = 113,
  kIeee80211Radio = 127,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxSll2 = 276,
};

struct Packet {
  Frame frame;
  LinkType link = LinkType::kEthernet;
  Bytes bytes;                      // as captured
  std::size_t original_length = 0;  // bytes on the wire; above bytes.size() where the capture cut the packet (snaplen)
};

// Nanoseconds of capture time between two packets; 0 where the clock ran backwards. Captures hold any time whatever.
[[nodiscard]] constexpr std::uint64_t ElapsedNs(const Frame& from, const Frame& to) {
  if (to.time_ns <= from.time_ns) return 0;
  return static_cast<std::uint64_t>(to.time_ns) - static_cast<std::uint64_t>(from.time_ns);
}

// An IPv4 or IPv6 address in network order.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  // IPv4 uses the first four, the rest are zero
  bool v6 = false;

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_PACKET_H_
