// How the first bytes of a stream look.
#include "smb/look.h"

#include <array>

#include "base/byte_order.h"
#include "smb/framing.h"
#include "smb/protocol.h"

namespace sessenum {
namespace {

constexpr std::uint8_t kSessionRequest = 0x81;
constexpr std::uint8_t kKeepAlive = 0x85;

// MS-CIFS 2.2.3.1: the server sends this command as a request, to break an oplock.
constexpr std::uint8_t kLockingAndX = 0x24;

// An encoded name has 32 letters (RFC 1001 14.1).
constexpr std::uint8_t kEncodedNameSize = 32;

// Whether a session request of the usual form is at the start of `bytes`, whose header has been seen.
SmbLook LookAtSessionRequest(Bytes bytes) {
  constexpr std::size_t kCalledName = kFramingSize + 1;
  for (std::size_t i = kFramingSize; i < kCalledName + kEncodedNameSize; ++i) {
    if (i >= bytes.size()) return SmbLook::kNeedMore;
    const bool fits = i < kCalledName ? bytes[i] == kEncodedNameSize : bytes[i] >= 'A' && bytes[i] <= 'P';
    if (!fits) return SmbLook::kNo;
  }
  return SmbLook::kYes;
}

// The part of `magic` that is there must fit.
bool MagicMayFollow(Bytes magic) {
  constexpr std::array<std::uint8_t, 3> kSmb = {'S', 'M', 'B'};
  if (!magic.empty() && magic[0] < 0xFC) return false;
  for (std::size_t i = 1; i < magic.size() && i < 4; ++i) {
    if (magic[i] != kSmb[i - 1]) return false;
  }
  return true;
}

}  // namespace

SmbLook LooksLikeSmb(Bytes bytes) {
  for (;;) {
    const Framing framing = ReadFraming(bytes);
    if (framing.look == FramingLook::kMessage) return SmbLook::kYes;
    if (framing.look == FramingLook::kGarbage) return SmbLook::kNo;
    if (framing.look == FramingLook::kNeedMore) {
      const bool may = bytes.size() <= kFramingSize || MagicMayFollow(bytes.subspan(kFramingSize));
      return may ? SmbLook::kNeedMore : SmbLook::kNo;
    }
    if (bytes[0] == 0) return SmbLook::kNo;  // four zeros start too many protocols
    if (bytes[0] == kSessionRequest) return LookAtSessionRequest(bytes);
    if (framing.length > bytes.size() - kFramingSize) return SmbLook::kNeedMore;
    bytes = bytes.subspan(kFramingSize + framing.length);
  }
}

std::optional<Direction> MessageDirection(Bytes message) {
  bool reply = false;
  switch (ProtocolOf(message)) {
    case SmbProtocol::kSmb1:
      if (message.size() < kSmb1HeaderSize || message[4] == kLockingAndX) return std::nullopt;
      reply = (message[9] & 0x80U) != 0;
      break;
    case SmbProtocol::kSmb2:
      if (message.size() < kSmb2HeaderSize) return std::nullopt;
      reply = (message[16] & 1U) != 0;
      break;
    default:
      return std::nullopt;
  }
  return reply ? Direction::kToClient : Direction::kToServer;
}

std::optional<Direction> SmbMessageDirection(Bytes bytes) {
  if (bytes.size() < kFramingSize) return std::nullopt;
  if (bytes[0] == kSessionRequest) return Direction::kToServer;
  if (bytes[0] > kSessionRequest && bytes[0] < kKeepAlive) return Direction::kToClient;
  return bytes[0] == 0 ? MessageDirection(bytes.subspan(kFramingSize)) : std::nullopt;
}

}  // namespace sessenum
