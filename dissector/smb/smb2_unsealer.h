// Opens what an SMB2 connection cannot read by itself: where decryption joins in.
#ifndef SESSENUM_SMB_SMB2_UNSEALER_H_
#define SESSENUM_SMB_SMB2_UNSEALER_H_

#include <cstdint>

#include "base/duplex.h"
#include "smb/smb2.h"

namespace sessenum {

// A message inside a transform (MS-SMB2 2.2.41), whole.
struct Smb2Sealed {
  std::uint64_t session_id = 0;
  std::uint16_t dialect = 0;  // as negotiated; 0: not captured
  SourcedBytes bytes;         // from the transform header on
};

class Smb2Unsealer {
 public:
  Smb2Unsealer() = default;
  Smb2Unsealer(const Smb2Unsealer&) = delete;
  Smb2Unsealer& operator=(const Smb2Unsealer&) = delete;
  virtual ~Smb2Unsealer() = default;

  // A NEGOTIATE or SESSION_SETUP message of the connection, in the order in which they came.
  virtual void OnHandshake(const Smb2Part& /*part*/) {}
  // Appends the plain message to `plain`, which is empty. False: there is no key that fits. The message may be of
  // another connection that joined the session.
  [[nodiscard]] virtual bool Unseal(Direction direction, const Smb2Sealed& sealed, SourcedBuffer& plain) = 0;
  // None of the sessions goes on, on any connection.
  virtual void OnClose() {}
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_UNSEALER_H_
