#include "smb/rc4.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "smb/hex_testing.h"

namespace sessenum {
namespace {

// The first bytes of the key stream, up to 4,112.
std::string Stream(std::string_view key) {
  std::vector<std::uint8_t> zeros(4'112);
  Rc4(FromHex(key)).Apply(zeros);
  return ToHex(zeros);
}

TEST(Rc4, VectorsOfRfc6229) {
  const std::string of_40_bits = Stream("0102030405");
  EXPECT_EQ(of_40_bits.substr(0, 64), "b2396305f03dc027ccc3524a0a1118a86982944f18fc82d589c403a47a0d0919");
  EXPECT_EQ(of_40_bits.substr(2 * 240, 64), "28cb1132c96ce286421dcaadb8b69eae1cfcf62b03eddb641d77dfcf7f8d8c93");
  const std::string of_128_bits = Stream("0102030405060708090a0b0c0d0e0f10");
  EXPECT_EQ(of_128_bits.substr(0, 64), "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");
  EXPECT_EQ(of_128_bits.substr(2 * 4'080, 64), "ff38265c1642c1abe8d3c2fe5e572bf8a36a4c301ae8ac13610ccbc12256cacc");
}

TEST(Rc4, GoesOnWhereItStands) {
  std::vector<std::uint8_t> whole(100);
  std::vector<std::uint8_t> parts(100);
  Rc4 once(FromHex("0102030405"));
  Rc4 twice = once;
  once.Apply(whole);
  twice.Apply(std::span(parts).first(33));
  Rc4 copy = twice;
  copy.Apply(std::span(parts).subspan(33));
  EXPECT_EQ(whole, parts);
}

}  // namespace
}  // namespace sessenum
