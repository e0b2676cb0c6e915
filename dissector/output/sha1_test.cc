#include "output/sha1.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sessenum {
namespace {

std::string Digest(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const std::vector<std::uint8_t> message(text.begin(), text.end());
  std::string hex;
  for (const std::uint8_t byte : Sha1OfShort(message)) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

// The examples to FIPS 180-4 and of RFC 3174 that fit one block.
TEST(Sha1Test, KnownVectors) {
  EXPECT_EQ(Digest(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Digest("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Digest("a"), "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8");
  EXPECT_EQ(Digest("message digest"), "c12252ceda8be8994d5fa0290a47231c1d16aae3");
}

TEST(Sha1Test, TheLongestMessageOfOneBlock) {
  EXPECT_EQ(Digest(std::string(55, 'a')), "c1c8bbdc22796e28c0e15163d20899b65621d65a");
}

TEST(Sha1Test, ZerosAreNotPadding) { EXPECT_NE(Digest(std::string(1, '\0')), Digest("")); }

}  // namespace
}  // namespace sessenum
