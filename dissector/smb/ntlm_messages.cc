#include "smb/ntlm_messages.h"

#include <algorithm>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kSignatureAndType = 12;

// The part of `blob` that starts with an NTLM message of `type`.
std::optional<Bytes> FindMessage(Bytes blob, std::uint8_t type) {
  const std::array<std::uint8_t, kSignatureAndType> start = {'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, type, 0, 0, 0};
  const auto at = std::search(blob.begin(), blob.end(), start.begin(), start.end());
  if (at == blob.end()) return std::nullopt;
  return blob.subspan(static_cast<std::size_t>(at - blob.begin()));
}

// Reads the length and place of a payload field, and takes the field itself out of `message`.
Status ReadField(ByteReader& in, Bytes message, std::optional<Bytes>& out) {
  std::uint16_t length = 0;
  std::uint32_t offset = 0;
  SE_TRY(in.Read(length));
  SE_TRY(in.Skip(2));  // MaxLen, to be ignored
  SE_TRY(in.Read(offset));
  ByteReader payload(message);
  Bytes field;
  if (payload.SkipTo(offset).ok() && payload.ReadBytes(length, field).ok()) out = field;
  return Ok();
}

// MS-NLMP 2.2.1.3
Status ReadAuthenticate(Bytes message, NtlmAuthenticateMessage& out) {
  ByteReader in(message);
  SE_TRY(in.Skip(kSignatureAndType));
  SE_TRY(ReadField(in, message, out.lm_response));
  SE_TRY(ReadField(in, message, out.nt_response));
  SE_TRY(ReadField(in, message, out.domain));
  SE_TRY(ReadField(in, message, out.user));
  SE_TRY(ReadField(in, message, out.workstation));
  SE_TRY(ReadField(in, message, out.session_key));
  return in.Read(out.flags);
}

// MS-NLMP 2.2.1.2: TargetNameFields and NegotiateFlags stand before the challenge
Status ReadChallenge(Bytes message, NtlmChallengeMessage& out) {
  ByteReader in(message);
  Bytes challenge;
  SE_TRY(in.Skip(kSignatureAndType + 12));
  SE_TRY(in.ReadBytes(out.server_challenge.size(), challenge));
  std::copy(challenge.begin(), challenge.end(), out.server_challenge.begin());
  return Ok();
}

}  // namespace

std::optional<NtlmAuthenticateMessage> FindNtlmAuthenticateMessage(Bytes blob) {
  const std::optional<Bytes> message = FindMessage(blob, 3);
  NtlmAuthenticateMessage out;
  if (!message || !ReadAuthenticate(*message, out).ok()) return std::nullopt;
  return out;
}

std::optional<NtlmChallengeMessage> FindNtlmChallengeMessage(Bytes blob) {
  const std::optional<Bytes> message = FindMessage(blob, 2);
  NtlmChallengeMessage out;
  if (!message || !ReadChallenge(*message, out).ok()) return std::nullopt;
  return out;
}

}  // namespace sessenum
