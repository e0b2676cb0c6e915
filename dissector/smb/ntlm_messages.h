// The NTLM messages of an exchange (MS-NLMP 2.2.1), found in a security blob and taken apart.
#ifndef SESSENUM_SMB_NTLM_MESSAGES_H_
#define SESSENUM_SMB_NTLM_MESSAGES_H_

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace sessenum {

// MS-NLMP 2.2.2.5
inline constexpr std::uint32_t kNtlmUnicode = 0x1;
inline constexpr std::uint32_t kNtlmAnonymous = 0x800;
inline constexpr std::uint32_t kNtlmExtendedSessionSecurity = 0x80000;
inline constexpr std::uint32_t kNtlm128 = 0x20000000;
inline constexpr std::uint32_t kNtlmKeyExchange = 0x40000000;
inline constexpr std::uint32_t kNtlm56 = 0x80000000;

// Views point into the blob. A field that lies outside it is nullopt.
struct NtlmAuthenticateMessage {
  std::optional<Bytes> lm_response;
  std::optional<Bytes> nt_response;
  std::optional<Bytes> domain;
  std::optional<Bytes> user;
  std::optional<Bytes> workstation;
  std::optional<Bytes> session_key;  // encrypted
  std::uint32_t flags = 0;           // as agreed on
};

struct NtlmChallengeMessage {
  std::array<std::uint8_t, 8> server_challenge{};
};

// Finds the message in a blob, bare or wrapped (SPNEGO), by its signature. nullopt where there is none, or it is cut.
[[nodiscard]] std::optional<NtlmAuthenticateMessage> FindNtlmAuthenticateMessage(Bytes blob);
[[nodiscard]] std::optional<NtlmChallengeMessage> FindNtlmChallengeMessage(Bytes blob);

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLM_MESSAGES_H_
