// Where something stands within the bytes it was read from.
#ifndef SESSENUM_BASE_EXTENT_H_
#define SESSENUM_BASE_EXTENT_H_

#include <cstdint>

namespace sessenum {

struct Extent {
  std::uint32_t offset = 0;  // bytes
  std::uint32_t length = 0;  // bytes

  [[nodiscard]] constexpr std::uint64_t end() const { return std::uint64_t{offset} + length; }
  friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_EXTENT_H_
