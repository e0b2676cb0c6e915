#include "smb/ntlmssp.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/byte_reader.h"
#include "smb/text.h"

namespace sessenum {
namespace {

constexpr std::array<std::uint8_t, 12> kAuthenticate = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 3, 0, 0, 0};
constexpr std::uint32_t kNegotiateUnicode = 1;        // MS-NLMP 2.2.2.5, bit A
constexpr std::uint32_t kNegotiateAnonymous = 0x800;  // bit J

// A payload that a field of the message points at.
struct Field {
  std::uint16_t length = 0;
  std::uint32_t offset = 0;  // from the signature
};

struct Authenticate {
  Field nt_response;
  Field domain;
  Field user;
  Field workstation;
  std::uint32_t flags = 0;
};

Status ReadField(ByteReader& in, Field& out) {
  SE_TRY(in.Read(out.length));
  SE_TRY(in.Skip(2));  // MaxLen, to be ignored
  return in.Read(out.offset);
}

// MS-NLMP 2.2.1.3
Status ReadAuthenticate(ByteReader in, Authenticate& out) {
  Field lm_response;
  Field session_key;
  SE_TRY(in.Skip(kAuthenticate.size()));
  SE_TRY(ReadField(in, lm_response));
  SE_TRY(ReadField(in, out.nt_response));
  SE_TRY(ReadField(in, out.domain));
  SE_TRY(ReadField(in, out.user));
  SE_TRY(ReadField(in, out.workstation));
  SE_TRY(ReadField(in, session_key));
  return in.Read(out.flags);
}

std::optional<std::string> Text(Bytes message, const Field& field, SmbCharset charset, Budget& budget) {
  ByteReader in(message);
  Bytes text;
  if (!in.SkipTo(field.offset).ok() || !in.ReadBytes(field.length, text).ok()) return std::nullopt;
  return DecodeName(text, charset, budget);
}

}  // namespace

std::optional<SmbIdentity> FindNtlmAuthenticate(Bytes blob, Budget& budget) {
  const auto at = std::search(blob.begin(), blob.end(), kAuthenticate.begin(), kAuthenticate.end());
  if (at == blob.end()) return std::nullopt;
  const Bytes message = blob.subspan(static_cast<std::size_t>(at - blob.begin()));
  Authenticate fields;
  if (!ReadAuthenticate(ByteReader(message), fields).ok()) return std::nullopt;
  const SmbCharset charset = (fields.flags & kNegotiateUnicode) != 0 ? SmbCharset::kUtf16 : SmbCharset::kOem;
  SmbIdentity identity;
  identity.user = Text(message, fields.user, charset, budget);
  identity.domain = Text(message, fields.domain, charset, budget);
  identity.workstation = Text(message, fields.workstation, charset, budget);
  // MS-NLMP 3.2.5.1.2: an empty user and an empty NtChallengeResponse make the anonymous user.
  identity.anonymous =
      fields.user.length == 0 && (fields.nt_response.length == 0 || (fields.flags & kNegotiateAnonymous) != 0);
  return identity;
}

}  // namespace sessenum
