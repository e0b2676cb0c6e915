#include "net/ip.h"

#include <algorithm>
#include <cstring>

#include "base/byte_order.h"
#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kLeastIpv4Header = 20;

constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kMobility = 135;

// RFC 8200 4.1 names seven. The bound stops a packet made of nothing but extension headers.
constexpr int kMaxExtensionHeaders = 16;

Status ReadAddress(ByteReader& in, IpAddress& out) {
  Bytes bytes;
  SE_TRY(in.ReadBytes(out.bytes.size(), bytes));
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  out.v6 = true;
  return Ok();
}

// The payload lies between `in` and `end`, both counted from the IP header.
void SetPayload(std::size_t at, std::size_t end, std::size_t captured, IpPacket& packet) {
  packet.payload_at = at;
  packet.payload_length = end - at;
  packet.payload_captured = std::min(end, captured) - at;
}

// Walks the extension headers of `packet`, whose payload is set, and moves the payload behind them.
Status Advance(Bytes captured, IpPacket& packet) {
  const Bytes payload = captured.subspan(packet.payload_at, packet.payload_captured);
  const Result<IpPayload> inner = SkipExtensionHeaders(packet.source.v6, packet.protocol, payload);
  if (!inner.ok()) return inner.status();
  packet.protocol = inner.value().protocol;
  packet.fragment = inner.value().fragment;
  packet.payload_at += inner.value().at;
  packet.payload_captured -= inner.value().at;
  packet.payload_length -= inner.value().at;
  return Ok();
}

// Most packets of a capture come here and are of no interest: the fixed part is checked once and read in place.
Status ParseIpv4(Bytes captured, std::size_t wire_length, IpPacket& packet) {
  if (captured.size() < kLeastIpv4Header) return Truncated(0, kLeastIpv4Header);
  const std::uint8_t* at = captured.data();
  const auto half = [at](std::size_t offset) { return LoadInteger<std::uint16_t>(at + offset, ByteOrder::kBig); };
  packet.protocol = at[9];
  std::memcpy(packet.source.bytes.data(), at + 12, 4);
  std::memcpy(packet.destination.bytes.data(), at + 16, 4);

  const std::size_t header = std::size_t{4} * (at[0] & 0x0FU);
  // Segmentation offload leaves the total length 0 for the card to fill in.
  const std::uint16_t total_length = half(2);
  const std::size_t end = total_length == 0 ? wire_length : total_length;
  if (header < kLeastIpv4Header || header > end) return Malformed(0);
  if (header > captured.size()) return Truncated(kLeastIpv4Header, header - kLeastIpv4Header);
  SetPayload(header, end, captured.size(), packet);

  const std::uint16_t flags_and_offset = half(6);
  const std::uint32_t offset = std::uint32_t{8} * (flags_and_offset & 0x1FFFU);
  const bool more = (flags_and_offset & 0x2000U) != 0;
  if (offset != 0 || more) {
    packet.fragment = IpFragment{half(4), offset, more};
    return Ok();
  }
  return packet.protocol == kAuthentication ? Advance(captured, packet) : Ok();
}

Status ParseIpv6(Bytes captured, std::size_t wire_length, IpPacket& packet) {
  ByteReader in(captured, ByteOrder::kBig);
  std::uint16_t payload_length = 0;
  SE_TRY(in.Skip(4));
  SE_TRY(in.Read(payload_length));
  SE_TRY(in.Read(packet.protocol));
  SE_TRY(in.Skip(1));
  SE_TRY(ReadAddress(in, packet.source));
  SE_TRY(ReadAddress(in, packet.destination));
  // 0 stands in jumbograms (RFC 2675) and where segmentation is left to the card.
  const std::size_t end = payload_length == 0 ? std::max(wire_length, captured.size()) : in.offset() + payload_length;
  SetPayload(in.offset(), end, captured.size(), packet);
  return Advance(captured, packet);
}

// RFC 8200 4.5. Leaves `out` empty for an atomic fragment, whose payload simply follows.
Status ReadFragmentHeader(ByteReader& in, std::uint8_t& next, std::optional<IpFragment>& out) {
  std::uint16_t offset_and_flags = 0;
  IpFragment fragment;
  SE_TRY(in.Read(next));
  SE_TRY(in.Skip(1));
  SE_TRY(in.Read(offset_and_flags));
  SE_TRY(in.Read(fragment.id));
  fragment.offset = offset_and_flags & 0xFFF8U;
  fragment.more = (offset_and_flags & 1U) != 0;
  if (fragment.offset != 0 || fragment.more) out = fragment;
  return Ok();
}

// Skips a header that starts with the next protocol and its own length, of `unit` bytes each beyond `least`.
Status SkipSizedHeader(ByteReader& in, std::size_t unit, std::size_t least, std::uint8_t& next) {
  std::uint8_t size = 0;
  SE_TRY(in.Read(next));
  SE_TRY(in.Read(size));
  return in.Skip(least + unit * size - 2);
}

bool IsExtensionHeader(bool v6, std::uint8_t protocol) {
  if (protocol == kAuthentication) return true;
  return v6 && (protocol == kHopByHop || protocol == kRouting || protocol == kFragment ||
                protocol == kDestinationOptions || protocol == kMobility);
}

}  // namespace

Result<IpPayload> SkipExtensionHeaders(bool v6, std::uint8_t protocol, Bytes bytes) {
  ByteReader in(bytes, ByteOrder::kBig);
  std::optional<IpFragment> fragment;
  for (int headers = 0; !fragment && IsExtensionHeader(v6, protocol); ++headers) {
    if (headers == kMaxExtensionHeaders) return Malformed(in.offset());
    if (protocol == kFragment) {
      SE_TRY(ReadFragmentHeader(in, protocol, fragment));
    } else if (protocol == kAuthentication) {
      SE_TRY(SkipSizedHeader(in, 4, 8, protocol));
    } else {
      SE_TRY(SkipSizedHeader(in, 8, 8, protocol));
    }
  }
  return IpPayload{protocol, in.offset(), fragment};
}

Status ParseIp(Bytes captured, std::size_t wire_length, IpPacket& out) {
  if (captured.empty()) return Truncated(0, 1);
  const unsigned version = captured[0] >> 4U;
  if (version == 4) return ParseIpv4(captured, wire_length, out);
  if (version == 6) return ParseIpv6(captured, wire_length, out);
  return Malformed(0);
}

}  // namespace sessenum
