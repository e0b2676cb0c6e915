#include "ndr/plain_string.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/byte_writer.h"

namespace sessenum {
namespace {

using Big64 = FixedFormat<TransferSyntax::kNdr64, ByteOrder::kBig>;
using Little32 = FixedFormat<TransferSyntax::kNdr, ByteOrder::kLittle>;

std::vector<std::uint8_t> Wire(const std::vector<std::uint16_t>& units, ByteOrder order) {
  std::vector<std::uint8_t> wire;
  for (const std::uint16_t unit : units) ByteWriter(wire, order).Write(unit);
  return wire;
}

// What is looked for is seen at every place of a text of any length, and its neighbours are not taken for it.
TEST(PlainString, OddUnitsAreSeenWhereverTheyStand) {
  constexpr std::array<std::uint16_t, 5> kOdd = {0, 0xD800, 0xDBFF, 0xDC00, 0xDFFF};
  constexpr std::array<std::uint16_t, 8> kPlain = {1, 0x7F, 0x80, 0xD8, 0x100, 0xD7FF, 0xE000, 0xFFFF};
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    for (std::size_t size = 1; size < 14; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::vector<std::uint16_t> units(size, 'a');
        EXPECT_FALSE(HasOddUnit(Wire(units, order), order));
        for (const std::uint16_t unit : kOdd) {
          units[at] = unit;
          EXPECT_TRUE(HasOddUnit(Wire(units, order), order)) << unit << " at " << at << " of " << size;
        }
        for (const std::uint16_t unit : kPlain) {
          units[at] = unit;
          EXPECT_FALSE(HasOddUnit(Wire(units, order), order)) << unit << " at " << at << " of " << size;
        }
      }
    }
    EXPECT_FALSE(HasOddUnit({}, order));
  }
}

// A stub with a string at `offset`, whose last unit is the stub's.
template <typename Format>
std::vector<std::uint8_t> Stub(std::size_t offset, const std::vector<std::uint16_t>& units) {
  std::vector<std::uint8_t> stub(offset, 0xEE);
  const std::size_t word = sizeof(typename Format::Word);
  stub.resize((offset + word - 1) / word * word);
  ByteWriter to(stub, Format::order);
  const auto count = static_cast<typename Format::Word>(units.size());
  to.Write(count);
  to.Write(typename Format::Word{0});
  to.Write(count);
  for (const std::uint16_t unit : units) to.Write(unit);
  return stub;
}

template <typename Format>
void ExpectTakenFromEveryOffset() {
  const std::vector<std::vector<std::uint16_t>> strings = {
      {0}, {'a', 0}, {'a', 'b', 'c', 'd', 0}, {'a', 'b', 'c', 'd', 'e', 'f', 0}, {0xE9, 0x4E2D, 'x', 'y', 'z', 0}};
  for (const std::vector<std::uint16_t>& units : strings) {
    for (std::size_t offset = 0; offset <= 16; ++offset) {
      const std::vector<std::uint8_t> stub = Stub<Format>(offset, units);
      NdrString string;
      ASSERT_EQ(TakePlainString<Format>(stub, offset, string), stub.size());
      EXPECT_EQ(string.max_count, units.size());
      EXPECT_EQ(string.actual_count, units.size());
      EXPECT_EQ(string.offset, 0U);
      EXPECT_EQ(string.extent().end(), stub.size());
      EXPECT_EQ(string.data, stub.data() + string.units_at);
      EXPECT_EQ(string.order, Format::order);
    }
  }
}

TEST(PlainString, IsTakenWithThePaddingInFrontOfIt) {
  ExpectTakenFromEveryOffset<Little32>();
  ExpectTakenFromEveryOffset<Big64>();
}

TEST(PlainString, AnOddOneIsLeft) {
  const std::vector<std::uint8_t> plain = Stub<Little32>(2, {'n', 'a', 'm', 'e', 's', 0});
  NdrString string;
  ASSERT_EQ(TakePlainString<Little32>(plain, 2, string), plain.size());
  // Padding, max_count, offset, actual_count, a NUL inside, no terminator.
  for (const std::size_t at : {2U, 3U, 4U, 8U, 12U, 16U, 27U}) {
    std::vector<std::uint8_t> odd = plain;
    odd[at] = odd[at] == 'n' ? 0 : 9;
    string = {};
    EXPECT_EQ(TakePlainString<Little32>(odd, 2, string), 0U) << at;
    EXPECT_EQ(string.data, nullptr);
  }
  for (std::size_t size = 2; size < plain.size(); ++size) {
    const std::vector<std::uint8_t> cut(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(TakePlainString<Little32>(cut, 2, string), 0U) << size;
  }
  EXPECT_EQ(TakePlainString<Little32>(Stub<Little32>(0, {}), 0, string), 0U);
}

}  // namespace
}  // namespace sessenum
