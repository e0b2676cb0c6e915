#include "base/terminal.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf16.h"

namespace sessenum {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// The general categories Cc, Zl, Zp, and Cf but for the few format characters that are drawn (UnicodeData.txt 14.0);
// surrogates and noncharacters of the last plane aside, which UTF-8 cannot hold or nobody draws.
constexpr std::array<Range, 17> kUnprintable = {{{0x0000, 0x001F},
                                                 {0x007F, 0x009F},
                                                 {0x00AD, 0x00AD},
                                                 {0x061C, 0x061C},
                                                 {0x180E, 0x180E},
                                                 {0x200B, 0x200F},
                                                 {0x2028, 0x2029},
                                                 {0x202A, 0x202E},
                                                 {0x2060, 0x2064},
                                                 {0x2066, 0x206F},
                                                 {0xFEFF, 0xFEFF},
                                                 {0xFFF9, 0xFFFB},
                                                 {0x13430, 0x13438},
                                                 {0x1BCA0, 0x1BCA3},
                                                 {0x1D173, 0x1D17A},
                                                 {0xE0001, 0xE0001},
                                                 {0xE0020, 0xE007F}}};

bool IsUnprintable(std::uint32_t c) {
  for (const Range& range : kUnprintable) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

std::string Utf8(std::uint32_t c) {
  std::string text;
  AppendCodePoint(c, text);
  return text;
}

TEST(PrintableTest, NoCodePointThatSteersATerminalPasses) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string printed = Printable("a" + Utf8(c) + "b");
    ASSERT_EQ(printed.front(), 'a') << c;
    ASSERT_EQ(printed.back(), 'b') << c;
    std::string_view rest(printed);
    while (!rest.empty()) {
      const std::uint32_t got = TakeCodePoint(rest);
      ASSERT_FALSE(IsUnprintable(got)) << std::hex << c << " comes out as " << got;
    }
  }
}

