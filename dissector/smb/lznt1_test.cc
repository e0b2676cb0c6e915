#include "smb/lznt1.h"

#include <gtest/gtest.h>

#include "smb/expansion_testing.h"
#include "smb/hex_testing.h"

namespace sessenum {
namespace {

// MS-XCA 3.3
constexpr std::string_view kTune =
    "F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# E D E A F# "
    "F# G A A G F# E D D E F# E D D";
constexpr std::string_view kTunePacked =
    "38b08846232000204720410010a24701a0452044000845015079"
    "00c045200524138805b4024a44ef0358028c091601484500be009e000401189000";

Expanded Lznt1(std::string_view hex, std::size_t size) { return Expand(DecompressLznt1, FromHex(hex), size); }

std::string Tune() { return std::string(kTune) + '\0'; }

TEST(Lznt1, VectorOfTheSpecification) {
  const Expanded expanded = Lznt1(kTunePacked, Tune().size());
  EXPECT_EQ(expanded.status, Ok());
  EXPECT_EQ(expanded.text, Tune());
}

TEST(Lznt1, ChunksFollowOneAnother) {
  const std::string full = "ff3f" + Repeated("78", 4096);
  EXPECT_EQ(Lznt1(full + full + "0130 6162", 8'194).text, std::string(8'192, 'x') + "ab");
  EXPECT_EQ(Lznt1("0130 6162 0000", 2).status, Ok());
  EXPECT_EQ(Lznt1("0130 6162 0000 ffff", 2).status, Ok()) << "nothing counts behind the end mark";
  EXPECT_EQ(Lznt1("", 0).status, Ok());
  // The second one may not look back into the first.
  EXPECT_EQ(Lznt1("0130 6162 02b0 01 0000", 99).status.code, Errc::kMalformed);
}

// A match at each place of a chunk, at the farthest distance that its form has: four bits up to 16 bytes, then five.
TEST(Lznt1, TheSplitOfAMatchFollowsItsPlace) {
  const std::string sixteen = "00 6162636465666768 00 696a6b6c6d6e6f70";
  EXPECT_EQ(Lznt1("14b0" + sixteen + "01 00f0", 19).text, "abcdefghijklmnopabc");
  const Expanded seventeen = Lznt1("15b0" + sixteen + "02 71 0080", 20);
  EXPECT_EQ(seventeen.status, Ok());
  EXPECT_EQ(seventeen.text, "abcdefghijklmnopqabc");
}

TEST(Lznt1, TheLongestMatchFillsTheChunk) {
  const Expanded expanded = Lznt1("03b0 02 61 fc0f", 4'096);
  EXPECT_EQ(expanded.status, Ok());
  EXPECT_EQ(expanded.text, std::string(4'096, 'a'));
  EXPECT_EQ(Lznt1("03b0 02 61 fd0f", 9'999).status.code, Errc::kMalformed) << "one byte more than a chunk has";
  EXPECT_EQ(Lznt1("04b0 02 61 fc0f 62", 9'999).status.code, Errc::kMalformed);
}

TEST(Lznt1, HostileChunks) {
  EXPECT_EQ(Lznt1("02b0 01 0000", 99).status.code, Errc::kMalformed) << "nothing to repeat";
  EXPECT_EQ(Lznt1("03b0 02 61 0010", 99).status.code, Errc::kMalformed) << "before the start";
  EXPECT_EQ(Lznt1("02b0 02 61 00", 99).status.code, Errc::kTruncated) << "half a match at the end of the chunk";
  EXPECT_EQ(Lznt1("0180 00 61", 99).status.code, Errc::kMalformed) << "no signature";
  EXPECT_EQ(Lznt1("0230 6162", 99).status.code, Errc::kTruncated);
  EXPECT_EQ(Lznt1("30", 99).status.code, Errc::kTruncated);
  EXPECT_EQ(Lznt1("0130 6162", 1).status.code, Errc::kMalformed) << "more than was asked for";
}

TEST(Lznt1, BombsStopAtTheSize) {
  const Expanded bomb = Lznt1(Repeated("03b0 02 61 fc0f", 1'000), 10'000);
  EXPECT_EQ(bomb.status.code, Errc::kMalformed);
  EXPECT_LE(bomb.text.size(), 10'000U);
  EXPECT_LT(Lznt1("0130 6162", std::size_t{1} << 31U).capacity, 100U);
}

TEST(Lznt1, DamageIsSurvived) {
  ExpectDamageIsSurvived(DecompressLznt1, FromHex(kTunePacked), Tune());
  ExpectDamageIsSurvived(DecompressLznt1, FromHex("03b0 02 61 fc0f 0130 6162"), std::string(4'096, 'a') + "ab");
}

}  // namespace
}  // namespace sessenum
