#include "smb/lz4_block.h"

#include <gtest/gtest.h>

#include "smb/expansion_testing.h"
#include "smb/hex_testing.h"

namespace sessenum {
namespace {

// By liblz4 1.9.4
constexpr std::string_view kAbcPacked = "3f 616263 0300 ff12 50 6263616263";

Expanded Lz4(std::string_view hex, std::size_t size) { return Expand(DecompressLz4Block, FromHex(hex), size); }

TEST(Lz4Block, VectorOfTheLibrary) {
  const Expanded expanded = Lz4(kAbcPacked, 300);
  EXPECT_EQ(expanded.status, Ok());
  EXPECT_EQ(expanded.text, Repeated("abc", 100));
}

TEST(Lz4Block, LengthsOfAllForms) {
  EXPECT_EQ(Lz4("00", 0).status, Ok());
  EXPECT_EQ(Lz4("e0" + Repeated("61", 14), 14).text, std::string(14, 'a'));
  EXPECT_EQ(Lz4("f000" + Repeated("61", 15), 15).text, std::string(15, 'a'));
  EXPECT_EQ(Lz4("f0ff00" + Repeated("61", 270), 270).text, std::string(270, 'a'));
  EXPECT_EQ(Lz4("10 61 0100 10 62", 6).text, "aaaaab");
  EXPECT_EQ(Lz4("1e 61 0100 10 62", 20).text, std::string(19, 'a') + 'b');
  EXPECT_EQ(Lz4("1f 61 0100 00 10 62", 21).text, std::string(20, 'a') + 'b');
  EXPECT_EQ(Lz4("1f 61 0100 ff00 10 62", 276).text, std::string(275, 'a') + 'b');
}

TEST(Lz4Block, HostileMatches) {
  EXPECT_EQ(Lz4("10 61 0000 00", 99).status.code, Errc::kMalformed) << "distance 0";
  EXPECT_EQ(Lz4("10 61 0200 00", 99).status.code, Errc::kMalformed) << "before the start";
  EXPECT_EQ(Lz4("00 0100 00", 99).status.code, Errc::kMalformed) << "nothing to repeat";
  EXPECT_EQ(Lz4("10 61 01", 99).status.code, Errc::kTruncated);
  EXPECT_EQ(Lz4("10 61 0100", 99).status.code, Errc::kTruncated) << "a match cannot be the last";
  EXPECT_EQ(Lz4("20 61", 99).status.code, Errc::kTruncated);
  EXPECT_EQ(Lz4("", 99).status.code, Errc::kTruncated);
}

TEST(Lz4Block, BombsStopAtTheSize) {
  EXPECT_EQ(Lz4("1f 61 0100" + Repeated("ff", 10'000), 1'000).status.code, Errc::kMalformed);
  EXPECT_EQ(Lz4("f0" + Repeated("ff", 10'000), 1'000).status, Malformed(5)) << "before the run is through";
  EXPECT_EQ(Lz4("30 616263", 2).status.code, Errc::kMalformed);
  EXPECT_LT(Lz4("30 616263", std::size_t{1} << 31U).capacity, 100U);
}

TEST(Lz4Block, DamageIsSurvived) {
  ExpectDamageIsSurvived(DecompressLz4Block, FromHex(kAbcPacked), Repeated("abc", 100));
}

}  // namespace
}  // namespace sessenum
