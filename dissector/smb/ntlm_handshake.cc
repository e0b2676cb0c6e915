#include "smb/ntlm_handshake.h"

#include "smb/ntlmssp.h"

namespace sessenum {

bool NtlmHandshake::OnToken(Bytes token, const Decryption& decryption) {
  if (const std::optional<NtlmChallengeMessage> challenge = FindNtlmChallengeMessage(token)) {
    challenge_ = challenge;
    outcome_ = Outcome::kOpen;
    return false;
  }
  const std::optional<NtlmAuthenticateMessage> message = FindNtlmAuthenticateMessage(token);
  if (!message || !challenge_) return false;
  OnAuthenticate(*message, decryption);
  return true;
}

void NtlmHandshake::OnAuthenticate(const NtlmAuthenticateMessage& message, const Decryption& decryption) {
  const SmbIdentity identity = IdentityOf(message, decryption.budget);
  const std::string name = identity.user.value_or("");
  const std::string domain = identity.domain.value_or("");
  user_ = domain.empty() ? name : domain + "\\" + name;
  flags_ = message.flags;
  outcome_ = Outcome::kNoKey;
  // An anonymous user has no key.
  if (name.empty()) return;
  const NtHash* hash = decryption.keys.FindNtHash(name, domain);
  if (hash == nullptr) return;
  const auto key = DeriveNtlmSessionKey(decryption.suite, *hash, name, domain, *challenge_, message);
  outcome_ = key ? Outcome::kKey : Outcome::kWrongKey;
  if (key) key_ = *key;
}

}  // namespace sessenum
