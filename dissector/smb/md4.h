// MD4 (RFC 1320): an NT hash is the MD4 of a password. No cryptographic library of today offers it by default.
#ifndef SESSENUM_SMB_MD4_H_
#define SESSENUM_SMB_MD4_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace sessenum {

[[nodiscard]] std::array<std::uint8_t, 16> Md4(Bytes message);

}  // namespace sessenum

#endif  // SESSENUM_SMB_MD4_H_
