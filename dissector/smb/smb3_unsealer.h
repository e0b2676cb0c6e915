// Decrypts SMB 3.x transforms, with keys from the user or from the NTLM exchange of the session.
#ifndef SESSENUM_SMB_SMB3_UNSEALER_H_
#define SESSENUM_SMB_SMB3_UNSEALER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bounded_map.h"
#include "smb/decryption.h"
#include "smb/ntlm_handshake.h"
#include "smb/preauth_hash.h"
#include "smb/smb2_unsealer.h"
#include "smb/smb3_keys.h"

namespace sessenum {

// Of the sessions that were set up on one connection. One whose set-up was not captured is opened in dialects 3.0 and
// 3.0.2 alone: the keys of 3.1.1 hang on the hash of the exchange.
class Smb3Unsealer final : public Smb2Unsealer {
 public:
  // `decryption` must outlive the unsealer.
  explicit Smb3Unsealer(const Decryption& decryption);

  void OnHandshake(const Smb2Part& part) override;
  [[nodiscard]] bool Unseal(Direction direction, const Smb2Sealed& sealed, SourcedBuffer& plain) override;
  // Complains of keys that fitted nothing.
  void OnClose() override;

 private:
  struct Session {
    std::optional<PreauthHash> hash;  // nullopt: some of the exchange is not in the capture
    NtlmHandshake ntlm;
    bool established = false;
    bool has_keys = false;       // `keys` were made
    std::vector<Smb3Keys> keys;  // those that may fit; once one has, it alone
    bool fitted = false;
    bool failed = false;
  };

  void OnNegotiateResponse(const Smb2Part& part);
  void OnSetupRequest(const Smb2Part& part);
  void OnSetupResponse(const Smb2Part& part);
  [[nodiscard]] Session& SessionOf(std::uint64_t id);
  // The session that a response belongs to; a new one where it answers a request without SessionId.
  [[nodiscard]] Session* SessionAnswered(const Smb2Part& part);
  void Replace(std::uint64_t id, Session session);
  void Extend(std::optional<PreauthHash>& hash, const Smb2Part& part) const;
  void MakeKeys(std::uint64_t id, Session& session) const;
  void AddKeys(Bytes session_key, Session& session) const;
  void Complain(std::uint64_t id, const Session& session) const;

  const Decryption& decryption_;
  std::uint16_t dialect_ = 0;         // 0: not captured
  std::optional<AeadCipher> cipher_;  // of dialect 3.1.1
  std::optional<PreauthHash> negotiated_;
  BoundedMap<std::uint64_t, std::optional<PreauthHash>> starting_;  // requests without SessionId, by MessageId
  BoundedMap<std::uint64_t, Session> sessions_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB3_UNSEALER_H_
