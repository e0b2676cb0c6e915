// The seam to a cryptographic library: what decryption needs of one.
#ifndef SESSENUM_SMB_CIPHER_SUITE_H_
#define SESSENUM_SMB_CIPHER_SUITE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "base/bytes.h"

namespace sessenum {

using Digest16 = std::array<std::uint8_t, 16>;
using Digest32 = std::array<std::uint8_t, 32>;
using Digest64 = std::array<std::uint8_t, 64>;

// With the numbers of MS-SMB2 2.2.3.1.2.
enum class AeadCipher : std::uint16_t { kAes128Ccm = 1, kAes128Gcm = 2, kAes256Ccm = 3, kAes256Gcm = 4 };

inline constexpr std::size_t kAeadTagSize = 16;  // bytes, of all four

[[nodiscard]] constexpr bool IsCcm(AeadCipher cipher) {
  return cipher == AeadCipher::kAes128Ccm || cipher == AeadCipher::kAes256Ccm;
}
[[nodiscard]] constexpr std::size_t KeySize(AeadCipher cipher) {
  return cipher == AeadCipher::kAes128Ccm || cipher == AeadCipher::kAes128Gcm ? 16 : 32;
}
[[nodiscard]] constexpr std::size_t NonceSize(AeadCipher cipher) { return IsCcm(cipher) ? 11 : 12; }

// A message under authenticated encryption. Key and nonce have the sizes of the cipher, the tag kAeadTagSize bytes.
struct AeadMessage {
  AeadCipher cipher = AeadCipher::kAes128Ccm;
  Bytes key;
  Bytes nonce;
  Bytes associated;
  Bytes tag;
  Bytes ciphertext;
};

class CipherSuite {
 public:
  using Parts = std::initializer_list<Bytes>;  // read as if they stood behind one another

  CipherSuite() = default;
  CipherSuite(const CipherSuite&) = delete;
  CipherSuite& operator=(const CipherSuite&) = delete;
  virtual ~CipherSuite() = default;

  [[nodiscard]] virtual Digest16 Md5(Parts parts) const = 0;
  [[nodiscard]] virtual Digest64 Sha512(Parts parts) const = 0;
  [[nodiscard]] virtual Digest16 HmacMd5(Bytes key, Parts parts) const = 0;
  [[nodiscard]] virtual Digest32 HmacSha256(Bytes key, Parts parts) const = 0;
  // Replaces `plain` by the plain text. False, with `plain` empty, where the tag does not confirm it.
  [[nodiscard]] virtual bool Decrypt(const AeadMessage& message, std::vector<std::uint8_t>& plain) const = 0;
};

// The library that this build was made with; nullptr where it was made without one, or where that cannot do all that is
// needed. Lives as long as the program.
[[nodiscard]] const CipherSuite* SystemCipherSuite();

}  // namespace sessenum

#endif  // SESSENUM_SMB_CIPHER_SUITE_H_
