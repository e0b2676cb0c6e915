// Builds packets for tests.
#ifndef SESSENUM_NET_PACKET_BUILDER_TESTING_H_
#define SESSENUM_NET_PACKET_BUILDER_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "net/packet.h"

namespace sessenum::builder {

using Raw = std::vector<std::uint8_t>;

inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kAck = 0x10;

[[nodiscard]] inline Raw ToRaw(std::string_view text) { return {text.begin(), text.end()}; }

[[nodiscard]] inline Raw Join(Raw head, Bytes tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

// 10.0.0.`last`, or fd00::`last`.
[[nodiscard]] inline IpAddress Address(std::uint8_t last, bool v6 = false) {
  IpAddress address;
  address.v6 = v6;
  address.bytes[0] = v6 ? 0xFD : 10;
  address.bytes[v6 ? 15 : 3] = last;
  return address;
}

[[nodiscard]] inline Raw Ethernet(std::uint16_t ether_type, Bytes payload) {
  Raw raw;
  ByteWriter out(raw, ByteOrder::kBig);
  out.WriteFill(12, 0x02);
  out.Write(ether_type);
  out.WriteBytes(payload);
  return raw;
}

struct Ip {
  IpAddress source = Address(1);
  IpAddress destination = Address(2);
  std::uint8_t protocol = 6;
  std::uint16_t id = 7;
  std::uint16_t offset = 0;  // bytes
  bool more = false;
  Raw options = {};
};

[[nodiscard]] inline Raw Ipv4(const Ip& ip, Bytes payload) {
  Raw raw;
  ByteWriter out(raw, ByteOrder::kBig);
  const std::size_t header = 20 + ip.options.size();
  out.Write(static_cast<std::uint8_t>(0x40U | header / 4));
  out.Write(std::uint8_t{0});
  out.Write(static_cast<std::uint16_t>(header + payload.size()));
  out.Write(ip.id);
  out.Write(static_cast<std::uint16_t>((ip.more ? 0x2000U : 0U) | ip.offset / 8U));
  out.Write(std::uint8_t{64});
  out.Write(ip.protocol);
  out.Write(std::uint16_t{0});
  out.WriteBytes(Bytes(ip.source.bytes).first(4));
  out.WriteBytes(Bytes(ip.destination.bytes).first(4));
  out.WriteBytes(ip.options);
  out.WriteBytes(payload);
  return raw;
}

[[nodiscard]] inline Raw Ipv6(const Ip& ip, Bytes payload) {
  Raw raw;
  ByteWriter out(raw, ByteOrder::kBig);
  out.Write(std::uint32_t{0x60000000});
  out.Write(static_cast<std::uint16_t>(payload.size()));
  out.Write(ip.protocol);
  out.Write(std::uint8_t{64});
  out.WriteBytes(ip.source.bytes);
  out.WriteBytes(ip.destination.bytes);
  out.WriteBytes(payload);
  return raw;
}

// The fragment extension header of `ip`, with `next` behind it.
[[nodiscard]] inline Raw FragmentHeader(const Ip& ip, std::uint8_t next, Bytes payload) {
  Raw raw;
  ByteWriter out(raw, ByteOrder::kBig);
  out.Write(next);
  out.Write(std::uint8_t{0});
  out.Write(static_cast<std::uint16_t>(ip.offset | (ip.more ? 1U : 0U)));
  out.Write(std::uint32_t{ip.id});
  out.WriteBytes(payload);
  return raw;
}

struct Tcp {
  std::uint16_t source = 40'000;
  std::uint16_t destination = 445;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::uint8_t flags = kAck;
};

[[nodiscard]] inline Raw TcpRaw(const Tcp& tcp, Bytes payload) {
  Raw raw;
  ByteWriter out(raw, ByteOrder::kBig);
  out.Write(tcp.source);
  out.Write(tcp.destination);
  out.Write(tcp.sequence);
  out.Write(tcp.acknowledgment);
  out.Write(std::uint8_t{0x50});
  out.Write(tcp.flags);
  out.WriteFill(6);
  out.WriteBytes(payload);
  return raw;
}

}  // namespace sessenum::builder

#endif  // SESSENUM_NET_PACKET_BUILDER_TESTING_H_
