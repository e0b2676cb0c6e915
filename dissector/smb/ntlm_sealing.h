// Undoes RPC privacy that NTLM gives (MS-NLMP 3.4), with extended session security.
#ifndef SESSENUM_SMB_NTLM_SEALING_H_
#define SESSENUM_SMB_NTLM_SEALING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rpc/stub_sealing.h"
#include "smb/decryption.h"
#include "smb/ntlm_handshake.h"
#include "smb/rc4.h"

namespace sessenum {

// What is sealed in one direction under one session key.
class NtlmUnsealer {
 public:
  NtlmUnsealer(const CipherSuite& suite, const NtlmSessionKey& key, std::uint32_t flags, Direction direction);

  // Puts the sealed part of `pdu`, which stands in `plain`, in clear. False where the signature does not confirm it;
  // then the key stream stays where it is.
  [[nodiscard]] bool Unseal(const SealedPdu& pdu, std::vector<std::uint8_t>& plain);

 private:
  const CipherSuite& suite_;
  Digest16 signing_key_;
  Rc4 stream_;
  bool seals_checksum_;
  std::uint32_t sequence_ = 0;
};

// Of one association. A direction that has lost bytes stays sealed from there on: where its key stream stands is not
// known any more.
class NtlmSealing final : public StubSealing {
 public:
  // `decryption` must outlive the sealing.
  explicit NtlmSealing(const Decryption& decryption) : decryption_(decryption) {}

  void OnToken(Bytes token) override;
  [[nodiscard]] bool Unseal(Direction direction, const SealedPdu& pdu, std::vector<std::uint8_t>& plain) override;
  void OnLoss(Direction direction) override { lane(direction).lost = true; }

 private:
  struct Lane {
    std::optional<NtlmUnsealer> unsealer;
    bool lost = false;
  };

  [[nodiscard]] Lane& lane(Direction direction) { return lanes_[static_cast<std::size_t>(direction)]; }
  [[nodiscard]] bool IsKeyed() const;
  void Complain() const;

  const Decryption& decryption_;
  NtlmHandshake handshake_;
  std::array<Lane, 2> lanes_;
  bool fitted_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLM_SEALING_H_
