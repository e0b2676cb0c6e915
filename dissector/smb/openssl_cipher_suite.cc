// The only file that knows OpenSSL. SESSENUM_WITH_OPENSSL is defined where the build found it.
#include "smb/cipher_suite.h"
#include "smb/crypto_library.h"

#ifdef SESSENUM_WITH_OPENSSL

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <climits>
#include <memory>

namespace sessenum {
namespace {

template <auto kFree>
struct Freeing {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Digest = std::unique_ptr<EVP_MD, Freeing<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Freeing<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Freeing<EVP_MAC_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, Freeing<EVP_CIPHER_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freeing<EVP_CIPHER_CTX_free>>;

constexpr std::array<const char*, 4> kCipherNames = {"AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"};

// The steps of OpenSSL's authenticated decryption; each returns whether it succeeded.
class AeadDecryption {
 public:
  explicit AeadDecryption(const AeadMessage& message) : message_(message), context_(EVP_CIPHER_CTX_new()) {}

  [[nodiscard]] bool Run(const EVP_CIPHER* cipher, std::uint8_t* out) {
    return context_ != nullptr && Start(cipher) && Associate() && Update(out, message_.ciphertext) && Finish(out);
  }

 private:
  bool Start(const EVP_CIPHER* cipher) {
    std::array<std::uint8_t, kAeadTagSize> tag{};
    std::copy(message_.tag.begin(), message_.tag.end(), tag.begin());
    const int nonce_size = static_cast<int>(message_.nonce.size());
    EVP_CIPHER_CTX* context = context_.get();
    return EVP_DecryptInit_ex2(context, cipher, nullptr, nullptr, nullptr) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, nonce_size, nullptr) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1 &&
           EVP_DecryptInit_ex2(context, nullptr, message_.key.data(), message_.nonce.data(), nullptr) == 1;
  }
  bool Associate() {
    int length = 0;
    // CCM must know the length of the whole before anything else.
    const int total = static_cast<int>(message_.ciphertext.size());
    if (IsCcm(message_.cipher) && EVP_DecryptUpdate(context_.get(), nullptr, &length, nullptr, total) != 1) {
      return false;
    }
    return Update(nullptr, message_.associated);
  }
  bool Update(std::uint8_t* out, Bytes in) {
    int length = 0;
    return EVP_DecryptUpdate(context_.get(), out, &length, in.data(), static_cast<int>(in.size())) == 1;
  }
  // CCM has already checked its tag.
  bool Finish(std::uint8_t* out) {
    int length = 0;
    return IsCcm(message_.cipher) ||
           // NOLINTNEXTLINE(cppcoreguidelines-pro-bounds-pointer-arithmetic): OpenSSL writes at a pointer
           EVP_DecryptFinal_ex(context_.get(), out + message_.ciphertext.size(), &length) == 1;
  }

  const AeadMessage& message_;
  CipherContext context_;
};

class OpenSslCipherSuite final : public CipherSuite {
 public:
  OpenSslCipherSuite()
      : md5_(EVP_MD_fetch(nullptr, "MD5", nullptr)),
        sha512_(EVP_MD_fetch(nullptr, "SHA512", nullptr)),
        hmac_(EVP_MAC_fetch(nullptr, "HMAC", nullptr)) {
    for (std::size_t i = 0; i < ciphers_.size(); ++i) {
      ciphers_[i].reset(EVP_CIPHER_fetch(nullptr, kCipherNames[i], nullptr));
    }
  }

  // A provider for regulated use may lack MD5.
  [[nodiscard]] bool complete() const {
    return md5_ != nullptr && sha512_ != nullptr && hmac_ != nullptr &&
           std::all_of(ciphers_.begin(), ciphers_.end(), [](const Cipher& cipher) { return cipher != nullptr; });
  }

  [[nodiscard]] Digest16 Md5(Parts parts) const override { return Hash<Digest16>(md5_.get(), parts); }
  [[nodiscard]] Digest64 Sha512(Parts parts) const override { return Hash<Digest64>(sha512_.get(), parts); }
  [[nodiscard]] Digest16 HmacMd5(Bytes key, Parts parts) const override { return Hmac<Digest16>("MD5", key, parts); }
  [[nodiscard]] Digest32 HmacSha256(Bytes key, Parts parts) const override {
    return Hmac<Digest32>("SHA256", key, parts);
  }

  [[nodiscard]] bool Decrypt(const AeadMessage& message, std::vector<std::uint8_t>& plain) const override {
    plain.clear();
    if (message.ciphertext.empty() || message.ciphertext.size() > INT_MAX) return false;
    plain.resize(message.ciphertext.size());
    const Cipher& cipher = ciphers_[static_cast<std::size_t>(message.cipher) - 1];
    if (AeadDecryption(message).Run(cipher.get(), plain.data())) return true;
    std::fill(plain.begin(), plain.end(), std::uint8_t{0});
    plain.clear();
    return false;
  }

 private:
  template <typename Result>
  static Result Hash(const EVP_MD* digest, Parts parts) {
    Result result{};
    const DigestContext context(EVP_MD_CTX_new());
    EVP_DigestInit_ex2(context.get(), digest, nullptr);
    for (const Bytes part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
    EVP_DigestFinal_ex(context.get(), result.data(), nullptr);
    return result;
  }

  template <typename Result>
  [[nodiscard]] Result Hmac(const char* digest, Bytes key, Parts parts) const {
    Result result{};
    std::array<char, 8> name{};
    std::copy_n(digest, std::char_traits<char>::length(digest), name.begin());
    const std::array<OSSL_PARAM, 2> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0), OSSL_PARAM_construct_end()};
    const MacContext context(EVP_MAC_CTX_new(hmac_.get()));
    EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data());
    for (const Bytes part : parts) EVP_MAC_update(context.get(), part.data(), part.size());
    std::size_t size = 0;
    EVP_MAC_final(context.get(), result.data(), &size, result.size());
    return result;
  }

  Digest md5_;
  Digest sha512_;
  Mac hmac_;
  std::array<Cipher, kCipherNames.size()> ciphers_;
};

}  // namespace

const CipherSuite* SystemCipherSuite() {
  static const OpenSslCipherSuite suite;
  return suite.complete() ? &suite : nullptr;
}

std::string_view CryptoLibraryVersion() {
  return SystemCipherSuite() == nullptr ? "" : OpenSSL_version(OPENSSL_VERSION_STRING);
}

}  // namespace sessenum

#else

namespace sessenum {

const CipherSuite* SystemCipherSuite() { return nullptr; }
std::string_view CryptoLibraryVersion() { return ""; }

}  // namespace sessenum

#endif  // SESSENUM_WITH_OPENSSL
