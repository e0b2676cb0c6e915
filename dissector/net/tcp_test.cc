#include "net/tcp.h"

#include <gtest/gtest.h>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

using builder::Raw;

Result<TcpHeader> Parsed(Bytes captured, std::size_t wire_length) {
  TcpHeader read;
  SE_TRY(ParseTcp(captured, wire_length, read));
  return read;
}

TEST(TcpHeader, ReadsPortsNumbersAndFlags) {
  builder::Tcp spec;
  spec.sequence = 0x01020304;
  spec.acknowledgment = 0x05060708;
  spec.flags = builder::kSyn | builder::kAck;
  const Raw raw = builder::TcpRaw(spec, builder::ToRaw("abc"));
  const Result<TcpHeader> tcp = Parsed(raw, raw.size());
  ASSERT_TRUE(tcp.ok());
  EXPECT_EQ(tcp.value().source_port, 40'000);
  EXPECT_EQ(tcp.value().destination_port, 445);
  EXPECT_EQ(tcp.value().sequence, 0x01020304U);
  EXPECT_EQ(tcp.value().acknowledgment, 0x05060708U);
  EXPECT_EQ(tcp.value().size, 20U);
  EXPECT_TRUE(tcp.value().syn && tcp.value().ack);
  EXPECT_FALSE(tcp.value().fin || tcp.value().rst);
}

TEST(TcpHeader, DataOffsetMustLieWithinTheSegment) {
  Raw raw = builder::TcpRaw({}, Raw(4));
  raw[12] = 0x40;
  EXPECT_EQ(Parsed(raw, raw.size()).status().code, Errc::kMalformed);
  raw[12] = 0x70;
  EXPECT_EQ(Parsed(raw, raw.size()).status().code, Errc::kMalformed);
  raw[12] = 0x60;
  EXPECT_EQ(Parsed(raw, raw.size()).value().size, 24U);
}

TEST(TcpHeader, OptionsMayBeCutOff) {
  Raw raw = builder::TcpRaw({}, Raw(12));
  raw[12] = 0x80;
  EXPECT_EQ(Parsed(Bytes(raw).first(20), raw.size()).value().size, 32U);
  EXPECT_EQ(Parsed(Bytes(raw).first(13), raw.size()).status().code, Errc::kTruncated);
}

}  // namespace
}  // namespace sessenum
