// Where the decryption of RPC privacy joins in (MS-RPCE 3.3.1.5.2.2).
#ifndef SESSENUM_RPC_STUB_SEALING_H_
#define SESSENUM_RPC_STUB_SEALING_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/duplex.h"

namespace sessenum {

// A PDU at the level of privacy.
struct SealedPdu {
  Bytes bytes;                  // all of it but the token
  std::size_t sealed_at = 0;    // where the sealed part of `bytes` starts
  std::size_t sealed_size = 0;  // stub and padding
  Bytes token;
};

// Undoes the privacy of one association. Sealing may depend on all that was sealed before in the same direction: calls
// come in stream order, and a loss between them may be the end of it.
class StubSealing {
 public:
  StubSealing() = default;
  StubSealing(const StubSealing&) = delete;
  StubSealing& operator=(const StubSealing&) = delete;
  virtual ~StubSealing() = default;

  // A token of the exchange that sets up security.
  virtual void OnToken(Bytes token) = 0;
  // Replaces `plain` by `pdu.bytes` with the sealed part in clear. False where no key fits, or the token does not
  // confirm it.
  [[nodiscard]] virtual bool Unseal(Direction direction, const SealedPdu& pdu, std::vector<std::uint8_t>& plain) = 0;
  // PDUs of this direction may be lost here.
  virtual void OnLoss(Direction direction) = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_RPC_STUB_SEALING_H_
