// SHA-1 (FIPS 180-4), for Community IDs alone: it protects nothing.
#ifndef SESSENUM_OUTPUT_SHA1_H_
#define SESSENUM_OUTPUT_SHA1_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace sessenum {

// The digest of `message`, which must be shorter than 56 bytes: one block.
[[nodiscard]] std::array<std::uint8_t, 20> Sha1OfShort(Bytes message);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_SHA1_H_
