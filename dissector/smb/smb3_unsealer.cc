#include "smb/smb3_unsealer.h"

#include <string>
#include <utility>

#include "smb/smb2_encryption.h"

namespace sessenum {
namespace {

// As Wireshark writes it: 0x0000100000000021.
std::string Hex(std::uint64_t value) {
  std::string text = "0x";
  for (unsigned shift = 64; shift > 0; shift -= 4) text += "0123456789abcdef"[value >> (shift - 4U) & 0xFU];
  return text;
}

// The security blob of a SESSION_SETUP message, as far as it is at hand.
Bytes BlobOf(const Smb2Part& part) {
  Smb2SessionSetupRequest request;
  Smb2SessionSetupResponse response;
  const bool answer = part.header.response();
  const Status status = answer ? Read(part.Body(), response) : Read(part.Body(), request);
  PipeData blob;
  if (!status.ok() || !LocateSmb2Buffer(part, answer ? response.blob : request.blob, blob).ok()) return {};
  return blob.bytes.bytes();
}

bool IsBinding(const Smb2Part& part) {
  Smb2SessionSetupRequest request;
  return Read(part.Body(), request).ok() && request.binding();
}

}  // namespace

Smb3Unsealer::Smb3Unsealer(const Decryption& decryption)
    : decryption_(decryption),
      starting_(decryption.budget.limits().smb_sessions),
      sessions_(decryption.budget.limits().smb_sessions) {}

void Smb3Unsealer::OnHandshake(const Smb2Part& part) {
  const bool response = part.header.response();
  if (part.header.command == Smb2Command::kSessionSetup) return response ? OnSetupResponse(part) : OnSetupRequest(part);
  if (response) return OnNegotiateResponse(part);
  // Each NEGOTIATE starts anew; one may follow the answer to SMB1's.
  dialect_ = 0;
  cipher_.reset();
  negotiated_.emplace();
  Extend(negotiated_, part);
}

void Smb3Unsealer::OnNegotiateResponse(const Smb2Part& part) {
  Smb2NegotiateResponse body;
  if (part.header.status != kStatusSuccess || !Read(part.Body(), body).ok()) return;
  dialect_ = body.dialect;
  cipher_ = FindNegotiatedCipher(part.bytes.bytes());
  Extend(negotiated_, part);
}

void Smb3Unsealer::OnSetupRequest(const Smb2Part& part) {
  if (part.header.session_id == 0) {
    std::optional<PreauthHash> hash = negotiated_;
    Extend(hash, part);
    starting_.Take(part.header.message_id);
    MakeRoom(starting_, decryption_.budget, Cap::kSmbSessions);
    starting_.Add(part.header.message_id, hash);
    return;
  }
  // What a connection that joins agrees on is for its signatures; the session keeps its keys (MS-SMB2 3.3.5.5.3).
  if (IsBinding(part)) return;
  Session& session = SessionOf(part.header.session_id);
  // Authentication anew leaves the keys as they are (MS-SMB2 3.3.5.5.3).
  if (session.established) return;
  Extend(session.hash, part);
  session.ntlm.OnToken(BlobOf(part), decryption_);
}

void Smb3Unsealer::OnSetupResponse(const Smb2Part& part) {
  const std::uint32_t status = part.header.status;
  if (status != kStatusSuccess && status != kStatusMoreProcessingRequired) return;
  Session* session = SessionAnswered(part);
  if (session == nullptr || session->established) return;
  session->established = status == kStatusSuccess;
  if (session->established) return;  // the last response is not hashed
  Extend(session->hash, part);
  session->ntlm.OnToken(BlobOf(part), decryption_);
}

Smb3Unsealer::Session* Smb3Unsealer::SessionAnswered(const Smb2Part& part) {
  const std::uint64_t id = part.header.session_id;
  if (std::optional<std::optional<PreauthHash>> started = starting_.Take(part.header.message_id)) {
    Session session;
    session.hash = *started;
    Replace(id, std::move(session));
  }
  return sessions_.Find(id);
}

Smb3Unsealer::Session& Smb3Unsealer::SessionOf(std::uint64_t id) {
  if (Session* known = sessions_.Find(id)) return *known;
  Replace(id, {});
  return *sessions_.Find(id);
}

void Smb3Unsealer::Replace(std::uint64_t id, Session session) {
  if (const std::optional<Session> before = sessions_.Take(id)) Complain(id, *before);
  if (sessions_.full()) {
    decryption_.budget.Hit(Cap::kSmbSessions);
    sessions_.TakeOldest([this](std::uint64_t oldest, const Session& gone) { Complain(oldest, gone); });
  }
  sessions_.Add(id, std::move(session));
}

void Smb3Unsealer::Extend(std::optional<PreauthHash>& hash, const Smb2Part& part) const {
  if (!part.whole()) hash.reset();
  if (hash) hash->Add(decryption_.suite, part.bytes.bytes());
}

bool Smb3Unsealer::Unseal(Direction direction, const Smb2Sealed& sealed, SourcedBuffer& plain) {
  Session& session = SessionOf(sealed.session_id);
  if (!session.has_keys) MakeKeys(sealed.session_id, session);
  Smb2SealedParts parts;
  if (!Read(sealed.bytes.bytes(), parts).ok()) return false;
  std::vector<std::uint8_t> text;
  for (const Smb3Keys& keys : session.keys) {
    const AeadMessage message{keys.cipher,      keys.For(direction), parts.nonce.first(NonceSize(keys.cipher)),
                              parts.associated, parts.tag,           parts.ciphertext};
    if (!decryption_.suite.Decrypt(message, text)) continue;
    plain.Append(sealed.bytes.Sub(kTransformHeaderSize, text.size()).With(text));
    session.fitted = true;
    session.keys = {keys};
    return true;
  }
  session.failed = true;
  return false;
}

void Smb3Unsealer::MakeKeys(std::uint64_t id, Session& session) const {
  session.has_keys = true;
  const Bytes given = decryption_.keys.SmbSessionKey(id);
  if (!given.empty()) AddKeys(given, session);
  if (session.ntlm.outcome() == NtlmHandshake::Outcome::kKey) AddKeys(session.ntlm.key(), session);
}

// Where the negotiation is not in the capture, the session may be one of dialect 3.0: the tag will tell.
void Smb3Unsealer::AddKeys(Bytes session_key, Session& session) const {
  if (dialect_ != kSmbDialect311) {
    session.keys.push_back(Smb300Keys(decryption_.suite, session_key));
  } else if (cipher_ && session.hash) {
    session.keys.push_back(Smb311Keys(decryption_.suite, session_key, *cipher_, session.hash->value()));
  }
}

void Smb3Unsealer::Complain(std::uint64_t id, const Session& session) const {
  if (!session.failed || session.fitted) return;
  const NtlmHandshake::Outcome outcome = session.ntlm.outcome();
  const bool given = !decryption_.keys.SmbSessionKey(id).empty();
  if (!given && outcome != NtlmHandshake::Outcome::kKey && outcome != NtlmHandshake::Outcome::kWrongKey) return;
  const bool tried = !session.keys.empty() || outcome == NtlmHandshake::Outcome::kWrongKey;
  const bool guessed = dialect_ == 0;
  decryption_.complaints.Add(tried && !guessed
                                 ? "key does not fit session " + Hex(id)
                                 : "key cannot be used for session " + Hex(id) + ": its set-up was not captured");
}

void Smb3Unsealer::OnClose() {
  sessions_.ForEach([this](std::uint64_t id, const Session& session) { Complain(id, session); });
}

}  // namespace sessenum
