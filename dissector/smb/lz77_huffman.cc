#include "smb/lz77_huffman.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kSymbols = 512;
constexpr std::size_t kTableSize = kSymbols / 2;  // four bits a symbol
constexpr unsigned kLongestCode = 15;
constexpr std::size_t kBlockSize = 65'536;  // bytes that one table is for

constexpr std::uint32_t kFirstMatch = 256;
constexpr std::uint32_t kShortestMatch = 3;
constexpr std::uint32_t kMaxInSymbol = 15;  // a byte follows
constexpr std::uint32_t kMaxInByte = 255;   // two bytes follow; if they are 0, four

// A canonical code: within one length, codes count up in the order of symbols, and start where the shorter ones ended.
class HuffmanCode {
 public:
  struct Symbol {
    std::uint32_t value = 0;
    unsigned bits = 0;
  };

  // `table`: kTableSize bytes with the length of each symbol's code, the lower half first. False where they leave codes
  // without a symbol, or have more symbols than codes.
  [[nodiscard]] bool Build(Bytes table) {
    std::array<std::uint16_t, kLongestCode + 1> counts{};
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) ++counts[LengthOf(table, symbol)];
    std::array<std::uint16_t, kLongestCode + 1> next{};
    std::uint32_t end = 0;
    std::uint16_t index = 0;
    for (unsigned bits = 1; bits <= kLongestCode; ++bits) {
      next[bits] = index;
      first_[bits] = end;
      index_[bits] = index;
      index = static_cast<std::uint16_t>(index + counts[bits]);
      end += std::uint32_t{counts[bits]} << (kLongestCode - bits);
      end_[bits] = end;
    }
    if (end != 1U << kLongestCode) return false;
    for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
      const unsigned bits = LengthOf(table, symbol);
      if (bits != 0) symbols_[next[bits]++] = static_cast<std::uint16_t>(symbol);
    }
    return true;
  }

  // `ahead`: the next kLongestCode bits.
  [[nodiscard]] Symbol Find(std::uint32_t ahead) const {
    unsigned bits = 1;
    while (ahead >= end_[bits]) ++bits;  // end_ of the longest is above all of `ahead`
    const std::size_t index = index_[bits] + ((ahead - first_[bits]) >> (kLongestCode - bits));
    return {symbols_[index], bits};
  }

 private:
  [[nodiscard]] static unsigned LengthOf(Bytes table, std::size_t symbol) {
    const unsigned both = table[symbol / 2];
    return both >> (symbol % 2 * 4) & 0xFU;
  }

  // By length: the first code, filled up with zeros to kLongestCode bits; the one behind the last; where the symbols of
  // this length stand.
  std::array<std::uint32_t, kLongestCode + 1> first_{};
  std::array<std::uint32_t, kLongestCode + 1> end_{};
  std::array<std::uint16_t, kLongestCode + 1> index_{};
  std::array<std::uint16_t, kSymbols> symbols_{};  // in the order of their codes
};

// The bits of a block, highest first, from 16-bit words. Bytes of long lengths stand between the words: where, follows
// from the words being read ahead just as the specification reads them.
class BitReader {
 public:
  explicit BitReader(ByteReader& in) : in_(in) {}

  [[nodiscard]] Status Start() {
    std::uint16_t high = 0;
    std::uint16_t low = 0;
    SE_TRY(in_.Read(high));
    SE_TRY(in_.Read(low));
    bits_ = std::uint32_t{high} << 16U | low;
    return Ok();
  }
  // The next `count` bits (up to 16), without taking them.
  [[nodiscard]] std::uint32_t Peek(unsigned count) const { return count == 0 ? 0 : bits_ >> (32U - count); }
  [[nodiscard]] Status Take(unsigned count) {
    bits_ <<= count;
    extra_ -= static_cast<int>(count);
    if (extra_ >= 0) return Ok();
    std::uint16_t word = 0;
    SE_TRY(in_.Read(word));
    bits_ |= std::uint32_t{word} << static_cast<unsigned>(-extra_);
    extra_ += 16;
    return Ok();
  }

 private:
  ByteReader& in_;
  std::uint32_t bits_ = 0;
  int extra_ = 16;  // bits at hand beyond 16
};

Status ReadLength(std::uint32_t symbol, ByteReader& in, std::size_t& length) {
  std::uint32_t value = symbol % 16;
  if (value == kMaxInSymbol) {
    std::uint8_t byte = 0;
    SE_TRY(in.Read(byte));
    value = byte + kMaxInSymbol;
    if (byte == kMaxInByte) {
      std::uint16_t word = 0;
      SE_TRY(in.Read(word));
      value = word;
      if (word == 0) SE_TRY(in.Read(value));
      if (value < kMaxInSymbol) return Malformed(in.offset());
    }
  }
  length = std::size_t{value} + kShortestMatch;
  return Ok();
}

// `symbol` has been taken. The end mark is a match to look at, too; but when it comes, `out` is full.
Status ReadMatch(std::uint32_t symbol, BitReader& bits, ByteReader& in, Expansion& out) {
  std::size_t length = 0;
  SE_TRY(ReadLength(symbol, in, length));
  const unsigned distance_bits = (symbol - kFirstMatch) / 16;
  const std::size_t distance = (std::size_t{1} << distance_bits) + bits.Peek(distance_bits);
  SE_TRY(bits.Take(distance_bits));
  return out.Repeat(distance, length) ? Ok() : Malformed(in.offset());
}

Status ReadBlock(ByteReader& in, Expansion& out) {
  Bytes table;
  SE_TRY(in.ReadBytes(kTableSize, table));
  HuffmanCode code;
  if (!code.Build(table)) return Malformed(in.offset());
  BitReader bits(in);
  SE_TRY(bits.Start());
  const std::size_t start = out.written();
  while (out.room() > 0 && out.written() - start < kBlockSize) {
    const HuffmanCode::Symbol symbol = code.Find(bits.Peek(kLongestCode));
    SE_TRY(bits.Take(symbol.bits));
    if (symbol.value >= kFirstMatch) {
      SE_TRY(ReadMatch(symbol.value, bits, in, out));
    } else if (!out.Write(static_cast<std::uint8_t>(symbol.value))) {
      return Malformed(in.offset());
    }
  }
  return Ok();
}

}  // namespace

Status DecompressLz77Huffman(Bytes in, Expansion& out) {
  ByteReader reader(in);
  while (out.room() > 0) SE_TRY(ReadBlock(reader, out));
  return Ok();
}

}  // namespace sessenum
