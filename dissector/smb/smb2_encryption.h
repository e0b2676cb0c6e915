// What SMB2 messages say of encryption (MS-SMB2 2.2.4, 2.2.41).
#ifndef SESSENUM_SMB_SMB2_ENCRYPTION_H_
#define SESSENUM_SMB_SMB2_ENCRYPTION_H_

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "smb/cipher_suite.h"

namespace sessenum {

// The cipher that a NEGOTIATE response of dialect 3.1.1 names; `message` starts with the SMB2 header. nullopt where it
// names none, or none that is known.
[[nodiscard]] std::optional<AeadCipher> FindNegotiatedCipher(Bytes message);

// A message inside a transform.
struct Smb2SealedParts {
  Bytes tag;
  Bytes nonce;       // 16 bytes, of which the cipher takes the first
  Bytes associated;  // the part of the header that the tag covers
  Bytes ciphertext;
};
// kTruncated where `message`, which starts with the transform header, ends before OriginalMessageSize says.
[[nodiscard]] Status Read(Bytes message, Smb2SealedParts& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_ENCRYPTION_H_