TEST(PrintableTest, WhatIsHarmlessPassesUnchanged) {
  for (const std::string_view text :
       {"", "plain \\\\SRV \"quoted\" ~", "\xC3\xA9\xC3\xBC\xC3\x9F", "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x98\x80",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xC2\xA0"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

// The ranges are a little wider than what is assigned today, and no wider than that.
TEST(PrintableTest, WhatStandsBesideTheUnprintablePasses) {
  for (const std::uint32_t c :
       {0x20U,   0x7EU,    0xA0U,    0xACU,    0xAEU,    0x61BU,   0x61DU,   0x180DU,  0x180FU,
        0x200AU, 0x2010U,  0x2027U,  0x202FU,  0x205FU,  0x2070U,  0xFEFEU,  0xFF00U,  0xFFEFU,
        0xFFFCU, 0x1342FU, 0x13440U, 0x1BC9FU, 0x1BCA4U, 0x1D172U, 0x1D17BU, 0xDFFFFU, 0xE1000U}) {
    EXPECT_EQ(Printable(Utf8(c)), Utf8(c)) << std::hex << c;
  }
  for (const std::uint32_t c : {0x202AU, 0x2065U, 0xFFF0U, 0x1343FU, 0xE0000U, 0xE0FFFU}) {
    EXPECT_NE(Printable(Utf8(c)), Utf8(c)) << std::hex << c;
  }
}

TEST(PrintableTest, EscapesShowTheCodePoint) {
  using namespace std::string_view_literals;
  EXPECT_EQ(Printable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(Printable("a\0b"sv), "a\\x00b");
  EXPECT_EQ(Printable("\r\n\t\x7F"), "\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(Printable("\xC2\x9B"), "\\x9b");
  EXPECT_EQ(Printable("\xE2\x80\xAE"), "\\u202e");
  EXPECT_EQ(Printable("\xF3\xA0\x81\x81"), "\\U0e0041");
}

TEST(PrintableTest, IllFormedUtf8BecomesTheReplacementCharacter) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(Printable("\x9B"), replacement) << "a lone C1 byte, which some terminals obey";
  EXPECT_EQ(Printable("\xC2"), replacement);
  EXPECT_EQ(Printable("a\xFFz"), "a" + replacement + "z");
  EXPECT_EQ(Printable("\xC0\x9B"), replacement + replacement) << "overlong";
  EXPECT_EQ(Printable("\xED\xA0\x80"), replacement + replacement + replacement) << "a surrogate";
  EXPECT_EQ(Printable("\xE2\x80"), replacement + replacement) << "cut short";
  EXPECT_EQ(Printable("\xF4\x90\x80\x80"), replacement + replacement + replacement + replacement) << "too high";
}

TEST(PrintableTest, EveryPairOfBytesComesOutAsWellFormedPrintableText) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string printed = Printable(std::string{static_cast<char>(first), static_cast<char>(second)});
      ASSERT_EQ(WellFormedUtf8(printed), printed) << first << " " << second;
      ASSERT_EQ(Printable(printed), printed) << first << " " << second;
    }
  }
}

TEST(ColumnsTest, OneForEachCharacterTwoForAWideOneNoneForACombiningOne) {
  EXPECT_EQ(Columns(""), 0U);
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("\xC3\xA9"), 1U);
  EXPECT_EQ(Columns("e\xCC\x81"), 1U);
  EXPECT_EQ(Columns("\xE6\x97\xA5\xE6\x9C\xAC"), 4U);  // CJK
  EXPECT_EQ(Columns("\xED\x95\x9C"), 2U);              // Hangul
  EXPECT_EQ(Columns("\xEF\xBC\xA1"), 2U);              // fullwidth A
  EXPECT_EQ(Columns("\xEF\xBD\xB1"), 1U);              // halfwidth katakana
  EXPECT_EQ(Columns("\xF0\x9F\x98\x80"), 2U);          // emoji
  EXPECT_EQ(Columns("\xF0\xA0\x80\x80"), 2U);          // plane 2
  EXPECT_EQ(Columns("\xEF\xBF\xBD"), 1U);              // U+FFFD
}

// EastAsianWidth.txt, W and F; each block from its first code point to its last.
TEST(ColumnsTest, BlocksOfWideCharactersEndWhereTheyEnd) {
  constexpr std::array<Range, 16> kBlocks = {{{0x1100, 0x115F},
                                              {0x2E80, 0x303E},
                                              {0x3041, 0x3247},
                                              {0x3250, 0x4DBF},
                                              {0x4E00, 0xA4CF},
                                              {0xA960, 0xA97F},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE10, 0xFE19},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0xFFE0, 0xFFE6},
                                              {0x16FE0, 0x1B2FF},
                                              {0x1F300, 0x1F64F},
                                              {0x1F900, 0x1F9FF},
                                              {0x20000, 0x3FFFD}}};
  for (const Range& block : kBlocks) {
    EXPECT_EQ(Columns(Utf8(block.first)), 2U) << std::hex << block.first;
    EXPECT_EQ(Columns(Utf8(block.last)), 2U) << std::hex << block.last;
    EXPECT_NE(Columns(Utf8(block.first - 1)), 2U) << std::hex << block.first;
    EXPECT_NE(Columns(Utf8(block.last + 1)), 2U) << std::hex << block.last;
  }
}

TEST(ColumnsTest, BlocksOfCombiningCharactersEndWhereTheyEnd) {
  for (const auto& [first, last] :
       {Range{0x0300, 0x036F}, Range{0x20D0, 0x20F0}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}}) {
    EXPECT_EQ(Columns(Utf8(first)) + Columns(Utf8(last)), 0U) << std::hex << first;
    EXPECT_NE(Columns(Utf8(first - 1)), 0U) << std::hex << first;
    EXPECT_NE(Columns(Utf8(last + 1)), 0U) << std::hex << last;
  }
}

}  // namespace
}  // namespace sessenum
