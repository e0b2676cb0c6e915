#include "output/sha1.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <span>

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

// FIPS 180-4 4.1.1
constexpr std::uint32_t Choice(std::uint32_t b, std::uint32_t c, std::uint32_t d) { return (b & c) ^ (~b & d); }
constexpr std::uint32_t Parity(std::uint32_t b, std::uint32_t c, std::uint32_t d) { return b ^ c ^ d; }
constexpr std::uint32_t Majority(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (b & c) ^ (b & d) ^ (c & d);
}

// FIPS 180-4 6.1.2 step 3: the twenty rounds that have `kFunction` and `k` (4.2.1).
template <auto kFunction>
void Mix(std::span<const std::uint32_t, 20> w, std::uint32_t k, State& state) {
  auto [a, b, c, d, e] = state;
  for (const std::uint32_t word : w) {
    const std::uint32_t next = std::rotl(a, 5) + kFunction(b, c, d) + e + k + word;
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state = {a, b, c, d, e};
}

}  // namespace

std::array<std::uint8_t, 20> Sha1OfShort(Bytes message) {
  assert(message.size() < kLengthAt);
  std::array<std::uint8_t, kBlock> block{};
  std::ranges::copy(message, block.begin());
  block[message.size()] = 0x80;
  StoreInteger(std::uint64_t{message.size() * 8}, ByteOrder::kBig, &block[kLengthAt]);

  const Schedule schedule = Expand(block);
  const std::span<const std::uint32_t, 80> w(schedule);
  constexpr State kInitial = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  State working = kInitial;
  Mix<Choice>(w.subspan<0, 20>(), 0x5A827999, working);
  Mix<Parity>(w.subspan<20, 20>(), 0x6ED9EBA1, working);
  Mix<Majority>(w.subspan<40, 20>(), 0x8F1BBCDC, working);
  Mix<Parity>(w.subspan<60, 20>(), 0xCA62C1D6, working);
  std::array<std::uint8_t, 20> digest{};
  for (std::size_t i = 0; i < working.size(); ++i) {
    StoreInteger(kInitial[i] + working[i], ByteOrder::kBig, &digest[4 * i]);
  }
  return digest;
}

}  // namespace sessenum
