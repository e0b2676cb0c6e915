#include "net/network.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "net/flow_recorder_testing.h"
#include "net/packet_builder_testing.h"
#include "net/tunnel.h"

namespace sessenum {
namespace {

using builder::Raw;

class NetworkTest : public ::testing::Test {
 protected:
  void Give(LinkType link, Bytes bytes, std::size_t original_length = 0) {
    network_.OnPacket({{++number_, 0}, link, bytes, original_length});
  }
  // A segment of the one connection of these tests.
  static Raw Segment(std::uint32_t sequence, const std::string& text) {
    builder::Tcp tcp;
    tcp.sequence = sequence;
    return builder::TcpRaw(tcp, builder::ToRaw(text));
  }
  [[nodiscard]] const std::string& text() const { return observer_.flows.back().to_server(); }

  Budget budget_{Limits()};
  FlowRecorder observer_;
  Network network_{budget_, observer_};
  std::uint64_t number_ = 0;
};

TEST_F(NetworkTest, OneConnectionOverManyLinks) {
  Give(LinkType::kEthernet, builder::Ethernet(0x0800, builder::Ipv4({}, Segment(1, "a"))));
  Give(LinkType::kRaw, builder::Ipv4({}, Segment(2, "b")));
  Give(LinkType::kPpp, builder::Join({0x21}, builder::Ipv4({}, Segment(3, "c"))));
  Give(LinkType::kNull, builder::Join({2, 0, 0, 0}, builder::Ipv4({}, Segment(4, "d"))));
  network_.Finish();
  EXPECT_EQ(text(), "abcd");
  EXPECT_EQ(network_.counts().packets, 4U);
  EXPECT_EQ(network_.counts().flows, 1U);
}

TEST_F(NetworkTest, EthernetPaddingIsNotData) {
  Raw frame = builder::Ethernet(0x0800, builder::Ipv4({}, Segment(1, "ab")));
  frame.resize(64, 0xEE);
  Give(LinkType::kEthernet, frame);
  EXPECT_EQ(text(), "ab");
}

TEST_F(NetworkTest, SnaplenInDataAndInHeaders) {
  const Raw frame = builder::Ethernet(0x0800, builder::Ipv4({}, Segment(1, "abcdef")));
  Give(LinkType::kEthernet, Bytes(frame).first(frame.size() - 4), frame.size());
  EXPECT_EQ(text(), "ab[4 truncated]");
  Give(LinkType::kEthernet, Bytes(frame).first(40), frame.size());
  Give(LinkType::kEthernet, Bytes(frame).first(20), frame.size());
  Give(LinkType::kEthernet, Bytes(frame).first(4), frame.size());
  EXPECT_EQ(network_.counts().truncated, 3U);
  EXPECT_EQ(network_.counts().malformed, 0U);
  Give(LinkType::kEthernet, Bytes(frame).first(4), 4);
  EXPECT_EQ(network_.counts().malformed, 1U);
}

TEST_F(NetworkTest, FragmentsKeepTheirPackets) {
  const Raw segment = Segment(1, "abcdefghijkl");
  builder::Ip ip;
  ip.offset = 24;
  Give(LinkType::kRaw, builder::Ipv4(ip, Bytes(segment).subspan(24)));
  ip.offset = 0;
  ip.more = true;
  Give(LinkType::kRaw, builder::Ipv4(ip, Bytes(segment).first(24)));
  EXPECT_EQ(text(), "abcdefghijkl");
  const std::vector<std::uint64_t> frames = {2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(observer_.flows.back().frames[0], frames);
}

TEST_F(NetworkTest, Ipv6FragmentsWithOptionsBehindTheFragmentHeader) {
  const Raw payload = builder::Join({6, 0, 1, 4, 0, 0, 0, 0}, Segment(1, "abcdefghijkl"));
  builder::Ip ip;
  ip.source = builder::Address(1, true);
  ip.destination = builder::Address(2, true);
  ip.protocol = 44;
  ip.more = true;
  Give(LinkType::kRaw, builder::Ipv6(ip, builder::FragmentHeader(ip, 60, Bytes(payload).first(32))));
  ip.offset = 32;
  ip.more = false;
  Give(LinkType::kRaw, builder::Ipv6(ip, builder::FragmentHeader(ip, 60, Bytes(payload).subspan(32))));
  EXPECT_EQ(text(), "abcdefghijkl");
}

TEST_F(NetworkTest, TunnelsAreOpenedToABound) {
  builder::Ip ip_in_ip;
  ip_in_ip.protocol = 4;
  Raw packet = builder::Ipv4({}, Segment(1, "ab"));
  for (int i = 0; i < kMaxTunnels; ++i) packet = builder::Ipv4(ip_in_ip, packet);
  Give(LinkType::kRaw, packet);
  EXPECT_EQ(text(), "ab");
  Give(LinkType::kRaw, builder::Ipv4(ip_in_ip, packet));
  EXPECT_EQ(network_.counts().malformed, 1U);

  builder::Ip udp;
  udp.protocol = 17;
  Raw vxlan = {0, 9, 0x12, 0xB5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 5, 0};
  vxlan = builder::Join(vxlan, builder::Ethernet(0x0800, builder::Ipv4({}, Segment(3, "cd"))));
  Give(LinkType::kRaw, builder::Ipv4(udp, vxlan));
  EXPECT_EQ(text(), "abcd");
}

TEST_F(NetworkTest, EveryPacketIsCountedUnderItsReason) {
  Give(LinkType::kIeee80211, Raw(40));
  Give(LinkType::kEthernet, builder::Ethernet(0x0806, Raw(28)));
  builder::Ip udp;
  udp.protocol = 17;
  Give(LinkType::kRaw, builder::Ipv4(udp, Raw(20)));
  Give(LinkType::kRaw, Raw(20));
  builder::Ip fragment;
  fragment.more = true;
  Give(LinkType::kRaw, builder::Ipv4(fragment, Raw(8)));
  network_.Finish();
  const NetworkCounts& counts = network_.counts();
  EXPECT_EQ(counts.unknown_link, 1U);
  EXPECT_EQ(counts.not_ip, 1U);
  EXPECT_EQ(counts.not_tcp, 1U);
  EXPECT_EQ(counts.malformed, 1U);
  EXPECT_EQ(counts.incomplete_datagrams, 1U);
  EXPECT_EQ(counts.flows, 0U);
}

TEST_F(NetworkTest, DamagedPacketsHarmNothing) {
  std::mt19937 random(7);
  builder::Ip gre;
  gre.protocol = 47;
  builder::Ip fragment;
  fragment.more = true;
  const Raw inner = builder::Ipv4({}, Segment(1, "some data of the connection"));
  const Raw seeds[] = {builder::Ethernet(0x0800, inner),
                       builder::Ethernet(0x0800, builder::Ipv4(gre, builder::Join({0, 0, 8, 0}, inner))),
                       builder::Ethernet(0x0800, builder::Ipv4(fragment, Raw(64, 1))),
                       builder::Ethernet(0x86DD, builder::Ipv6({}, Segment(9, "more")))};
  constexpr LinkType kLinks[] = {LinkType::kEthernet, LinkType::kRaw,      LinkType::kPpp,
                                 LinkType::kNull,     LinkType::kLinuxSll, LinkType::kLinuxSll2};
  for (int i = 0; i < 200'000; ++i) {
    Raw packet = seeds[random() % 4];
    for (auto flips = random() % 6; flips > 0; --flips) {
      packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
    }
    packet.resize(random() % 8 == 0 ? random() % packet.size() : packet.size());
    Give(random() % 4 == 0 ? kLinks[random() % 6] : LinkType::kEthernet, packet, random() % 3 == 0 ? 200 : 0);
    ASSERT_LE(budget_.flow_bytes_held, budget_.limits().total_flow_bytes);
    ASSERT_LE(budget_.history_bytes_held, budget_.limits().total_history_bytes);
  }
  network_.Finish();
  for (const RecordedFlow& flow : observer_.flows) EXPECT_EQ(flow.closes, 1);
  EXPECT_EQ(budget_.flow_bytes_held, 0U);
  EXPECT_EQ(budget_.history_bytes_held, 0U);
}

}  // namespace
}  // namespace sessenum
