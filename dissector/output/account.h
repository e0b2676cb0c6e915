// Who is behind a session, as one name.
#ifndef SESSENUM_OUTPUT_ACCOUNT_H_
#define SESSENUM_OUTPUT_ACCOUNT_H_

#include <optional>
#include <string>

#include "smb/connection.h"

namespace sessenum {

// "DOMAIN\user", or "user" without a domain; "ANONYMOUS LOGON" for a session without credentials; nullopt where the
// capture does not show it.
[[nodiscard]] inline std::optional<std::string> AccountName(const SmbIdentity& identity) {
  if (identity.anonymous) return "ANONYMOUS LOGON";
  if (!identity.user) return std::nullopt;
  if (!identity.domain || identity.domain->empty()) return identity.user;
  return *identity.domain + "\\" + *identity.user;
}

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_ACCOUNT_H_
