// Choices that follow from a seed, the same for the same one.
#ifndef SESSENUM_FUZZ_MUTATOR_DRAW_H_
#define SESSENUM_FUZZ_MUTATOR_DRAW_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace sessenum::fuzz {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}

  // SplitMix64.
  [[nodiscard]] std::uint64_t Bits() {
    std::uint64_t value = state_ += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }
  // From 0 to `count` - 1; `count` is not 0.
  [[nodiscard]] std::size_t Below(std::size_t count) { return static_cast<std::size_t>(Bits() % count); }
  [[nodiscard]] bool OneIn(std::size_t count) { return Below(count) == 0; }

  template <typename List>
  [[nodiscard]] auto& Of(List& list) {
    return list[Below(list.size())];
  }

  // A number that code may stumble over: at an edge of its type, of another one's after a multiplication, or next to
  // `near`.
  [[nodiscard]] std::uint64_t Number(std::uint64_t near) {
    static constexpr std::array<std::uint64_t, 20> kEdges = {
        0,          1,          2,           3,           4,           7,           8,
        0x7F,       0xFF,       0x100,       0x7FFF,      0xFFFF,      0x10000,     0x3FFFFFFF,
        0x40000000, 0x7FFFFFFF, 0x80000000U, 0x80000001U, 0xFFFFFFFFU, 0x100000000U};
    switch (Below(5)) {
      case 0:
        return near + 1;
      case 1:
        return near - 1;
      case 2:
        return near ^ (std::uint64_t{1} << Below(33));
      case 3:
        return Bits();
      default:
        return Of(kEdges);
    }
  }
  [[nodiscard]] std::uint32_t Number32(std::uint32_t near) { return static_cast<std::uint32_t>(Number(near)); }

 private:
  std::uint64_t state_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MUTATOR_DRAW_H_
