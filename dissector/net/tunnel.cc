#include "net/tunnel.h"

#include "base/byte_reader.h"

namespace sessenum {
namespace {

using MaybeTunnel = Result<std::optional<TunnelPayload>>;

constexpr std::uint8_t kProtocolIpInIp = 4;
constexpr std::uint8_t kProtocolUdp = 17;
constexpr std::uint8_t kProtocolIpv6InIp = 41;
constexpr std::uint8_t kProtocolGre = 47;

constexpr std::uint16_t kGreChecksum = 0x8000;
constexpr std::uint16_t kGreKey = 0x2000;
constexpr std::uint16_t kGreSequence = 0x1000;
// Source routing (RFC 1701) and version 1 (PPTP) have another layout.
constexpr std::uint16_t kGreNotRead = 0x4007;

constexpr std::uint16_t kGreIpv4 = 0x0800;
constexpr std::uint16_t kGreIpv6 = 0x86DD;
constexpr std::uint16_t kGreEthernet = 0x6558;
constexpr std::uint16_t kGreErspan = 0x88BE;
constexpr std::uint16_t kGreErspan3 = 0x22EB;

constexpr std::uint16_t kVxlanPort = 4789;

MaybeTunnel Inner(LinkType link, std::size_t at) { return std::optional(TunnelPayload{link, at}); }
MaybeTunnel NoTunnel() { return std::optional<TunnelPayload>(); }

// draft-foschiano-erspan-03 4.3: the last bit of the 12 bytes says that 8 more follow.
MaybeTunnel ReadErspan3(ByteReader& in) {
  std::uint16_t flags = 0;
  SE_TRY(in.Skip(10));
  SE_TRY(in.Read(flags));
  if ((flags & 1U) != 0) SE_TRY(in.Skip(8));
  return Inner(LinkType::kEthernet, in.offset());
}

MaybeTunnel ReadGre(ByteReader& in) {
  std::uint16_t flags = 0;
  std::uint16_t protocol = 0;
  SE_TRY(in.Read(flags));
  SE_TRY(in.Read(protocol));
  if ((flags & kGreNotRead) != 0) return NoTunnel();
  for (const std::uint16_t field : {kGreChecksum, kGreKey, kGreSequence}) {
    if ((flags & field) != 0) SE_TRY(in.Skip(4));
  }
  switch (protocol) {
    case kGreIpv4:
    case kGreIpv6:
      return Inner(LinkType::kRaw, in.offset());
    case kGreEthernet:
      return Inner(LinkType::kEthernet, in.offset());
    case kGreErspan:
      // draft-foschiano-erspan-03 4.1 and 4.2: type I has no sequence number and no header of its own.
      if ((flags & kGreSequence) != 0) SE_TRY(in.Skip(8));
      return Inner(LinkType::kEthernet, in.offset());
    case kGreErspan3:
      return ReadErspan3(in);
    default:
      return NoTunnel();
  }
}

MaybeTunnel ReadUdp(ByteReader& in) {
  std::uint16_t destination = 0;
  std::uint8_t flags = 0;
  SE_TRY(in.Skip(2));
  SE_TRY(in.Read(destination));
  if (destination != kVxlanPort) return NoTunnel();
  SE_TRY(in.Skip(4));
  SE_TRY(in.Read(flags));
  SE_TRY(in.Skip(7));
  // The I flag must be set for a valid VNI (RFC 7348 5).
  return (flags & 0x08U) != 0 ? Inner(LinkType::kEthernet, in.offset()) : NoTunnel();
}

}  // namespace

MaybeTunnel FindTunnel(std::uint8_t protocol, Bytes payload) {
  ByteReader in(payload, ByteOrder::kBig);
  switch (protocol) {
    case kProtocolIpInIp:
    case kProtocolIpv6InIp:
      return Inner(LinkType::kRaw, 0);
    case kProtocolGre:
      return ReadGre(in);
    case kProtocolUdp:
      return ReadUdp(in);
    default:
      return NoTunnel();
  }
}

}  // namespace sessenum
