// Follows one NTLM exchange, on SMB or RPC, to its session key.
#ifndef SESSENUM_SMB_NTLM_HANDSHAKE_H_
#define SESSENUM_SMB_NTLM_HANDSHAKE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "smb/decryption.h"
#include "smb/ntlm_keys.h"

namespace sessenum {

class NtlmHandshake {
 public:
  enum class Outcome : std::uint8_t {
    kOpen,      // not all of the exchange was seen
    kNoKey,     // no key was given for this user
    kWrongKey,  // the one that was given is not the user's
    kKey,
  };

  // A security token of either side, bare or wrapped. Others than NTLM's are passed over. Returns whether it ended an
  // exchange.
  bool OnToken(Bytes token, const Decryption& decryption);

  [[nodiscard]] Outcome outcome() const { return outcome_; }
  // Set where outcome() is kKey.
  [[nodiscard]] const NtlmSessionKey& key() const { return key_; }
  [[nodiscard]] std::uint32_t flags() const { return flags_; }
  // `DOMAIN\user` in UTF-8, as the client wrote it.
  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  void OnAuthenticate(const NtlmAuthenticateMessage& message, const Decryption& decryption);

  Outcome outcome_ = Outcome::kOpen;
  std::optional<NtlmChallengeMessage> challenge_;
  NtlmSessionKey key_{};
  std::uint32_t flags_ = 0;
  std::string user_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLM_HANDSHAKE_H_
