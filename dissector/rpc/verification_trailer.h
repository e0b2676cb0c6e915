// The verification trailer that a client may put after the stub of a request (MS-RPCE 2.2.2.13).
#ifndef SESSENUM_RPC_VERIFICATION_TRAILER_H_
#define SESSENUM_RPC_VERIFICATION_TRAILER_H_

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/extent.h"

namespace sessenum {

struct VerificationTrailer {
  Extent where;  // in the stub, from the signature on
  std::uint32_t commands = 0;
  bool well_formed = false;  // every command fits and the last one is marked as the end
};

// Looks for a trailer in the part of `stub` from `from` on: after the last parameter, at a multiple of four. The bytes
// between are residue of the sender's buffer.
[[nodiscard]] std::optional<VerificationTrailer> FindVerificationTrailer(Bytes stub, std::uint32_t from);

}  // namespace sessenum

#endif  // SESSENUM_RPC_VERIFICATION_TRAILER_H_
