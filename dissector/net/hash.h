// A hash for keys that arrive in packets: a fixed seed keeps runs alike, full mixing keeps neighbours apart.
#ifndef SESSENUM_NET_HASH_H_
#define SESSENUM_NET_HASH_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace sessenum {

// The finalizer of SplitMix64: every bit of the input reaches every bit of the output.
[[nodiscard]] constexpr std::uint64_t MixBits(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

[[nodiscard]] constexpr std::size_t HashWords(std::span<const std::uint64_t> words) {
  std::uint64_t hash = 0x9E3779B97F4A7C15U;
  for (const std::uint64_t word : words) hash = MixBits(hash + word) * 0x9FB21C651E98DF25U;
  return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

}  // namespace sessenum

#endif  // SESSENUM_NET_HASH_H_
