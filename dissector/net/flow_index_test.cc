#include "net/flow_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <list>

#include "net/packet_builder_testing.h"
#include "net/peek.h"

namespace sessenum {
namespace {

struct Entry {
  FlowKey key;
};

FlowKey KeyOf(std::uint16_t port) { return {Endpoint{builder::Address(1), port}, Endpoint{builder::Address(2), 445}}; }

TEST(FlowIndex, FindsWhatIsThereAndNothingElse) {
  FlowIndex<Entry> index;
  EXPECT_EQ(index.Find(KeyOf(1)), nullptr);
  std::list<Entry> entries;
  for (std::uint16_t port = 0; port < 1'000; ++port) index.Insert(entries.emplace_back(Entry{KeyOf(port)}));
  EXPECT_EQ(index.size(), 1'000U);
  std::uint16_t port = 0;
  for (const Entry& entry : entries) EXPECT_EQ(index.Find(KeyOf(port++)), &entry);
  EXPECT_EQ(index.Find(KeyOf(port)), nullptr);
}

TEST(FlowIndex, WhatIsErasedLeavesNoHoleInFrontOfOthers) {
  FlowIndex<Entry> index;
  std::list<Entry> entries;
  for (std::uint16_t port = 0; port < 3'000; ++port) index.Insert(entries.emplace_back(Entry{KeyOf(port)}));
  std::uint16_t port = 0;
  for (const Entry& entry : entries) {
    if (port++ % 3 != 0) index.Erase(entry);
  }
  EXPECT_EQ(index.size(), 1'000U);
  port = 0;
  for (const Entry& entry : entries) {
    EXPECT_EQ(index.Find(KeyOf(port)), port % 3 == 0 ? &entry : nullptr) << port;
    ++port;
  }
}

TEST(FlowKey, BothDirectionsHaveTheSame) {
  const Endpoint a{builder::Address(1), 50'000};
  const Endpoint b{builder::Address(2), 445};
  EXPECT_TRUE(IsFirst(a, b));
  EXPECT_FALSE(IsFirst(b, a));
  const Endpoint c{a.address, 445};
  EXPECT_TRUE(IsFirst(c, a));
  EXPECT_FALSE(IsFirst(a, c));
  EXPECT_TRUE(IsFirst(a, a));
}

TEST(FlowKey, ThatOfFourByteAddressesIsTheSameOneInEitherOrder) {
  for (const std::uint16_t port : {std::uint16_t{444}, std::uint16_t{445}, std::uint16_t{446}}) {
    for (const unsigned last : {0x01U, 0x02U, 0xFFU}) {
      const Endpoint a{builder::Address(static_cast<std::uint8_t>(last)), port};
      const Endpoint b{builder::Address(2), 445};
      const PacketKey expected = PacketKey::Of(a, b);
      const PacketKey key = PacketKey::OfIpv4(a.address.bytes.data(), a.port, b.address.bytes.data(), b.port);
      EXPECT_EQ(key.flow, expected.flow);
      EXPECT_EQ(key.flow, PacketKey::Of(b, a).flow);
      EXPECT_EQ(key.source_is_first, IsFirst(a, b));
      EXPECT_EQ(key.source_is_first, expected.source_is_first);
    }
  }
}

Packet EthernetPacket(const builder::Raw& raw) {
  Packet packet;
  packet.bytes = raw;
  packet.original_length = raw.size();
  return packet;
}

TEST(Peek, TakesWhatTheLayersTakeAndNothingElse) {
  builder::Tcp tcp;
  const builder::Raw ip = builder::Ipv4({}, builder::TcpRaw(tcp, builder::ToRaw("abc")));
  const builder::Raw whole = builder::Ethernet(0x0800, ip);
  Peek peek;
  ASSERT_TRUE(PeekAtTcp(EthernetPacket(whole), peek));
  const Endpoint a{builder::Address(1), tcp.source};
  const Endpoint b{builder::Address(2), tcp.destination};
  EXPECT_EQ(peek.key.flow, PacketKey::Of(a, b).flow);
  EXPECT_EQ(peek.key.source_is_first, IsFirst(a, b));
  EXPECT_EQ(peek.syn, (tcp.flags & builder::kSyn) != 0);
  const Packet taken = EthernetPacket(whole);
  const PeekedSegment segment = TakePeeked(taken);
  EXPECT_EQ(segment.source, a.address);
  EXPECT_EQ(segment.destination, b.address);
  EXPECT_EQ(segment.length, 23U);
  EXPECT_EQ(segment.bytes.size(), 23U);
  builder::Raw padded = whole;
  padded.resize(60);
  EXPECT_EQ(TakePeeked(EthernetPacket(padded)).bytes.size(), 23U);
  Packet short_of_two = taken;
  short_of_two.bytes = short_of_two.bytes.first(55);
  EXPECT_EQ(TakePeeked(short_of_two).bytes.size(), 21U);
  EXPECT_EQ(TakePeeked(short_of_two).length, 23U);
  const auto refused = [&whole, &peek](std::size_t at, std::uint8_t value) {
    builder::Raw other = whole;
    other[at] = value;
    return !PeekAtTcp(EthernetPacket(other), peek);
  };
  EXPECT_TRUE(refused(12, 0x81));       // a VLAN tag
  EXPECT_TRUE(refused(14, 0x46));       // options
  EXPECT_TRUE(refused(20, 0x20));       // more fragments
  EXPECT_TRUE(refused(21, 0x01));       // a later fragment
  EXPECT_TRUE(refused(23, 17));         // UDP
  EXPECT_TRUE(refused(17, 39));         // shorter than its headers
  EXPECT_TRUE(refused(14 + 32, 0x40));  // a TCP header of 16 bytes
  EXPECT_TRUE(refused(14 + 32, 0xF0));  // one that is longer than the packet
  EXPECT_FALSE(refused(20, 0x40));      // do not fragment
  Packet cut = EthernetPacket(whole);
  cut.bytes = cut.bytes.first(53);
  EXPECT_FALSE(PeekAtTcp(cut, peek));
  Packet raw_ip = EthernetPacket(whole);
  raw_ip.link = LinkType::kRaw;
  EXPECT_FALSE(PeekAtTcp(raw_ip, peek));
}

}  // namespace
}  // namespace sessenum
