#include "output/sha1.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>

#include "base/byte_order.h"

namespace sessenum {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kLengthAt = 56;

using Schedule = std::array<std::uint32_t, 80>;
using State = std::array<std::uint32_t, 5>;

// FIPS 180-4 6.1.2 step 1
Schedule Expand(const std::array<std::uint8_t, kBlock>& block) {
  Schedule w{};
  for (std::size_t t = 0; t < 16; ++t) w[t] = LoadInteger<std::uint32_t>(&block[4 * t], ByteOrder::kBig);
  for (std::size_t t = 16; t < w.size(); ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  return w;
}

struct Round {
  std::uint32_t f;
  std::uint32_t k;
};

// FIPS 180-4 4.1.1 and 4.2.1
constexpr Round RoundAt(std::size_t t, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (t < 20) return {(b & c) ^ (~b & d), 0x5A827999};
  if (t < 40) return {b ^ c ^ d, 0x6ED9EBA1};
  if (t < 60) return {(b & c) ^ (b & d) ^ (c & d), 0x8F1BBCDC};
  return {b ^ c ^ d, 0xCA62C1D6};
}

}  // namespace

std::array<std::uint8_t, 20> Sha1OfShort(Bytes message) {
  assert(message.size() < kLengthAt);
  std::array<std::uint8_t, kBlock> block{};
  std::ranges::copy(message, block.begin());
  block[message.size()] = 0x80;
  StoreInteger(std::uint64_t{message.size() * 8}, ByteOrder::kBig, &block[kLengthAt]);

  const Schedule w = Expand(block);
  const State initial = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  auto [a, b, c, d, e] = initial;
  for (std::size_t t = 0; t < w.size(); ++t) {
    const Round round = RoundAt(t, b, c, d);
    const std::uint32_t next = std::rotl(a, 5) + round.f + e + round.k + w[t];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State working = {a, b, c, d, e};
  std::array<std::uint8_t, 20> digest{};
  for (std::size_t i = 0; i < working.size(); ++i) {
    StoreInteger(initial[i] + working[i], ByteOrder::kBig, &digest[4 * i]);
  }
  return digest;
}

}  // namespace sessenum
