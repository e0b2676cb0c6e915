#include "net/link.h"

#include "base/byte_order.h"
#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;

// 802.1Q allows two tags; some carriers stack more. The bound stops a frame made of nothing but tags.
constexpr int kMaxVlanTags = 8;

constexpr std::size_t kEthernetAddresses = 12;
constexpr std::size_t kSllBeforeProtocol = 14;
constexpr std::size_t kSll2AfterProtocol = 18;

// 802.1Q, 802.1ad, and the value that QinQ used before 802.1ad.
bool IsVlanTag(std::uint16_t ether_type) {
  return ether_type == 0x8100 || ether_type == 0x88A8 || ether_type == 0x9100;
}

LinkHeader Header(bool is_ip, std::size_t size) { return {is_ip ? LinkContent::kIp : LinkContent::kNotIp, size}; }

LinkHeader HeaderOfEtherType(std::uint16_t ether_type, std::size_t size) {
  return Header(ether_type == kEtherTypeIpv4 || ether_type == kEtherTypeIpv6, size);
}

// `ether_type` was read already; `in` stands behind what came with it. A value below 0x0600 is an 802.3 length, and LLC
// follows: no IP.
Result<LinkHeader> SkipVlanTags(std::uint16_t ether_type, ByteReader& in) {
  for (int tags = 0; IsVlanTag(ether_type); ++tags) {
    if (tags == kMaxVlanTags) return Malformed(in.offset());
    SE_TRY(in.Skip(2));
    SE_TRY(in.Read(ether_type));
  }
  return HeaderOfEtherType(ether_type, in.offset());
}

Result<LinkHeader> ReadEthernet(ByteReader& in, std::size_t before_type) {
  std::uint16_t ether_type = 0;
  SE_TRY(in.Skip(before_type));
  SE_TRY(in.Read(ether_type));
  return SkipVlanTags(ether_type, in);
}

// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
Result<LinkHeader> ReadSll2(ByteReader& in) {
  std::uint16_t ether_type = 0;
  SE_TRY(in.Read(ether_type));
  SE_TRY(in.Skip(kSll2AfterProtocol));
  return SkipVlanTags(ether_type, in);
}

// AF_INET, then AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
bool IsIpFamily(std::uint32_t family) {
  return family == 2 || family == 10 || family == 23 || family == 24 || family == 28 || family == 30;
}

// The family of LINKTYPE_NULL is in the byte order of the capturing machine, which the file does not tell. Families are
// small numbers, so only one order can fit.
Result<LinkHeader> ReadLoopback(ByteReader& in) {
  std::uint32_t family = 0;
  SE_TRY(in.Read(family));
  return Header(IsIpFamily(family) || IsIpFamily(SwapBytes(family)), in.offset());
}

// RFC 1661 2 and 6.5: an odd first octet is a protocol compressed to one octet. RFC 1662 3.1: FF 03 may be left out.
Result<LinkHeader> ReadPpp(ByteReader& in) {
  const Bytes start = in.rest();
  if (start.size() >= 2 && start[0] == 0xFF && start[1] == 0x03) SE_TRY(in.Skip(2));
  std::uint8_t octet = 0;
  SE_TRY(in.Read(octet));
  std::uint32_t protocol = octet;
  if ((octet & 1U) == 0) {
    SE_TRY(in.Read(octet));
    protocol = protocol << 8U | octet;
  }
  return Header(protocol == 0x0021 || protocol == 0x0057, in.offset());
}

// Ethernet with IPv4 and no tag, as most packets come.
bool IsPlainEthernet(LinkType link, Bytes frame) {
  return link == LinkType::kEthernet && frame.size() >= kEthernetAddresses + 2 &&
         LoadInteger<std::uint16_t>(frame.data() + kEthernetAddresses, ByteOrder::kBig) == kEtherTypeIpv4;
}

}  // namespace

Result<LinkHeader> ReadLinkHeader(LinkType link, Bytes frame) {
  if (IsPlainEthernet(link, frame)) return LinkHeader{LinkContent::kIp, kEthernetAddresses + 2};
  ByteReader in(frame, ByteOrder::kBig);
  switch (link) {
    case LinkType::kEthernet:
      return ReadEthernet(in, kEthernetAddresses);
    case LinkType::kLinuxSll:
      return ReadEthernet(in, kSllBeforeProtocol);
    case LinkType::kLinuxSll2:
      return ReadSll2(in);
    case LinkType::kNull:
    case LinkType::kLoop:
      return ReadLoopback(in);
    case LinkType::kPpp:
      return ReadPpp(in);
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
      return LinkHeader{LinkContent::kIp, 0};
    case LinkType::kIeee80211:
    case LinkType::kIeee80211Radio:
      break;
  }
  return LinkHeader{LinkContent::kUnknownLink, 0};
}

}  // namespace sessenum
