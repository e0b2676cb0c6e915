#include "smb/smb3_keys.h"

#include <gtest/gtest.h>

#include "smb/hex_testing.h"
#include "smb/preauth_hash.h"

namespace sessenum {
namespace {

class Smb3KeysTest : public testing::Test {
 protected:
  void SetUp() override {
    if (suite_ == nullptr) GTEST_SKIP() << "built without a cryptographic library";
  }

  const CipherSuite* suite_ = SystemCipherSuite();
};

// The vectors of Microsoft's "Encryption in SMB 3.0: A protocol perspective"
TEST_F(Smb3KeysTest, Dialect300) {
  const Smb3Keys keys = Smb300Keys(*suite_, FromHex("B4546771B515F766A86735532DD6C4F0"));
  EXPECT_EQ(keys.cipher, AeadCipher::kAes128Ccm);
  EXPECT_EQ(ToHex(keys.For(Direction::kToServer)), "261b72350558f2e9dcf613070383edbf");
  EXPECT_EQ(ToHex(keys.For(Direction::kToClient)), "8fe2b57ec34d2db5b1a9727f526bbdb5");
}

// Those of "SMB 3.1.1 Encryption in Windows 10"
TEST_F(Smb3KeysTest, Dialect311) {
  const auto hash = ArrayFromHex<64>(
      "B23F3CBFD69487D9832B79B1594A367CDD950909B774C3A4C412B4FCEA9EDDDBA7DB256BA2EA30E977F11F9B113247578E0E915C6D2A513B"
      "8F2FCA5707DC8770");
  const Smb3Keys keys = Smb311Keys(*suite_, FromHex("419FDDF34C1E001909D362AE7FB6AF79"), AeadCipher::kAes128Gcm, hash);
  EXPECT_EQ(ToHex(keys.For(Direction::kToServer)), "a2f5e80e5d59103034f32e52f698e5ec");
  EXPECT_EQ(ToHex(keys.For(Direction::kToClient)), "748c50868c90f302962a5c35f5f9a8bf");
}

// MS-SMB2 3.2.5.3.1: a longer key of the GSS exchange counts whole for ciphers of 256 bits, and for them alone.
TEST_F(Smb3KeysTest, LengthOfTheSessionKey) {
  const auto whole = FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const Bytes half = Bytes(whole).first(16);
  const Digest64 hash{};
  const auto key = [&](Bytes session_key, AeadCipher cipher) {
    return ToHex(Smb311Keys(*suite_, session_key, cipher, hash).For(Direction::kToServer));
  };
  EXPECT_EQ(key(whole, AeadCipher::kAes128Gcm), key(half, AeadCipher::kAes128Gcm));
  EXPECT_NE(key(whole, AeadCipher::kAes256Gcm), key(half, AeadCipher::kAes256Gcm));
  EXPECT_EQ(key(half, AeadCipher::kAes256Gcm).size(), 64U);
  // A short one is filled up with zeros.
  const auto padded = FromHex("00010203040506070000000000000000");
  EXPECT_EQ(key(Bytes(whole).first(8), AeadCipher::kAes128Ccm), key(padded, AeadCipher::kAes128Ccm));
}

// "SMB 3.1.1 Pre-authentication integrity in Windows 10"; the signing key stands for all that hang on the hash.
TEST_F(Smb3KeysTest, PreauthenticationHash) {
  PreauthHash hash;
  hash.Add(
      *suite_,
      FromHex("FE534D4240000100000000000000800000000000000000000100000000000000FFFE000000000000000000000000000000000000"
              "00000000000000000000000024000500000000003F000000ECD86F326276024F9F7752B89BB33F3A70000000020000000202"
              "100200030203110300000100260000000000010020000100FA49E6578F1F3A9F4CD3E9CC14A67AA884B3D05844E0E5A11822"
              "5C15887F32FF00000200060000000000020002000100"));
  EXPECT_EQ(ToHex(hash.value()),
            "dd94efc5321bb618a2e208ba8920d2f422992526947a409b5037de1e0fe8c736"
            "2b8c47122594cde0ce26aa9dfc8bcdbde0621957672623351a7540f1e54a0426");
  const auto last = ArrayFromHex<64>(
      "0DD13628CC3ED218EF9DF9772D436D0887AB9814BFAE63A80AA845F36909DB7928622DDDAD522D9751640A459762C5A9D6BB084CBB3CE6BD"
      "ADEF5D5BCE3C6C01");
  const Bytes label(reinterpret_cast<const std::uint8_t*>("SMBSigningKey"), sizeof "SMBSigningKey");
  const Digest32 key = DeriveSmb3Key(*suite_, FromHex("270E1BA896585EEB7AF3472D3B4C75A7"), label, last, 16);
  EXPECT_EQ(ToHex(Bytes(key).first(16)), "73fe7a9a77bef0bde49c650d8ccb5f76");
  EXPECT_EQ(ToHex(Bytes(key).last(16)), "00000000000000000000000000000000");
}

}  // namespace
}  // namespace sessenum
