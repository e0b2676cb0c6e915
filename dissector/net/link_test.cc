#include "net/link.h"

#include <gtest/gtest.h>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

using builder::Raw;

constexpr std::size_t kNotIp = SIZE_MAX;

// The size of the header before IP, or kNotIp.
std::size_t HeaderSize(LinkType link, const Raw& frame) {
  const Result<LinkHeader> header = ReadLinkHeader(link, frame);
  EXPECT_TRUE(header.ok());
  return header.value().content == LinkContent::kIp ? header.value().size : kNotIp;
}

Raw Start(std::initializer_list<int> bytes) {
  Raw raw;
  for (const int byte : bytes) raw.push_back(static_cast<std::uint8_t>(byte));
  return raw;
}

// `count` tags of `type` that end in IPv4.
Raw Tagged(std::uint16_t type, std::size_t count) {
  Raw tags;
  ByteWriter out(tags, ByteOrder::kBig);
  for (std::size_t i = 0; i < count; ++i) {
    out.Write(std::uint16_t{5});
    out.Write(i + 1 == count ? std::uint16_t{0x0800} : type);
  }
  return builder::Ethernet(type, tags);
}

TEST(Link, EthernetWithAndWithoutTags) {
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, builder::Ethernet(0x0800, {})), 14U);
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, builder::Ethernet(0x86DD, {})), 14U);
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, Tagged(0x8100, 1)), 18U);
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, Tagged(0x88A8, 2)), 22U);
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, Tagged(0x9100, 8)), 46U);
}

TEST(Link, EndlessTagsAreMalformed) {
  EXPECT_EQ(ReadLinkHeader(LinkType::kEthernet, Tagged(0x8100, 9)).status().code, Errc::kMalformed);
}

TEST(Link, OtherProtocolsAreNotIp) {
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, builder::Ethernet(0x0806, {})), kNotIp);
  EXPECT_EQ(HeaderSize(LinkType::kEthernet, builder::Ethernet(60, Start({0xAA, 0xAA, 3}))), kNotIp);
}

TEST(Link, LinuxCooked) {
  Raw sll(14, 0);
  EXPECT_EQ(HeaderSize(LinkType::kLinuxSll, builder::Join(sll, Start({8, 0}))), 16U);
  EXPECT_EQ(HeaderSize(LinkType::kLinuxSll, builder::Join(sll, Start({0x81, 0, 0, 5, 0x86, 0xDD}))), 20U);
  EXPECT_EQ(HeaderSize(LinkType::kLinuxSll, builder::Join(sll, Start({0, 4}))), kNotIp);
  EXPECT_EQ(HeaderSize(LinkType::kLinuxSll2, builder::Join(Start({8, 0}), Raw(18, 0))), 20U);
  const Raw tagged = builder::Join(builder::Join(Start({0x81, 0}), Raw(18, 0)), Start({0, 5, 8, 0}));
  EXPECT_EQ(HeaderSize(LinkType::kLinuxSll2, tagged), 24U);
}

TEST(Link, LoopbackFamiliesInEitherOrder) {
  for (const int family : {2, 10, 24, 28, 30}) {
    EXPECT_EQ(HeaderSize(LinkType::kNull, Start({family, 0, 0, 0})), 4U) << family;
    EXPECT_EQ(HeaderSize(LinkType::kNull, Start({0, 0, 0, family})), 4U) << family;
    EXPECT_EQ(HeaderSize(LinkType::kLoop, Start({0, 0, 0, family})), 4U) << family;
  }
  EXPECT_EQ(HeaderSize(LinkType::kNull, Start({7, 0, 0, 0})), kNotIp);
}

TEST(Link, PppInAllItsForms) {
  EXPECT_EQ(HeaderSize(LinkType::kPpp, Start({0xFF, 3, 0, 0x21})), 4U);
  EXPECT_EQ(HeaderSize(LinkType::kPpp, Start({0xFF, 3, 0x21})), 3U);
  EXPECT_EQ(HeaderSize(LinkType::kPpp, Start({0, 0x57})), 2U);
  EXPECT_EQ(HeaderSize(LinkType::kPpp, Start({0x57})), 1U);
  EXPECT_EQ(HeaderSize(LinkType::kPpp, Start({0xFF, 3, 0xC0, 0x21})), kNotIp);
}

TEST(Link, RawIpHasNoHeader) {
  for (const LinkType link : {LinkType::kRaw, LinkType::kIpv4, LinkType::kIpv6}) EXPECT_EQ(HeaderSize(link, {}), 0U);
}

TEST(Link, UnknownTypesAreNamed) {
  EXPECT_EQ(ReadLinkHeader(LinkType::kIeee80211, {}).value().content, LinkContent::kUnknownLink);
  EXPECT_EQ(ReadLinkHeader(LinkType{9'999}, {}).value().content, LinkContent::kUnknownLink);
}

TEST(Link, EveryTruncationIsTruncated) {
  const Raw sll2 = builder::Join(builder::Join(Start({0x81, 0}), Raw(18, 0)), Start({0, 5, 8, 0}));
  const std::pair<LinkType, Raw> frames[] = {{LinkType::kEthernet, Tagged(0x8100, 3)},
                                             {LinkType::kLinuxSll2, sll2},
                                             {LinkType::kNull, Start({2, 0, 0, 0})},
                                             {LinkType::kPpp, Start({0xFF, 3, 0, 0x21})}};
  for (const auto& [link, frame] : frames) {
    // Without its last 3 octets the PPP frame starts with FF, which reads as a compressed protocol.
    for (std::size_t size = link == LinkType::kPpp ? 2 : 0; size < frame.size(); ++size) {
      EXPECT_EQ(ReadLinkHeader(link, Bytes(frame).first(size)).status().code, Errc::kTruncated) << size;
    }
  }
}

}  // namespace
}  // namespace sessenum
