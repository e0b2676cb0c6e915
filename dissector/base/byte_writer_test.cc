#include "base/byte_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

TEST(ByteWriter, WritesInItsOrder) {
  std::vector<std::uint8_t> little;
  ByteWriter(little, ByteOrder::kLittle).Write(std::uint32_t{0x01020304});
  EXPECT_EQ(little, (std::vector<std::uint8_t>{4, 3, 2, 1}));
  std::vector<std::uint8_t> big;
  ByteWriter(big, ByteOrder::kBig).Write(std::uint16_t{0x0102});
  EXPECT_EQ(big, (std::vector<std::uint8_t>{1, 2}));
}

TEST(ByteWriter, AppendsAndCountsFromWhereItBegan) {
  std::vector<std::uint8_t> out = {9, 9, 9};
  ByteWriter writer(out);
  EXPECT_EQ(writer.offset(), 0U);
  writer.WriteBytes(std::vector<std::uint8_t>{1, 2});
  writer.WriteFill(2);
  writer.WriteFill(1, 0xBF);
  writer.WriteFill(0);
  EXPECT_EQ(writer.offset(), 5U);
  EXPECT_EQ(out, (std::vector<std::uint8_t>{9, 9, 9, 1, 2, 0, 0, 0xBF}));
}

TEST(ByteWriter, TheReaderReadsItBack) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    std::vector<std::uint8_t> out;
    ByteWriter writer(out, order);
    writer.Write(std::uint8_t{0x7F});
    writer.Write(std::uint16_t{0xFFFE});
    writer.Write(std::uint64_t{0x8000000000000001});
    ByteReader in(out, order);
    std::uint8_t u8 = 0;
    std::uint16_t u16 = 0;
    std::uint64_t u64 = 0;
    ASSERT_TRUE(in.Read(u8).ok() && in.Read(u16).ok() && in.Read(u64).ok());
    EXPECT_EQ(u8, 0x7F);
    EXPECT_EQ(u16, 0xFFFE);
    EXPECT_EQ(u64, 0x8000000000000001U);
    EXPECT_EQ(in.remaining(), 0U);
  }
}

}  // namespace
}  // namespace sessenum
