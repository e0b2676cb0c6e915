#include "smb/ntlm_keys.h"

#include <algorithm>
#include <string>

#include "base/utf16.h"
#include "smb/md4.h"
#include "smb/rc4.h"
#include "smb/upcase.h"

namespace sessenum {
namespace {

constexpr std::size_t kNtlmV1Response = 24;  // bytes; one of NTLMv2 is longer
constexpr std::size_t kProof = 16;
constexpr std::size_t kClientChallenge = 8;

// MS-NLMP 3.3.2: SessionBaseKey, if NTProofStr is what the hash makes of the challenges.
std::optional<Digest16> NtlmV2BaseKey(const CipherSuite& suite, const NtHash& hash, std::string_view user,
                                      std::string_view domain, const NtlmChallengeMessage& challenge, Bytes response) {
  const Bytes proof = response.first(kProof);
  const Digest16 response_key = suite.HmacMd5(hash, {UpcaseUtf16(user), Utf8ToUtf16(domain, ByteOrder::kLittle)});
  const Digest16 expected = suite.HmacMd5(response_key, {challenge.server_challenge, response.subspan(kProof)});
  if (!std::equal(proof.begin(), proof.end(), expected.begin(), expected.end())) return std::nullopt;
  return suite.HmacMd5(response_key, {proof});
}

// MS-NLMP 3.3.1 and 3.4.5.1: KeyExchangeKey. Its LM_KEY form is of no use to today's peers, and is not made.
Digest16 NtlmV1Key(const CipherSuite& suite, const NtHash& hash, const NtlmChallengeMessage& challenge,
                   const NtlmAuthenticateMessage& authenticate) {
  const Digest16 base = Md4(hash);
  if ((authenticate.flags & kNtlmExtendedSessionSecurity) == 0) return base;
  const Bytes lm_response = authenticate.lm_response.value_or(Bytes());
  const Bytes client_challenge = lm_response.first(std::min(kClientChallenge, lm_response.size()));
  return suite.HmacMd5(base, {challenge.server_challenge, client_challenge});
}

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a literal's bytes are char
Bytes Text(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// The constants of MS-NLMP 3.4.5.2 and 3.4.5.3, with their NUL.
Digest16 Derive(const CipherSuite& suite, Bytes key, Direction direction, std::string_view use) {
  const std::string_view way =
      direction == Direction::kToServer ? "session key to client-to-server " : "session key to server-to-client ";
  constexpr std::string_view kEnd("magic constant", sizeof "magic constant");
  return suite.Md5({key, Text(way), Text(use), Text(kEnd)});
}

std::size_t SealingStrength(std::uint32_t flags) {
  if ((flags & kNtlm128) != 0) return 16;
  return (flags & kNtlm56) != 0 ? 7 : 5;
}

}  // namespace

std::optional<NtlmSessionKey> DeriveNtlmSessionKey(const CipherSuite& suite, const NtHash& hash, std::string_view user,
                                                   std::string_view domain, const NtlmChallengeMessage& challenge,
                                                   const NtlmAuthenticateMessage& authenticate) {
  const Bytes response = authenticate.nt_response.value_or(Bytes());
  if (response.size() < kNtlmV1Response) return std::nullopt;
  std::optional<Digest16> key = response.size() == kNtlmV1Response
                                    ? NtlmV1Key(suite, hash, challenge, authenticate)
                                    : NtlmV2BaseKey(suite, hash, user, domain, challenge, response);
  if (!key || (authenticate.flags & kNtlmKeyExchange) == 0) return key;
  const Bytes encrypted = authenticate.session_key.value_or(Bytes());
  if (encrypted.size() != key->size()) return std::nullopt;
  Rc4 rc4(*key);
  std::copy(encrypted.begin(), encrypted.end(), key->begin());
  rc4.Apply(*key);
  return key;
}

Digest16 NtlmSigningKey(const CipherSuite& suite, const NtlmSessionKey& key, Direction direction) {
  return Derive(suite, key, direction, "signing key ");
}

Digest16 NtlmSealingKey(const CipherSuite& suite, const NtlmSessionKey& key, std::uint32_t flags, Direction direction) {
  return Derive(suite, Bytes(key).first(SealingStrength(flags)), direction, "sealing key ");
}

}  // namespace sessenum
