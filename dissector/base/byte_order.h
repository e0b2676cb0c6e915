// Byte order as a value. DCE/RPC lets each PDU choose its own (MS-RPCE 2.2.1.1.3), so it is never a compile-time
// choice.
#ifndef SESSENUM_BASE_BYTE_ORDER_H_
#define SESSENUM_BASE_BYTE_ORDER_H_

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sessenum {

enum class ByteOrder : std::uint8_t { kLittle, kBig };

inline constexpr ByteOrder kNativeOrder =
    std::endian::native == std::endian::little ? ByteOrder::kLittle : ByteOrder::kBig;

// Returns `value` with its bytes reversed.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T SwapBytes(T value) {
  if constexpr (sizeof(T) == 1) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(value);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(value);
  } else {
    return __builtin_bswap64(value);
  }
}

// Returns the integer at `from`, which must have sizeof(T) readable bytes at any alignment.
template <std::unsigned_integral T>
[[nodiscard]] inline T LoadInteger(const std::uint8_t* from, ByteOrder order) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return order == kNativeOrder ? value : SwapBytes(value);
}

// Writes `value` to `to`, which must have sizeof(T) writable bytes at any alignment.
template <std::unsigned_integral T>
inline void StoreInteger(T value, ByteOrder order, std::uint8_t* to) {
  const T wire = order == kNativeOrder ? value : SwapBytes(value);
  std::memcpy(to, &wire, sizeof wire);
}

}  // namespace sessenum

#endif  // SESSENUM_BASE_BYTE_ORDER_H_
