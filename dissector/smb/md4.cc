#include "smb/md4.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

#include "base/byte_order.h"

namespace sessenum {
namespace {

constexpr std::size_t kBlock = 64;
using State = std::array<std::uint32_t, 4>;
using Words = std::array<std::uint32_t, 16>;

// One of the three rounds of RFC 1320 3.4: which word each step takes, how far it rotates, and what is added.
struct Round {
  std::array<std::uint8_t, 16> words;
  std::array<int, 4> shifts;
  std::uint32_t constant;
};

constexpr std::array<Round, 3> kRounds = {{
    {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {3, 7, 11, 19}, 0},
    {{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}, {3, 5, 9, 13}, 0x5A827999},
    {{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}, {3, 9, 11, 15}, 0x6ED9EBA1},
}};

std::uint32_t Mix(std::size_t round, std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  if (round == 0) return (x & y) | (~x & z);
  return round == 1 ? (x & y) | (x & z) | (y & z) : x ^ y ^ z;
}

void Absorb(Bytes block, State& state) {
  Words words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = LoadInteger<std::uint32_t>(&block[4 * i], ByteOrder::kLittle);
  }
  State s = state;
  for (std::size_t r = 0; r < kRounds.size(); ++r) {
    const Round& round = kRounds[r];
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint32_t sum = s[0] + Mix(r, s[1], s[2], s[3]) + words[round.words[i]] + round.constant;
      s = {s[3], std::rotl(sum, round.shifts[i % 4]), s[1], s[2]};
    }
  }
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += s[i];
}

}  // namespace

std::array<std::uint8_t, 16> Md4(Bytes message) {
  State state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
  const std::uint64_t bits = std::uint64_t{message.size()} * 8;
  for (; message.size() >= kBlock; message = message.subspan(kBlock)) Absorb(message.first(kBlock), state);
  // RFC 1320 3.1, 3.2: a one bit, zeros, and the length in the last eight bytes.
  std::array<std::uint8_t, 2 * kBlock> tail{};
  std::copy(message.begin(), message.end(), tail.begin());
  tail[message.size()] = 0x80;
  const std::size_t end = message.size() < kBlock - 8 ? kBlock : 2 * kBlock;
  StoreInteger(bits, ByteOrder::kLittle, &tail[end - 8]);
  for (std::size_t at = 0; at < end; at += kBlock) Absorb(Bytes(tail).subspan(at, kBlock), state);
  std::array<std::uint8_t, 16> digest{};
  for (std::size_t i = 0; i < state.size(); ++i) StoreInteger(state[i], ByteOrder::kLittle, &digest[4 * i]);
  return digest;
}

}  // namespace sessenum
