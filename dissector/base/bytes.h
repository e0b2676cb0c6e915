// A view of bytes that somebody else owns.
#ifndef SESSENUM_BASE_BYTES_H_
#define SESSENUM_BASE_BYTES_H_

#include <cstdint>
#include <span>

namespace sessenum {

using Bytes = std::span<const std::uint8_t>;

}  // namespace sessenum

#endif  // SESSENUM_BASE_BYTES_H_
