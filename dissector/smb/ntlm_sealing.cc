#include "smb/ntlm_sealing.h"

#include <algorithm>
#include <span>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kChecksumSize = 8;
constexpr std::uint32_t kVersion = 1;

// NTLMSSP_MESSAGE_SIGNATURE for extended session security (MS-NLMP 2.2.2.9.2)
struct Signature {
  std::array<std::uint8_t, kChecksumSize> checksum{};
  std::uint32_t sequence = 0;
};

Status Read(Bytes token, Signature& out) {
  ByteReader in(token);
  std::uint32_t version = 0;
  Bytes checksum;
  SE_TRY(in.Read(version));
  SE_TRY(in.ReadBytes(kChecksumSize, checksum));
  SE_TRY(in.Read(out.sequence));
  std::copy(checksum.begin(), checksum.end(), out.checksum.begin());
  return version == kVersion && in.remaining() == 0 ? Ok() : Malformed(0);
}

}  // namespace

NtlmUnsealer::NtlmUnsealer(const CipherSuite& suite, const NtlmSessionKey& key, std::uint32_t flags,
                           Direction direction)
    : suite_(suite),
      signing_key_(NtlmSigningKey(suite, key, direction)),
      stream_(NtlmSealingKey(suite, key, flags, direction)),
      seals_checksum_((flags & kNtlmKeyExchange) != 0) {}

bool NtlmUnsealer::Unseal(const SealedPdu& pdu, std::vector<std::uint8_t>& plain) {
  Signature signature;
  if (!Read(pdu.token, signature).ok() || signature.sequence != sequence_) return false;
  Rc4 stream = stream_;
  const auto body = std::span(plain).subspan(pdu.sealed_at, pdu.sealed_size);
  stream.Apply(body);
  if (seals_checksum_) stream.Apply(signature.checksum);
  std::array<std::uint8_t, 4> sequence{};
  StoreInteger(sequence_, ByteOrder::kLittle, sequence.data());
  const auto confirms = [&](Bytes covered) {
    const Digest16 expected = suite_.HmacMd5(signing_key_, {sequence, covered});
    return std::equal(signature.checksum.begin(), signature.checksum.end(), expected.begin());
  };
  // Peers that did not agree on header signing may leave the headers out (MS-RPCE 3.3.1.5.2.2).
  if (!confirms(plain) && !confirms(body)) return false;
  stream_ = stream;
  ++sequence_;
  return true;
}

void NtlmSealing::OnToken(Bytes token) {
  if (!handshake_.OnToken(token, decryption_) || !IsKeyed()) return;
  for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
    lane(direction).unsealer.emplace(decryption_.suite, handshake_.key(), handshake_.flags(), direction);
  }
}

// Without extended session security, which peers have had since 1999, both directions share one key stream.
bool NtlmSealing::IsKeyed() const {
  return handshake_.outcome() == NtlmHandshake::Outcome::kKey &&
         (handshake_.flags() & kNtlmExtendedSessionSecurity) != 0;
}

bool NtlmSealing::Unseal(Direction direction, const SealedPdu& pdu, std::vector<std::uint8_t>& plain) {
  Lane& lane = this->lane(direction);
  if (lane.lost) return false;
  if (!lane.unsealer) {
    Complain();
    return false;
  }
  plain.assign(pdu.bytes.begin(), pdu.bytes.end());
  if (lane.unsealer->Unseal(pdu, plain)) {
    fitted_ = true;
    return true;
  }
  plain.clear();
  lane.lost = true;
  Complain();
  return false;
}

void NtlmSealing::Complain() const {
  const NtlmHandshake::Outcome outcome = handshake_.outcome();
  if (fitted_ || outcome == NtlmHandshake::Outcome::kOpen || outcome == NtlmHandshake::Outcome::kNoKey) return;
  decryption_.complaints.Add(outcome == NtlmHandshake::Outcome::kWrongKey || IsKeyed()
                                 ? "key does not fit user " + handshake_.user()
                                 : "key cannot be used for user " + handshake_.user() +
                                       ": the session has no extended session security");
}

}  // namespace sessenum
