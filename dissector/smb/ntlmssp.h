// Who authenticates: the clear names in an NTLM AUTHENTICATE message (MS-NLMP 2.2.1.3).
#ifndef SESSENUM_SMB_NTLMSSP_H_
#define SESSENUM_SMB_NTLMSSP_H_

#include <optional>

#include "base/bytes.h"
#include "base/limits.h"
#include "smb/connection.h"
#include "smb/ntlm_messages.h"

namespace sessenum {

// Finds an AUTHENTICATE message in a security blob, bare or wrapped (SPNEGO), by its signature. nullopt where there is
// none. A name that lies outside the blob is left unset.
[[nodiscard]] std::optional<SmbIdentity> FindNtlmAuthenticate(Bytes blob, Budget& budget);

[[nodiscard]] SmbIdentity IdentityOf(const NtlmAuthenticateMessage& message, Budget& budget);

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLMSSP_H_
