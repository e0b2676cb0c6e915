// From an NT hash and a captured NTLM exchange to the session's key (MS-NLMP 3.3, 3.4.5).
#ifndef SESSENUM_SMB_NTLM_KEYS_H_
#define SESSENUM_SMB_NTLM_KEYS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/duplex.h"
#include "smb/cipher_suite.h"
#include "smb/key_store.h"
#include "smb/ntlm_messages.h"

namespace sessenum {

using NtlmSessionKey = Digest16;  // ExportedSessionKey

// The session key that client and server agreed on; names are UTF-8. nullopt where the NtChallengeResponse was not made
// with `hash`, which only NTLMv2 tells: with NTLMv1 the key may be wrong.
[[nodiscard]] std::optional<NtlmSessionKey> DeriveNtlmSessionKey(const CipherSuite& suite, const NtHash& hash,
                                                                 std::string_view user, std::string_view domain,
                                                                 const NtlmChallengeMessage& challenge,
                                                                 const NtlmAuthenticateMessage& authenticate);

// The keys for what travels in one direction under extended session security.
[[nodiscard]] Digest16 NtlmSigningKey(const CipherSuite& suite, const NtlmSessionKey& key, Direction direction);
// `flags` of the AUTHENTICATE message say how much of the key counts.
[[nodiscard]] Digest16 NtlmSealingKey(const CipherSuite& suite, const NtlmSessionKey& key, std::uint32_t flags,
                                      Direction direction);

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLM_KEYS_H_
