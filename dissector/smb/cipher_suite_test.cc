#include "smb/cipher_suite.h"

#include <gtest/gtest.h>

#include "smb/hex_testing.h"

namespace sessenum {
namespace {

class CipherSuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (suite_ == nullptr) GTEST_SKIP() << "built without a cryptographic library";
  }

  const CipherSuite* suite_ = SystemCipherSuite();
};

TEST_F(CipherSuiteTest, Digests) {
  EXPECT_EQ(ToHex(suite_->Md5({AsBytes("message digest")})), "f96b697d7cb7938d525a2f31aaf161d0");  // RFC 1321 A.5
  EXPECT_EQ(ToHex(suite_->Sha512({AsBytes("abc")})),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");  // FIPS 180
}

TEST_F(CipherSuiteTest, MessageAuthenticationCodes) {
  // RFC 2202 and RFC 4231, test case 2
  EXPECT_EQ(ToHex(suite_->HmacMd5(AsBytes("Jefe"), {AsBytes("what do ya want for nothing?")})),
            "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(ToHex(suite_->HmacSha256(AsBytes("Jefe"), {AsBytes("what do ya want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_F(CipherSuiteTest, PartsAreAsOne) {
  EXPECT_EQ(suite_->Md5({AsBytes("a"), Bytes(), AsBytes("bc")}), suite_->Md5({AsBytes("abc")}));
  EXPECT_EQ(suite_->HmacSha256(AsBytes("k"), {AsBytes("a"), AsBytes("bc")}),
            suite_->HmacSha256(AsBytes("k"), {AsBytes("abc")}));
}

// Of 256 bits; the others are tested by the vectors for SMB. By another implementation (Python's cryptography).
TEST_F(CipherSuiteTest, AuthenticatedDecryption) {
  const auto key = FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const auto associated = FromHex("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
  const auto check = [&](AeadCipher cipher, std::string_view nonce, std::string_view sealed) {
    const auto nonce_bytes = FromHex(nonce);
    auto bytes = FromHex(sealed);
    const Bytes view(bytes);
    const AeadMessage message{cipher, key, nonce_bytes, associated, view.last(kAeadTagSize), view.first(16)};
    std::vector<std::uint8_t> plain = {1, 2, 3};
    ASSERT_TRUE(suite_->Decrypt(message, plain));
    EXPECT_EQ(std::string(plain.begin(), plain.end()), "SMB3 sealed text");
    for (std::uint8_t& byte : bytes) {
      byte ^= 0x10;
      EXPECT_FALSE(suite_->Decrypt(message, plain));
      EXPECT_TRUE(plain.empty());
      byte ^= 0x10;
    }
  };
  check(AeadCipher::kAes256Ccm, "000102030405060708090a",
        "208d53557a33d6f5d39172956ca2a4afc662752aab3e89ba42acea0222cae19a");
  check(AeadCipher::kAes256Gcm, "000102030405060708090a0b",
        "144f9428e596a77ae124f3abc58c0019393dc1f0cae4249af1d29a2eafdba10f");
}

TEST_F(CipherSuiteTest, NothingIsNoMessage) {
  const auto key = FromHex("000102030405060708090a0b0c0d0e0f");
  std::vector<std::uint8_t> plain;
  for (const AeadCipher cipher : {AeadCipher::kAes128Ccm, AeadCipher::kAes128Gcm}) {
    const Bytes all(key);
    EXPECT_FALSE(suite_->Decrypt({cipher, all, all.first(NonceSize(cipher)), Bytes(), all, Bytes()}, plain));
  }
}

}  // namespace
}  // namespace sessenum
