#include "smb/lz77_huffman.h"

#include <gtest/gtest.h>

#include <map>

#include "base/byte_order.h"
#include "smb/expansion_testing.h"
#include "smb/hex_testing.h"

namespace sessenum {
namespace {

using Buffer = std::vector<std::uint8_t>;

// A table with the lengths of codes in the named places, by their index in it, and the data behind it.
Buffer Packed(const std::map<std::size_t, std::string_view>& lengths, std::string_view data) {
  Buffer out(256);
  for (const auto& [at, hex] : lengths) {
    const Buffer bytes = FromHex(hex);
    std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
  }
  const Buffer rest = FromHex(data);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

// MS-XCA 3.2
Buffer PackedAlphabet() {
  return Packed({{48, "5055555555555555555555454404"}, {128, "04"}}, "d8523ed794115be9195ff9d67cdf8d0400000000");
}
Buffer PackedAbc() { return Packed({{48, "3023"}, {128, "02"}, {143, "20"}}, "a8dc0000ff2601"); }
// 65,537 zeros, by Windows: the match makes its block longer than 64 KiB.
Buffer PackedZeros() { return Packed({{0, "02"}, {128, "02"}, {135, "10"}}, "00980000fffdff"); }

Expanded Huffman(const Buffer& in, std::size_t size) { return Expand(DecompressLz77Huffman, in, size); }

// Compresses with a code of nine bits for each symbol, laying out words and bytes as MS-XCA 2.1.4.3 does.
class Encoder {
 public:
  Encoder() { StartBlock(); }

  // Ends the block before it.
  void StartBlock() {
    Flush();
    out_.insert(out_.end(), 256, 0x99);
    next_ = Reserve();
    after_ = Reserve();
    word_ = 0;
    free_ = 16;
  }
  void Literal(std::uint8_t byte) { Put(byte, 9); }
  void Match(std::size_t distance, std::size_t length) {
    unsigned distance_bits = 0;
    while (distance >> (distance_bits + 1) != 0) ++distance_bits;
    const std::size_t rest = length - 3;
    Put(256 + distance_bits * 16 + static_cast<unsigned>(std::min<std::size_t>(rest, 15)), 9);
    if (rest >= 15) PutRest(rest);
    Put(static_cast<unsigned>(distance) & ((1U << distance_bits) - 1), distance_bits);
  }
  Buffer Finish() {
    Put(256, 9);
    Flush();
    return out_;
  }

 private:
  std::size_t Reserve() {
    out_.insert(out_.end(), 2, 0);
    return out_.size() - 2;
  }
  void Store(std::size_t at, unsigned word) {
    StoreInteger(static_cast<std::uint16_t>(word), ByteOrder::kLittle, &out_[at]);
  }
  void Put(unsigned bits, unsigned count) {
    if (count <= free_) {
      word_ = word_ << count | bits;
      free_ -= count;
      return;
    }
    const unsigned over = count - free_;
    Store(next_, word_ << free_ | bits >> over);
    next_ = after_;
    after_ = Reserve();
    word_ = bits & ((1U << over) - 1);
    free_ = 16 - over;
  }
  void PutRest(std::size_t rest) {
    if (rest < 15 + 255) {
      out_.push_back(static_cast<std::uint8_t>(rest - 15));
      return;
    }
    out_.push_back(255);
    if (rest < 0x10000) return Store(Reserve(), static_cast<unsigned>(rest));
    Reserve();
    Store(Reserve(), static_cast<unsigned>(rest & 0xFFFF));
    Store(Reserve(), static_cast<unsigned>(rest >> 16U));
  }
  void Flush() {
    if (!out_.empty()) Store(next_, word_ << free_);
  }

  Buffer out_;
  std::size_t next_ = 0;   // where the word that is being filled goes
  std::size_t after_ = 0;  // and the one behind it
  unsigned word_ = 0;
  unsigned free_ = 16;
};

TEST(Lz77Huffman, VectorsOfTheSpecification) {
  EXPECT_EQ(Huffman(PackedAlphabet(), 26).status, Ok());
  EXPECT_EQ(Huffman(PackedAlphabet(), 26).text, "abcdefghijklmnopqrstuvwxyz");
  EXPECT_EQ(Huffman(PackedAbc(), 300).status, Ok());
  EXPECT_EQ(Huffman(PackedAbc(), 300).text, Repeated("abc", 100));
}

TEST(Lz77Huffman, VectorsOfOtherImplementations) {
  EXPECT_EQ(Huffman(PackedZeros(), 65'537).status, Ok());
  EXPECT_EQ(Huffman(PackedZeros(), 65'537).text, std::string(65'537, '\0'));
}

TEST(Lz77Huffman, LengthsOfAllForms) {
  for (const std::size_t length : {3U, 17U, 18U, 272U, 273U, 65'538U, 65'539U, 100'000U}) {
    Encoder encoder;
    encoder.Literal('a');
    encoder.Match(1, length);
    const Expanded expanded = Huffman(encoder.Finish(), 1 + length);
    EXPECT_EQ(expanded.status, Ok()) << length;
    EXPECT_EQ(expanded.text, std::string(1 + length, 'a')) << length;
  }
}

// Literals and matches of every distance that has another number of bits, over several tables.
TEST(Lz77Huffman, BlocksFollowOneAnother) {
  Encoder encoder;
  std::string text;
  std::size_t block = 0;
  while (text.size() < 300'000) {
    if (text.size() - block >= 65'536) {
      encoder.StartBlock();
      block = text.size();
    }
    const auto literal = static_cast<char>(text.size() * 2'654'435'761U >> 24U);
    encoder.Literal(static_cast<std::uint8_t>(literal));
    text += literal;
    const std::size_t distance = std::min<std::size_t>(text.size(), (std::size_t{1} << text.size() % 16) | 1U);
    const std::size_t length = 3 + text.size() % 300;
    encoder.Match(distance, length);
    for (std::size_t i = 0; i < length; ++i) text += text[text.size() - distance];
  }
  const Expanded expanded = Huffman(encoder.Finish(), text.size());
  EXPECT_EQ(expanded.status, Ok());
  EXPECT_TRUE(expanded.text == text);
}

TEST(Lz77Huffman, NothingIsReadForNothing) { EXPECT_EQ(Huffman({}, 0).status, Ok()); }

TEST(Lz77Huffman, TablesThatAreNoCode) {
  EXPECT_EQ(Huffman(Packed({}, "00000000"), 9).status.code, Errc::kMalformed) << "empty";
  EXPECT_EQ(Huffman(Packed({{0, "01"}}, "00000000"), 9).status.code, Errc::kMalformed) << "half of the codes unused";
  EXPECT_EQ(Huffman(Packed({{0, "1101"}}, "00000000"), 9).status.code, Errc::kMalformed) << "over-subscribed";
  EXPECT_EQ(Huffman(Packed({{0, Repeated("11", 256)}}, "00000000"), 9).status.code, Errc::kMalformed);
  EXPECT_EQ(Huffman(Packed({{0, Repeated("ff", 256)}}, "00000000"), 9).status.code, Errc::kMalformed);
  EXPECT_EQ(Huffman(Packed({{0, "2122"}}, "00000000"), 9).status.code, Errc::kMalformed) << "one code too many";
  EXPECT_EQ(Huffman(Packed({{0, "21f2"}}, "00000000"), 9).status.code, Errc::kMalformed) << "by the smallest part";
  EXPECT_EQ(Huffman(Packed({{0, "21e3"}}, "00000000"), 9).status.code, Errc::kMalformed) << "short of that";
  EXPECT_EQ(Huffman(Packed({{0, "11"}}, "00000000"), 9).status, Ok());
}

// Codes of all lengths up to the longest: 0, 10, 110 and so on.
TEST(Lz77Huffman, TheLongestCode) {
  const Buffer in = Packed({{0, "21436587a9cbedff"}}, "fcff feff 0000 0000");
  EXPECT_EQ(Huffman(in, 1).text, "\x0E");
  EXPECT_EQ(Huffman(in, 3).text, std::string("\x0E\x00\x0F", 3));
}

TEST(Lz77Huffman, HostileMatches) {
  Encoder nothing;
  nothing.Match(1, 3);
  EXPECT_EQ(Huffman(nothing.Finish(), 99).status.code, Errc::kMalformed);
  Encoder far;
  far.Literal('a');
  far.Match(2, 3);
  EXPECT_EQ(Huffman(far.Finish(), 99).status.code, Errc::kMalformed);
  Buffer below = PackedAbc();
  below[below.size() - 2] = 14;
  below[below.size() - 1] = 0;
  EXPECT_EQ(Huffman(below, 300).status.code, Errc::kMalformed) << "a length below its form";
}

TEST(Lz77Huffman, BombsStopAtTheSize) {
  Encoder encoder;
  encoder.Literal('a');
  encoder.Match(1, 0xFFFFFFFFU);
  const Expanded bomb = Huffman(encoder.Finish(), 1'000);
  EXPECT_EQ(bomb.status.code, Errc::kMalformed);
  EXPECT_EQ(bomb.text, "a");
  const Expanded claim = Huffman(PackedAlphabet(), std::size_t{1} << 31U);
  EXPECT_FALSE(claim.status.ok());
  EXPECT_LT(claim.capacity, 1'000U);
}

TEST(Lz77Huffman, DamageIsSurvived) {
  ExpectDamageIsSurvived(DecompressLz77Huffman, PackedAlphabet(), "abcdefghijklmnopqrstuvwxyz");
  ExpectDamageIsSurvived(DecompressLz77Huffman, PackedAbc(), Repeated("abc", 100));
}

}  // namespace
}  // namespace sessenum
