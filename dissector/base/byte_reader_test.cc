#include "base/byte_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace sessenum {
namespace {

const std::vector<std::uint8_t> kTen = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST(ByteReader, ReadsIntegersInItsOrder) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    const bool little = order == ByteOrder::kLittle;
    ByteReader in(kTen, order);
    std::uint8_t u8 = 0xFF;
    std::uint16_t u16 = 0;
    std::uint32_t u32 = 0;
    ASSERT_TRUE(in.Read(u8).ok());
    ASSERT_TRUE(in.Read(u16).ok());
    ASSERT_TRUE(in.Read(u32).ok());
    EXPECT_EQ(u8, 0);
    EXPECT_EQ(u16, little ? 0x0201 : 0x0102);
    EXPECT_EQ(u32, little ? 0x06050403U : 0x03040506U);
    EXPECT_EQ(in.offset(), 7U);
    EXPECT_EQ(in.remaining(), 3U);
    EXPECT_EQ(in.rest().front(), 7);
    EXPECT_EQ(in.order(), order);
  }
}

// Reads a T when `left` bytes are left.
template <typename T>
void ExpectShortRead(std::size_t left) {
  ByteReader in(Bytes(kTen).first(4 + left), ByteOrder::kLittle, 100);
  ASSERT_TRUE(in.Skip(4).ok());
  T out = 0x5A;
  EXPECT_EQ(in.Read(out), (Status{Errc::kTruncated, 104, sizeof(T)})) << left;
  EXPECT_EQ(out, 0x5A);
  EXPECT_EQ(in.offset(), 104U);
  EXPECT_EQ(in.remaining(), left);
}

TEST(ByteReader, AFailedReadMovesNothing) {
  ExpectShortRead<std::uint8_t>(0);
  ExpectShortRead<std::uint16_t>(1);
  for (const std::size_t left : {0U, 1U, 2U, 3U}) ExpectShortRead<std::uint32_t>(left);
  for (const std::size_t left : {0U, 4U, 5U}) ExpectShortRead<std::uint64_t>(left);
}

TEST(ByteReader, RefusesSizesThatWouldWrap) {
  ByteReader in(kTen);
  ASSERT_TRUE(in.Skip(5).ok());
  Bytes out;
  for (const std::size_t size : {std::size_t{6}, SIZE_MAX - 5, SIZE_MAX - 4, SIZE_MAX}) {
    EXPECT_EQ(in.Skip(size).code, Errc::kTruncated) << size;
    EXPECT_EQ(in.ReadBytes(size, out).needed, ClampToU32(size));
    EXPECT_EQ(in.SkipTo(size < SIZE_MAX - 5 ? size + 5 : size).code, Errc::kTruncated);
  }
  EXPECT_EQ(in.offset(), 5U);
  EXPECT_TRUE(out.empty());
}

TEST(ByteReader, GivesViewsOfTheInput) {
  ByteReader in(kTen);
  Bytes out;
  ASSERT_TRUE(in.Skip(2).ok());
  ASSERT_TRUE(in.ReadBytes(3, out).ok());
  EXPECT_EQ(out.data(), &kTen[2]);
  EXPECT_EQ(out.size(), 3U);
  ASSERT_TRUE(in.ReadBytes(5, out).ok());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_TRUE(in.ReadBytes(0, out).ok());
  EXPECT_TRUE(out.empty());
}

TEST(ByteReader, ASubReaderEndsWithItsPartAndKeepsOffsets) {
  ByteReader in(kTen, ByteOrder::kBig, 1000);
  ByteReader part{{}};
  ASSERT_TRUE(in.Skip(1).ok());
  ASSERT_TRUE(in.Sub(3, part).ok());
  EXPECT_EQ(in.offset(), 1004U);
  EXPECT_EQ(part.offset(), 1001U);
  std::uint16_t value = 0;
  ASSERT_TRUE(part.Read(value).ok());
  EXPECT_EQ(value, 0x0102);
  EXPECT_EQ(part.Read(value), (Status{Errc::kTruncated, 1003, 2}));
  EXPECT_EQ(in.Sub(7, part).code, Errc::kTruncated);
  EXPECT_EQ(in.offset(), 1004U);
  EXPECT_EQ(part.offset(), 1003U);
}

TEST(ByteReader, SkipsToAnOffsetForwardsOnly) {
  ByteReader in(kTen, ByteOrder::kLittle, 50);
  ASSERT_TRUE(in.SkipTo(50).ok());
  ASSERT_TRUE(in.SkipTo(56).ok());
  EXPECT_EQ(in.offset(), 56U);
  EXPECT_EQ(in.SkipTo(55), (Status{Errc::kMalformed, 56, 0}));
  EXPECT_EQ(in.SkipTo(61), (Status{Errc::kTruncated, 56, 5}));
  EXPECT_TRUE(in.SkipTo(60).ok());
  EXPECT_EQ(in.remaining(), 0U);
}

}  // namespace
}  // namespace sessenum
