#include "smb/upcase.h"

#include <gtest/gtest.h>

#include "base/utf16.h"

namespace sessenum {
namespace {

std::string Up(std::string_view text) {
  const std::vector<std::uint8_t> units = UpcaseUtf16(text);
  return ToUtf8(Utf16View(units, ByteOrder::kLittle));
}

TEST(Upcase, LettersOfSeveralScripts) {
  EXPECT_EQ(Up("alice.O'Neil-7"), "ALICE.O'NEIL-7");
  EXPECT_EQ(Up("jürgen çelik ÿ œ"), "JÜRGEN ÇELIK Ÿ Œ");
  EXPECT_EQ(Up("łukasz dvořák ğ"), "ŁUKASZ DVOŘÁK Ğ");
  EXPECT_EQ(Up("ωμέγα ύώ ς"), "ΩΜΈΓΑ ΎΏ Σ");
  EXPECT_EQ(Up("дмитрий ёж"), "ДМИТРИЙ ЁЖ");
  EXPECT_EQ(Up("ａｂ"), "ＡＢ");
}

TEST(Upcase, LeavesOthersAlone) {
  EXPECT_EQ(Up("ß÷ı 用户 😀"), "ß÷ı 用户 😀");
  EXPECT_EQ(Up("ЖΩÀÞ×"), "ЖΩÀÞ×");
}

TEST(Upcase, TwiceIsOnce) {
  for (unsigned unit = 0; unit < 0x10000; ++unit) {
    const std::uint16_t once = Upcase(static_cast<std::uint16_t>(unit));
    EXPECT_EQ(Upcase(once), once) << unit;
  }
}

}  // namespace
}  // namespace sessenum
