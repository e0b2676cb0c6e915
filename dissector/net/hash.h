// A hash for keys that arrive in packets: a fixed seed keeps runs alike, full mixing keeps neighbours apart.
#ifndef SESSENUM_NET_HASH_H_
#define SESSENUM_NET_HASH_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace sessenum {

// The finalizer of SplitMix64: every bit of the input reaches every bit of the output.
[[nodiscard]] constexpr std::uint64_t MixBits(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

// Odd numbers without a pattern. As a constant: it would else be made anew for each packet.
template <std::size_t kWords>
inline constexpr std::array<std::uint64_t, kWords> kMultipliers = [] {
  std::array<std::uint64_t, kWords> multipliers{};
  for (std::size_t i = 0; i < kWords; ++i) multipliers[i] = MixBits(i + 1) | 1U;
  return multipliers;
}();

// Each word has a multiplier of its own, so that the products do not wait for each other.
template <std::size_t kWords>
[[nodiscard]] constexpr std::size_t HashWords(const std::array<std::uint64_t, kWords>& words) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < kWords; ++i) hash += words[i] * kMultipliers<kWords>[i];
  return static_cast<std::size_t>(MixBits(hash));
}

}  // namespace sessenum

#endif  // SESSENUM_NET_HASH_H_
