// The keys of an encrypted SMB 3.x session (MS-SMB2 3.1.4.2).
#ifndef SESSENUM_SMB_SMB3_KEYS_H_
#define SESSENUM_SMB_SMB3_KEYS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/duplex.h"
#include "smb/cipher_suite.h"

namespace sessenum {

inline constexpr std::uint16_t kSmbDialect300 = 0x0300;
inline constexpr std::uint16_t kSmbDialect302 = 0x0302;
inline constexpr std::uint16_t kSmbDialect311 = 0x0311;

// The key derivation function: SP 800-108 in counter mode over HMAC-SHA256. `size` is 16 or 32 bytes; what is behind
// it in the result is zero.
[[nodiscard]] Digest32 DeriveSmb3Key(const CipherSuite& suite, Bytes key, Bytes label, Bytes context, std::size_t size);

struct Smb3Keys {
  AeadCipher cipher = AeadCipher::kAes128Ccm;
  Digest32 to_server{};
  Digest32 to_client{};

  [[nodiscard]] Bytes For(Direction direction) const {
    return Bytes(direction == Direction::kToServer ? to_server : to_client).first(KeySize(cipher));
  }
};

// Dialects 3.0 and 3.0.2, which know one cipher. Of `session_key` the first 16 bytes count, filled up with zeros.
[[nodiscard]] Smb3Keys Smb300Keys(const CipherSuite& suite, Bytes session_key);

// Dialect 3.1.1. For ciphers of 256 bits all of `session_key` counts.
[[nodiscard]] Smb3Keys Smb311Keys(const CipherSuite& suite, Bytes session_key, AeadCipher cipher,
                                  const Digest64& preauth_hash);

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB3_KEYS_H_
