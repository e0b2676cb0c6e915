#include "net/tunnel.h"

#include <gtest/gtest.h>

#include <vector>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

using builder::Raw;

struct Case {
  const char* name;
  std::uint8_t protocol;
  Raw header;
  LinkType link;
};

Raw Padded(Raw start, std::size_t size) {
  start.resize(size);
  return start;
}

std::vector<Case> Cases() {
  Raw vxlan = Padded({0, 9, 0x12, 0xB5}, 16);
  vxlan[8] = 0x08;
  Raw erspan3_long = Padded({0x10, 0, 0x22, 0xEB}, 28);
  erspan3_long[19] = 1;
  return {{"ip in ip", 4, {}, LinkType::kRaw},
          {"ipv6 in ip", 41, {}, LinkType::kRaw},
          {"gre ipv4", 47, {0, 0, 0x08, 0x00}, LinkType::kRaw},
          {"gre ipv6 with all fields", 47, Padded({0xB0, 0, 0x86, 0xDD}, 16), LinkType::kRaw},
          {"gre ethernet", 47, Padded({0x20, 0, 0x65, 0x58}, 8), LinkType::kEthernet},
          {"erspan 1", 47, {0, 0, 0x88, 0xBE}, LinkType::kEthernet},
          {"erspan 2", 47, Padded({0x10, 0, 0x88, 0xBE}, 16), LinkType::kEthernet},
          {"erspan 3", 47, Padded({0x10, 0, 0x22, 0xEB}, 20), LinkType::kEthernet},
          {"erspan 3 with subheader", 47, erspan3_long, LinkType::kEthernet},
          {"vxlan", 17, vxlan, LinkType::kEthernet}};
}

TEST(Tunnel, FindsTheInnerPacket) {
  for (const Case& tunnel : Cases()) {
    const auto found = FindTunnel(tunnel.protocol, builder::Join(tunnel.header, Raw(40)));
    ASSERT_TRUE(found.ok() && found.value()) << tunnel.name;
    EXPECT_EQ(found.value()->at, tunnel.header.size()) << tunnel.name;
    EXPECT_EQ(found.value()->link, tunnel.link) << tunnel.name;
  }
}

TEST(Tunnel, EveryTruncationIsTruncated) {
  for (const Case& tunnel : Cases()) {
    for (std::size_t size = 0; size < tunnel.header.size(); ++size) {
      EXPECT_EQ(FindTunnel(tunnel.protocol, Bytes(tunnel.header).first(size)).status().code, Errc::kTruncated)
          << tunnel.name << " " << size;
    }
  }
}

TEST(Tunnel, OtherPayloadIsNone) {
  const std::pair<std::uint8_t, Raw> none[] = {{std::uint8_t{1}, Raw(64)},
                                               {std::uint8_t{17}, Raw(64)},
                                               {std::uint8_t{47}, {0x30, 1, 0x88, 0x0B}},
                                               {std::uint8_t{47}, {0x40, 0, 0x08, 0x00}},
                                               {std::uint8_t{47}, {0, 0, 0x12, 0x34}}};
  for (const auto& [protocol, payload] : none) {
    const auto found = FindTunnel(protocol, payload);
    ASSERT_TRUE(found.ok());
    EXPECT_FALSE(found.value());
  }
}

}  // namespace
}  // namespace sessenum
