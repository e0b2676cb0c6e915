#include "smb/ntlm_keys.h"

#include <gtest/gtest.h>

#include "smb/ntlm_handshake.h"
#include "smb/ntlm_vectors_testing.h"

namespace sessenum {
namespace {

using Outcome = NtlmHandshake::Outcome;

class NtlmKeysTest : public testing::Test {
 protected:
  void SetUp() override {
    if (suite_ == nullptr) GTEST_SKIP() << "built without a cryptographic library";
  }
  [[nodiscard]] std::string KeyOf(const std::vector<std::uint8_t>& token, std::string_view user = "User",
                                  std::string_view password = "Password") const {
    const auto message = FindNtlmAuthenticateMessage(token);
    const auto challenge = FindNtlmChallengeMessage(ChallengeToken());
    if (!message || !challenge) return "no message";
    const auto key = DeriveNtlmSessionKey(*suite_, NtHashOfPassword(password), user, "Domain", *challenge, *message);
    return key ? ToHex(*key) : "none";
  }

  const CipherSuite* suite_ = SystemCipherSuite();
};

TEST_F(NtlmKeysTest, SessionKeys) {
  EXPECT_EQ(KeyOf(AuthenticateTokenV2()), "55555555555555555555555555555555");  // MS-NLMP 4.2.4
  EXPECT_EQ(KeyOf(AuthenticateTokenV1()), "eb93429a8bd952f8b89c55b87f475edc");  // 4.2.3.1.3
}

TEST_F(NtlmKeysTest, ProofTellsAWrongKey) {
  EXPECT_EQ(KeyOf(AuthenticateTokenV2(), "User", "password"), "none");
  EXPECT_EQ(KeyOf(AuthenticateTokenV2(), "Other"), "none");
  EXPECT_EQ(KeyOf(AuthenticateTokenV2(), "uSER"), "55555555555555555555555555555555");
}

// MS-NLMP 4.2.3.4 and 4.2.4.4: 56 and 128 bits
TEST_F(NtlmKeysTest, SigningAndSealingKeys) {
  const NtlmSessionKey v1 = ArrayFromHex<16>("eb93429a8bd952f8b89c55b87f475edc");
  const NtlmSessionKey v2 = ArrayFromHex<16>("55555555555555555555555555555555");
  EXPECT_EQ(ToHex(NtlmSealingKey(*suite_, v1, 0x82088235, Direction::kToServer)), "04dd7f014d8504d265a25cc86a3a7c06");
  EXPECT_EQ(ToHex(NtlmSigningKey(*suite_, v1, Direction::kToServer)), "60e799be5c72fc92922ae8ebe961fb8d");
  EXPECT_EQ(ToHex(NtlmSealingKey(*suite_, v2, 0xE28A8235, Direction::kToServer)), "59f600973cc4960a25480a7c196e4c58");
  EXPECT_EQ(ToHex(NtlmSigningKey(*suite_, v2, Direction::kToServer)), "4788dc861b4782f35d43fd98fe1a2d39");
  EXPECT_NE(NtlmSigningKey(*suite_, v2, Direction::kToClient), NtlmSigningKey(*suite_, v2, Direction::kToServer));
}

class NtlmHandshakeTest : public NtlmKeysTest {
 protected:
  [[nodiscard]] Outcome After(const std::vector<std::vector<std::uint8_t>>& tokens, std::string_view keys) {
    KeyStore store;
    EXPECT_FALSE(store.Parse(keys));
    const Decryption decryption{*suite_, store, complaints_, budget_};
    handshake_ = NtlmHandshake();
    for (const auto& token : tokens) handshake_.OnToken(token, decryption);
    return handshake_.outcome();
  }

  Limits limits_;
  Budget budget_{limits_};
  KeyComplaints complaints_{budget_};
  NtlmHandshake handshake_;
};

TEST_F(NtlmHandshakeTest, Outcomes) {
  EXPECT_EQ(After({}, "nt-password User Password"), Outcome::kOpen);
  EXPECT_EQ(After({ChallengeToken()}, "nt-password User Password"), Outcome::kOpen);
  EXPECT_EQ(After({AuthenticateTokenV2()}, "nt-password User Password"), Outcome::kOpen);
  EXPECT_EQ(After({ChallengeToken(), AuthenticateTokenV2()}, "nt-password Eve Password"), Outcome::kNoKey);
  EXPECT_EQ(After({ChallengeToken(), AuthenticateTokenV2()}, "nt-password user x"), Outcome::kWrongKey);
  EXPECT_EQ(handshake_.user(), "Domain\\User");
  EXPECT_EQ(After({ChallengeToken(), AuthenticateTokenV2()}, "nt-hash USER@DOMAIN a4f49c406510bdcab6824ee7c30fd852"),
            Outcome::kKey);
  EXPECT_EQ(ToHex(handshake_.key()), "55555555555555555555555555555555");
}

// What an attacker changes in the message leads to no key, and to no read beyond it.
TEST_F(NtlmHandshakeTest, HostileMessages) {
  const auto whole = AuthenticateTokenV2();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(After({ChallengeToken(), cut}, "nt-password User Password"), Outcome::kKey) << size;
  }
  for (std::size_t at = 12; at < 64; ++at) {
    for (const unsigned value : {0x00U, 0x01U, 0x80U, 0xFFU}) {
      auto changed = whole;
      changed[at] = static_cast<std::uint8_t>(value);
      static_cast<void>(After({ChallengeToken(), changed}, "nt-password User Password"));
    }
  }
}

}  // namespace
}  // namespace sessenum
