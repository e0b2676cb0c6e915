// Preauthentication integrity of SMB 3.1.1: a hash over what was said before a session had keys (MS-SMB2 3.2.5.2).
#ifndef SESSENUM_SMB_PREAUTH_HASH_H_
#define SESSENUM_SMB_PREAUTH_HASH_H_

#include "smb/cipher_suite.h"

namespace sessenum {

class PreauthHash {
 public:
  // `message` from its SMB2 header on, whole.
  void Add(const CipherSuite& suite, Bytes message) { value_ = suite.Sha512({value_, message}); }

  [[nodiscard]] const Digest64& value() const { return value_; }

 private:
  Digest64 value_{};
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_PREAUTH_HASH_H_
