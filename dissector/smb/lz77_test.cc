#include "smb/lz77.h"

#include <gtest/gtest.h>

#include "smb/expansion_testing.h"
#include "smb/hex_testing.h"

namespace sessenum {
namespace {

// MS-XCA 3.1
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kAlphabetPacked = "3f000000 6162636465666768696a6b6c6d6e6f707172737475767778797a";
constexpr std::string_view kAbcPacked = "ffffff1f 616263 1700 0f ff 2601";
// By Samba
constexpr std::string_view kTest = "this is a test. and this is a test too";
constexpr std::string_view kTestPacked = "00200004 7468697320 1000 61207465 73742e20616e6420 9f00 04 20746f6f";

Expanded Lz77(std::string_view hex, std::size_t size) { return Expand(DecompressLz77, FromHex(hex), size); }

TEST(Lz77, VectorsOfTheSpecification) {
  EXPECT_EQ(Lz77(kAlphabetPacked, 26).text, kAlphabet);
  EXPECT_EQ(Lz77(kAlphabetPacked, 26).status, Ok());
  EXPECT_EQ(Lz77(kAbcPacked, 300).text, Repeated("abc", 100));
  EXPECT_EQ(Lz77(kAbcPacked, 300).status, Ok());
}

TEST(Lz77, VectorOfAnotherImplementation) {
  EXPECT_EQ(Lz77(kTestPacked, 38).text, kTest);
  EXPECT_EQ(Lz77(kTestPacked, 38).status, Ok());
}

// A literal, then one match at distance 1 of each form of length.
TEST(Lz77, LengthsOfAllForms) {
  struct Case {
    std::string_view token_and_length;
    std::size_t length;
  };
  const std::vector<Case> cases = {
      {"0000", 3},
      {"0600", 9},
      {"0700 00", 10},
      {"0700 0e", 24},
      {"0700 0f 00", 25},
      {"0700 0f fe", 279},
      {"0700 0f ff 1600", 25},
      {"0700 0f ff ffff", 65'538},
      {"0700 0f ff 0000 00000100", 65'539},
  };
  for (const Case& c : cases) {
    const Expanded expanded = Lz77("ffffff7f 61 " + std::string(c.token_and_length), 70'000);
    EXPECT_EQ(expanded.status, Ok()) << c.token_and_length;
    EXPECT_EQ(expanded.text, std::string(1 + c.length, 'a')) << c.token_and_length;
  }
}

// The third long match has a byte of its own again.
TEST(Lz77, TwoLengthsShareAByte) {
  const Expanded expanded = Lz77("ffffff7f 61 0700 21 0700 0700 03", 1 + 11 + 12 + 13);
  EXPECT_EQ(expanded.status, Ok());
  EXPECT_EQ(expanded.text, std::string(37, 'a'));
}

TEST(Lz77, ItemsMayEndWithAWordOfFlags) {
  EXPECT_EQ(Lz77("00000000" + Repeated("61", 32), 32).text, std::string(32, 'a'));
  EXPECT_EQ(Lz77("00000000" + Repeated("61", 32) + "ffffffff", 32).status, Ok());
  EXPECT_EQ(Lz77("", 0).status, Ok());
}

TEST(Lz77, HostileMatches) {
  EXPECT_EQ(Lz77("ffffffff 0000", 10).status.code, Errc::kMalformed) << "nothing to repeat";
  EXPECT_EQ(Lz77("ffffff7f 61 0800", 10).status.code, Errc::kMalformed) << "before the start";
  EXPECT_EQ(Lz77("ffffff7f 61 f8ff", 10).status.code, Errc::kMalformed);
  EXPECT_EQ(Lz77("ffffff7f 61 0700 0f ff 1500", 99).status.code, Errc::kMalformed) << "a length below its form";
  EXPECT_EQ(Lz77("ffffff7f 61 0700 0f ff 0000 15000000", 99).status.code, Errc::kMalformed);
  EXPECT_EQ(Lz77("ffffff7f 61 07", 10).status.code, Errc::kTruncated);
  EXPECT_EQ(Lz77("ffff", 10).status.code, Errc::kTruncated);
}

TEST(Lz77, BombsStopAtTheSize) {
  const Expanded bomb = Lz77("ffffff7f 61 0700 0f ff 0000 ffffffff", 1'000);
  EXPECT_EQ(bomb.status.code, Errc::kMalformed);
  EXPECT_EQ(bomb.text, "a");
  const Expanded claim = Lz77("ffffff7f 61", std::size_t{1} << 31U);
  EXPECT_LT(claim.capacity, 100U) << "nothing is reserved on the wire's word";
  EXPECT_EQ(Lz77(kAlphabetPacked, 25).status.code, Errc::kMalformed);
}

TEST(Lz77, DamageIsSurvived) {
  ExpectDamageIsSurvived(DecompressLz77, FromHex(kAlphabetPacked), std::string(kAlphabet));
  ExpectDamageIsSurvived(DecompressLz77, FromHex(kAbcPacked), Repeated("abc", 100));
  ExpectDamageIsSurvived(DecompressLz77, FromHex(kTestPacked), std::string(kTest));
}

}  // namespace
}  // namespace sessenum
