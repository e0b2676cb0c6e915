#include "base/byte_order.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace sessenum {
namespace {

TEST(ByteOrder, SwapsEachWidth) {
  static_assert(SwapBytes(std::uint8_t{0xA1}) == 0xA1);
  static_assert(SwapBytes(std::uint16_t{0xA1B2}) == 0xB2A1);
  static_assert(SwapBytes(std::uint32_t{0xA1B2C3D4}) == 0xD4C3B2A1);
  static_assert(SwapBytes(std::uint64_t{0xA1B2C3D4E5F60718}) == 0x1807F6E5D4C3B2A1);
}

TEST(ByteOrder, LoadsAtAnyAlignment) {
  const std::array<std::uint8_t, 9> bytes = {0xFF, 1, 2, 3, 4, 5, 6, 7, 8};
  const std::uint8_t* odd = &bytes[1];
  EXPECT_EQ(LoadInteger<std::uint8_t>(odd, ByteOrder::kBig), 1);
  EXPECT_EQ(LoadInteger<std::uint16_t>(odd, ByteOrder::kLittle), 0x0201);
  EXPECT_EQ(LoadInteger<std::uint16_t>(odd, ByteOrder::kBig), 0x0102);
  EXPECT_EQ(LoadInteger<std::uint32_t>(odd, ByteOrder::kLittle), 0x04030201U);
  EXPECT_EQ(LoadInteger<std::uint32_t>(odd, ByteOrder::kBig), 0x01020304U);
  EXPECT_EQ(LoadInteger<std::uint64_t>(odd, ByteOrder::kLittle), 0x0807060504030201U);
  EXPECT_EQ(LoadInteger<std::uint64_t>(odd, ByteOrder::kBig), 0x0102030405060708U);
}

TEST(ByteOrder, StoresWhatItLoads) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    std::array<std::uint8_t, 5> bytes{};
    StoreInteger(std::uint32_t{0x01020304}, order, &bytes[1]);
    EXPECT_EQ(bytes[0], 0);
    EXPECT_EQ(bytes[1], order == ByteOrder::kBig ? 1 : 4);
    EXPECT_EQ(bytes[4], order == ByteOrder::kBig ? 4 : 1);
    EXPECT_EQ(LoadInteger<std::uint32_t>(&bytes[1], order), 0x01020304U);
  }
}

}  // namespace
}  // namespace sessenum
