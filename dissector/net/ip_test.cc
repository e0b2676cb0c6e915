#include "net/ip.h"

#include <gtest/gtest.h>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

using builder::Raw;

Raw Extension(std::uint8_t next, std::uint8_t units, std::size_t size, const Raw& behind) {
  Raw raw = {next, units};
  raw.resize(size);
  return builder::Join(raw, behind);
}

Result<IpPacket> Parsed(Bytes captured, std::size_t wire_length) {
  IpPacket read;
  SE_TRY(ParseIp(captured, wire_length, read));
  return read;
}

TEST(Ipv4, GivesThePayload) {
  const Raw packet = builder::Ipv4({}, builder::ToRaw("abc"));
  const Result<IpPacket> ip = Parsed(packet, packet.size());
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().source, builder::Address(1));
  EXPECT_EQ(ip.value().destination, builder::Address(2));
  EXPECT_EQ(ip.value().protocol, kProtocolTcp);
  EXPECT_EQ(ip.value().payload_at, 20U);
  EXPECT_EQ(ip.value().payload_captured, 3U);
  EXPECT_EQ(ip.value().payload_length, 3U);
  EXPECT_FALSE(ip.value().fragment);
}

TEST(Ipv4, OptionsAreSkippedAndPaddingIsCutOff) {
  builder::Ip spec;
  spec.options = Raw(8, 1);
  Raw packet = builder::Ipv4(spec, builder::ToRaw("abc"));
  packet.resize(packet.size() + 20, 0xEE);
  const Result<IpPacket> ip = Parsed(packet, packet.size());
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().payload_at, 28U);
  EXPECT_EQ(ip.value().payload_captured, 3U);
  EXPECT_EQ(ip.value().payload_length, 3U);
}

TEST(Ipv4, SnaplenCutIsToldFromTheWireLength) {
  const Raw packet = builder::Ipv4({}, builder::ToRaw("abcdef"));
  const Result<IpPacket> ip = Parsed(Bytes(packet).first(22), packet.size());
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().payload_captured, 2U);
  EXPECT_EQ(ip.value().payload_length, 6U);
}

TEST(Ipv4, TotalLengthZeroTakesTheFrame) {
  Raw packet = builder::Ipv4({}, builder::ToRaw("abcdef"));
  packet[2] = packet[3] = 0;
  const Result<IpPacket> ip = Parsed(packet, packet.size());
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().payload_length, 6U);
}

TEST(Ipv4, ContradictingHeadersAreMalformed) {
  Raw short_header = builder::Ipv4({}, {});
  short_header[0] = 0x44;
  EXPECT_EQ(Parsed(short_header, 20).status().code, Errc::kMalformed);
  Raw short_total = builder::Ipv4({}, {});
  short_total[3] = 19;
  EXPECT_EQ(Parsed(short_total, 20).status().code, Errc::kMalformed);
  Raw version = builder::Ipv4({}, {});
  version[0] = 0x55;
  EXPECT_EQ(Parsed(version, 20).status().code, Errc::kMalformed);
}

TEST(Ipv4, FragmentInfo) {
  builder::Ip spec;
  spec.id = 0x1234;
  spec.offset = 64;
  spec.more = true;
  const Raw packet = builder::Ipv4(spec, Raw(8));
  const Result<IpPacket> ip = Parsed(packet, packet.size());
  ASSERT_TRUE(ip.ok() && ip.value().fragment);
  EXPECT_EQ(ip.value().fragment->id, 0x1234U);
  EXPECT_EQ(ip.value().fragment->offset, 64U);
  EXPECT_TRUE(ip.value().fragment->more);
}

TEST(Ipv6, WalksTheExtensionChain) {
  // Hop-by-hop, destination options, routing, authentication, TCP.
  const Raw authentication = Extension(6, 4, 24, builder::ToRaw("abc"));
  const Raw routing = Extension(51, 1, 16, authentication);
  const Raw destination = Extension(43, 0, 8, routing);
  const Raw chain = Extension(60, 0, 8, destination);
  builder::Ip spec;
  spec.source = builder::Address(1, true);
  spec.destination = builder::Address(2, true);
  spec.protocol = 0;
  const Raw packet = builder::Ipv6(spec, chain);
  const Result<IpPacket> ip = Parsed(packet, packet.size() + 6);
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().source, builder::Address(1, true));
  EXPECT_EQ(ip.value().protocol, kProtocolTcp);
  EXPECT_EQ(ip.value().payload_at, 40U + 56U);
  EXPECT_EQ(ip.value().payload_captured, 3U);
  EXPECT_EQ(ip.value().payload_length, 3U);

  for (std::size_t size = 0; size < 40 + 56; ++size) {
    EXPECT_EQ(Parsed(Bytes(packet).first(size), packet.size()).status().code, Errc::kTruncated) << size;
  }
}

TEST(Ipv6, StopsAtAFragmentAndWalksThroughAnAtomicOne) {
  builder::Ip spec;
  spec.protocol = 44;
  spec.offset = 16;
  const Raw fragment = builder::Ipv6(spec, builder::FragmentHeader(spec, 60, Raw(8)));
  const Result<IpPacket> part = Parsed(fragment, fragment.size());
  ASSERT_TRUE(part.ok() && part.value().fragment);
  EXPECT_EQ(part.value().fragment->offset, 16U);
  EXPECT_EQ(part.value().protocol, 60);
  EXPECT_EQ(part.value().payload_length, 8U);

  spec.offset = 0;
  const Raw atomic = builder::Ipv6(spec, builder::FragmentHeader(spec, 60, Extension(6, 0, 8, {})));
  const Result<IpPacket> whole = Parsed(atomic, atomic.size());
  ASSERT_TRUE(whole.ok());
  EXPECT_FALSE(whole.value().fragment);
  EXPECT_EQ(whole.value().protocol, kProtocolTcp);
}

TEST(Ipv6, EndlessExtensionHeadersAreMalformed) {
  Raw chain;
  for (int i = 0; i < 17; ++i) chain = Extension(i == 0 ? 6 : 60, 0, 8, chain);
  builder::Ip spec;
  spec.protocol = 60;
  const Raw packet = builder::Ipv6(spec, chain);
  EXPECT_EQ(Parsed(packet, packet.size()).status().code, Errc::kMalformed);
}

TEST(Ipv4, AuthenticationHeaderIsWalked) {
  builder::Ip spec;
  spec.protocol = 51;
  const Raw packet = builder::Ipv4(spec, Extension(6, 4, 24, builder::ToRaw("abc")));
  const Result<IpPacket> ip = Parsed(packet, packet.size());
  ASSERT_TRUE(ip.ok());
  EXPECT_EQ(ip.value().protocol, kProtocolTcp);
  EXPECT_EQ(ip.value().payload_length, 3U);
}

}  // namespace
}  // namespace sessenum
