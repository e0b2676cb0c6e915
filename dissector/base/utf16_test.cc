#include "base/utf16.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sessenum {
namespace {

constexpr std::array kOrders = {ByteOrder::kLittle, ByteOrder::kBig};

std::vector<std::uint8_t> Wire(const std::vector<std::uint16_t>& units, ByteOrder order) {
  std::vector<std::uint8_t> out(units.size() * 2);
  for (std::size_t i = 0; i < units.size(); ++i) StoreInteger(units[i], order, &out[2 * i]);
  return out;
}

// The code point in UTF-16, as the Unicode standard's table 3-5 has it.
std::vector<std::uint16_t> Units(std::uint32_t code_point) {
  if (code_point < 0x10000) return {static_cast<std::uint16_t>(code_point)};
  return {static_cast<std::uint16_t>(0xD7C0 + (code_point >> 10U)),
          static_cast<std::uint16_t>(0xDC00 | (code_point & 0x3FFU))};
}

// The code point in UTF-8, as table 3-6 has it.
std::string Octets(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(192 + c / 64), byte(128 + c % 64)};
  if (c < 0x10000) return {byte(224 + c / 4096), byte(128 + c / 64 % 64), byte(128 + c % 64)};
  return {byte(240 + c / 262144), byte(128 + c / 4096 % 64), byte(128 + c / 64 % 64), byte(128 + c % 64)};
}

TEST(Utf16, EveryCodePointBothWays) {
  for (const ByteOrder order : kOrders) {
    for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
      if (c >= 0xD800 && c <= 0xDFFF) continue;
      const std::vector<std::uint8_t> wire = Wire(Units(c), order);
      const Utf16View view(wire, order);
      const std::string octets = Octets(c);
      ASSERT_EQ(ToUtf8(view), octets) << c;
      ASSERT_EQ(FindUnpairedSurrogate(view), kNoUnit) << c;
      ASSERT_EQ(Utf8ToUtf16(octets, order), wire) << c;
      std::string_view rest = octets;
      ASSERT_EQ(TakeCodePoint(rest), c);
      ASSERT_TRUE(rest.empty()) << c;
    }
  }
}

TEST(Utf16, EveryLoneSurrogateIsReplaced) {
  for (const ByteOrder order : kOrders) {
    for (std::uint32_t unit = 0xD800; unit <= 0xDFFF; ++unit) {
      const std::vector<std::uint8_t> wire = Wire({'a', static_cast<std::uint16_t>(unit), 'b'}, order);
      ASSERT_EQ(ToUtf8({wire, order}),
                "a\xEF\xBF\xBD"
                "b")
          << unit;
      ASSERT_EQ(FindUnpairedSurrogate({wire, order}), 1U) << unit;
    }
  }
}

TEST(Utf16, SurrogatesInTheWrongOrderOrAtTheEnd) {
  struct Case {
    std::vector<std::uint16_t> units;
    std::size_t unpaired;
    std::string utf8;
  };
  const std::string replaced = "\xEF\xBF\xBD";
  const std::string face = "\xF0\x9F\x98\x80";
  const std::vector<Case> cases = {
      {{0xDE00, 0xD83D}, 0, replaced + replaced},      // low before high
      {{0xD83D}, 0, replaced},                         // cut after the high half
      {{0xD83D, 0xD83D, 0xDE00}, 0, replaced + face},  // a high half before a pair
      {{0xD83D, 0xDE00, 0xDE00}, 2, face + replaced},  // a low half after a pair
      {{0xD83D, 0xDE00, 0xD83D, 0xDE00}, kNoUnit, face + face},
      {{}, kNoUnit, ""},
  };
  for (const Case& c : cases) {
    for (const ByteOrder order : kOrders) {
      const std::vector<std::uint8_t> wire = Wire(c.units, order);
      EXPECT_EQ(FindUnpairedSurrogate({wire, order}), c.unpaired) << c.utf8;
      EXPECT_EQ(ToUtf8({wire, order}), c.utf8);
    }
  }
}

TEST(Utf16, NulAndControlCharactersPass) {
  const std::vector<std::uint8_t> wire = Wire({'a', 0, 0x1B, 0x7F, 0}, ByteOrder::kBig);
  EXPECT_EQ(ToUtf8({wire, ByteOrder::kBig}), std::string("a\0\x1B\x7F\0", 5));
  EXPECT_EQ(FindNul({wire, ByteOrder::kBig}), 1U);
  EXPECT_EQ(FindNul(Utf16View(wire, ByteOrder::kBig).First(1)), kNoUnit);
}

