// A cipher suite for tests of what is around it: it can seal, and needs no library. Of no cryptographic worth.
#ifndef SESSENUM_SMB_TOY_CIPHER_SUITE_TESTING_H_
#define SESSENUM_SMB_TOY_CIPHER_SUITE_TESTING_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "smb/cipher_suite.h"
#include "smb/md4.h"
#include "smb/rc4.h"

namespace sessenum {

class ToyCipherSuite final : public CipherSuite {
 public:
  [[nodiscard]] Digest16 Md5(Parts parts) const override { return Hash({}, parts); }
  [[nodiscard]] Digest64 Sha512(Parts parts) const override { return Widened<64>(Hash({}, parts)); }
  [[nodiscard]] Digest16 HmacMd5(Bytes key, Parts parts) const override { return Hash(key, parts); }
  [[nodiscard]] Digest32 HmacSha256(Bytes key, Parts parts) const override { return Widened<32>(Hash(key, parts)); }
  [[nodiscard]] bool Decrypt(const AeadMessage& message, std::vector<std::uint8_t>& plain) const override {
    plain.clear();
    const Digest16 tag = Tag(message);
    if (!std::equal(tag.begin(), tag.end(), message.tag.begin(), message.tag.end())) return false;
    plain.assign(message.ciphertext.begin(), message.ciphertext.end());
    Rc4(Hash(message.key, {message.nonce})).Apply(plain);
    return true;
  }

  // Turns `text` into the ciphertext, whose tag it returns. `message` has neither.
  [[nodiscard]] Digest16 Encrypt(AeadMessage message, std::vector<std::uint8_t>& text) const {
    Rc4(Hash(message.key, {message.nonce})).Apply(text);
    message.ciphertext = text;
    return Tag(message);
  }

 private:
  static Digest16 Hash(Bytes key, Parts parts) {
    std::vector<std::uint8_t> all(key.begin(), key.end());
    all.push_back(0xA5);
    for (const Bytes part : parts) all.insert(all.end(), part.begin(), part.end());
    return Md4(all);
  }
  static Digest16 Tag(const AeadMessage& message) {
    const std::uint8_t cipher = static_cast<std::uint8_t>(message.cipher);
    return Hash(message.key, {Bytes(&cipher, 1), message.nonce, message.associated, message.ciphertext});
  }
  template <std::size_t N>
  static std::array<std::uint8_t, N> Widened(Digest16 digest) {
    std::array<std::uint8_t, N> out{};
    for (std::size_t at = 0; at < N; at += digest.size()) {
      std::copy(digest.begin(), digest.end(), &out[at]);
      digest = Md4(digest);
    }
    return out;
  }
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_TOY_CIPHER_SUITE_TESTING_H_
