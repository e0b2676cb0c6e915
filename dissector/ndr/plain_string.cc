#include "ndr/plain_string.h"

namespace sessenum {
namespace {

// Non-zero where some unit of four is zero.
constexpr std::uint64_t ZeroUnits(std::uint64_t units) {
  return (units - InEachUnit(0x0001)) & ~units & InEachUnit(0x8000);
}

// Non-zero where some unit of four is NUL or half of a surrogate pair (0xD800 to 0xDFFF).
std::uint64_t OddUnits(std::uint64_t units, ByteOrder order) {
  const std::uint16_t mask = order == kNativeOrder ? 0xF800 : 0x00F8;
  const std::uint16_t surrogate = order == kNativeOrder ? 0xD800 : 0x00D8;
  return ZeroUnits(units) | ZeroUnits((units & InEachUnit(mask)) ^ InEachUnit(surrogate));
}

}  // namespace

bool HasOddUnit(Bytes text, ByteOrder order) {
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  std::uint64_t odd = 0;
  std::size_t at = 0;
  for (; text.size() - at >= kStep; at += kStep) {
    odd |= OddUnits(LoadInteger<std::uint64_t>(text.data() + at, kNativeOrder), order);
  }
  for (; at < text.size(); at += 2) {
    odd |= OddUnits(InEachUnit(LoadInteger<std::uint16_t>(text.data() + at, kNativeOrder)), order);
  }
  return odd != 0;
}

}  // namespace sessenum