TEST(Utf16View, LeavesOutAnOddByte) {
  const std::vector<std::uint8_t> wire = {'a', 0, 'b'};
  const Utf16View view(wire, ByteOrder::kLittle);
  EXPECT_EQ(view.size(), 1U);
  EXPECT_EQ(view.bytes().size(), 2U);
  EXPECT_EQ(view[0], 'a');
  EXPECT_TRUE(Utf16View().empty());
  EXPECT_TRUE(Utf16View().bytes().empty());
}

TEST(Utf16View, ComparesUnitsAcrossByteOrders) {
  const std::vector<std::uint8_t> little = Wire({'a', 0x4E2D}, ByteOrder::kLittle);
  const std::vector<std::uint8_t> big = Wire({'a', 0x4E2D}, ByteOrder::kBig);
  const std::vector<std::uint8_t> other = Wire({'a', 0x2D4E}, ByteOrder::kBig);
  const Utf16View view(little, ByteOrder::kLittle);
  EXPECT_EQ(view, Utf16View(big, ByteOrder::kBig));
  EXPECT_EQ(view, Utf16View(little, ByteOrder::kLittle));
  EXPECT_FALSE(view == Utf16View(other, ByteOrder::kBig));
  EXPECT_FALSE(view == Utf16View(big, ByteOrder::kLittle));
  EXPECT_FALSE(view == view.First(1));
}

TEST(Utf8, IllFormedBytesAreReplacedOneByOne) {
  struct Case {
    std::string bytes;
    std::size_t replaced;
  };
  const std::vector<Case> cases = {
      {"\x80", 1},              // a continuation alone
      {"\xBF\xBF", 2},          //
      {"\xC0\x80", 2},          // overlong NUL
      {"\xC1\xBF", 2},          // overlong U+007F
      {"\xE0\x80\x80", 3},      // overlong in three
      {"\xE0\x9F\xBF", 3},      // overlong U+07FF
      {"\xF0\x80\x80\x80", 4},  // overlong in four
      {"\xF0\x8F\xBF\xBF", 4},  // overlong U+FFFF
      {"\xED\xA0\x80", 3},      // U+D800
      {"\xED\xBF\xBF", 3},      // U+DFFF
      {"\xF4\x90\x80\x80", 4},  // U+110000
      {"\xF5\x80\x80\x80", 4},  //
      {"\xF9\x80\x80\x80", 4},  // leads nothing: three bits of it would make U+40000
      {"\x81\x80\x80\x80", 4},  // nor does this
      {"\xFE\xFF", 2},          //
      {"\xC3", 1},              // cut after one byte
      {"\xE4\xB8", 2},          // after two
      {"\xF0\x9F\x98", 3},      // after three
      {"\xE4\x41\xAD", 2},      // 'A' inside a sequence stays
  };
  for (const Case& c : cases) {
    std::size_t replaced = 0;
    std::size_t taken = 0;
    std::string_view rest = c.bytes;
    for (; !rest.empty(); ++taken) replaced += TakeCodePoint(rest) == 0xFFFD ? 1U : 0U;
    EXPECT_EQ(replaced, c.replaced) << testing::PrintToString(c.bytes);
    EXPECT_EQ(taken, c.bytes.size());
    std::string around = "<" + c.bytes + ">";
    const std::string fixed = WellFormedUtf8(around);
    EXPECT_EQ(fixed.front(), '<');
    EXPECT_EQ(fixed.back(), '>');
    EXPECT_EQ(WellFormedUtf8(fixed), fixed);
    EXPECT_EQ(Utf8ToUtf16(around, ByteOrder::kLittle).size(), 2 * around.size());
  }
}

TEST(Utf8, EveryPairOfBytesBecomesWellFormed) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second)};
      const std::string fixed = WellFormedUtf8(bytes);
      const std::vector<std::uint8_t> wire = Utf8ToUtf16(fixed, ByteOrder::kBig);
      ASSERT_EQ(ToUtf8({wire, ByteOrder::kBig}), fixed) << first << ' ' << second;
      ASSERT_EQ(FindUnpairedSurrogate({wire, ByteOrder::kBig}), kNoUnit);
    }
  }
}

TEST(Utf8, AppendsToWhatIsThere) {
  std::string out = "x";
  AppendCodePoint(0xE9, out);
  const std::vector<std::uint8_t> wire = Wire({0x4E2D}, ByteOrder::kLittle);
  AppendUtf8({wire, ByteOrder::kLittle}, out);
  EXPECT_EQ(out, "x\xC3\xA9\xE4\xB8\xAD");
}

}  // namespace
}  // namespace sessenum
