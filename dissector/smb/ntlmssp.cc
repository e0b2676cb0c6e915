#include "smb/ntlmssp.h"

#include <string>

#include "smb/ntlm_messages.h"
#include "smb/text.h"

namespace sessenum {
namespace {

bool IsEmpty(const std::optional<Bytes>& field) { return field && field->empty(); }

std::optional<std::string> Text(const std::optional<Bytes>& field, SmbCharset charset, Budget& budget) {
  if (!field) return std::nullopt;
  return DecodeName(*field, charset, budget);
}

}  // namespace

SmbIdentity IdentityOf(const NtlmAuthenticateMessage& message, Budget& budget) {
  const SmbCharset charset = (message.flags & kNtlmUnicode) != 0 ? SmbCharset::kUtf16 : SmbCharset::kOem;
  SmbIdentity identity;
  identity.user = Text(message.user, charset, budget);
  identity.domain = Text(message.domain, charset, budget);
  identity.workstation = Text(message.workstation, charset, budget);
  // MS-NLMP 3.2.5.1.2: an empty user and an empty NtChallengeResponse make the anonymous user.
  identity.anonymous = IsEmpty(message.user) && (IsEmpty(message.nt_response) || (message.flags & kNtlmAnonymous) != 0);
  return identity;
}

std::optional<SmbIdentity> FindNtlmAuthenticate(Bytes blob, Budget& budget) {
  const std::optional<NtlmAuthenticateMessage> message = FindNtlmAuthenticateMessage(blob);
  if (!message) return std::nullopt;
  return IdentityOf(*message, budget);
}

}  // namespace sessenum
