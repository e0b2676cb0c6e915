#include "smb/framing.h"

#include <algorithm>
#include <cstring>

#include "base/byte_order.h"
#include "smb/protocol.h"

namespace sessenum {
namespace {

constexpr std::size_t kMagicSize = 4;
// A framing header and the magic of the message behind it.
constexpr std::size_t kLookSize = kFramingSize + kMagicSize;

// A buffer that grew beyond this is given back once it is empty.
constexpr std::size_t kKeepCapacity = 64U << 10U;

// RFC 1002 4.3.2 to 4.3.6: the length that a session packet of `type` may claim.
bool IsSessionPacket(std::uint8_t type, std::size_t length) {
  switch (type) {
    case 0x81:  // SESSION REQUEST: two encoded names
      return length >= 2 && length <= 510;
    case 0x82:  // POSITIVE SESSION RESPONSE
    case 0x85:  // SESSION KEEPALIVE
      return length == 0;
    case 0x83:  // NEGATIVE SESSION RESPONSE
      return length == 1;
    case 0x84:  // RETARGET SESSION RESPONSE
      return length == 6;
    default:
      return false;
  }
}

// The offset of the first message in `bytes`, or kNoMessage. Looks at each byte once.
constexpr std::size_t kNoMessage = SIZE_MAX;
std::size_t FindMessage(Bytes bytes) {
  constexpr std::size_t kLetter = kFramingSize + 1;  // the S of the magic
  std::size_t at = kLetter;
  while (at < bytes.size()) {
    const void* hit = std::memchr(bytes.data() + at, 'S', bytes.size() - at);
    if (hit == nullptr) return kNoMessage;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - bytes.data());
    const std::size_t start = at - kLetter;
    if (bytes.size() - start >= kLookSize && bytes[start] == 0 &&
        ReadFraming(bytes.subspan(start, kLookSize)).look == FramingLook::kMessage) {
      return start;
    }
    ++at;
  }
  return kNoMessage;
}

}  // namespace

Framing ReadFraming(Bytes bytes) {
  if (bytes.empty()) return {FramingLook::kNeedMore, 0};
  const std::uint8_t type = bytes[0];
  if (type != 0 && (type < 0x81 || type > 0x85)) return {};
  if (bytes.size() < kFramingSize) return {FramingLook::kNeedMore, 0};
  const std::size_t length = LoadInteger<std::uint32_t>(bytes.data(), ByteOrder::kBig) & 0xFFFFFFU;
  if (type != 0) return {IsSessionPacket(type, length) ? FramingLook::kSessionPacket : FramingLook::kGarbage, length};
  if (length == 0) return {FramingLook::kSessionPacket, 0};  // an empty message: some servers' keepalive
  if (length < kMagicSize) return {FramingLook::kGarbage, length};
  if (bytes.size() < kLookSize) return {FramingLook::kNeedMore, length};
  const SmbProtocol protocol = ProtocolOf(bytes.subspan(kFramingSize));
  const bool sane = protocol != SmbProtocol::kNone && length >= LeastSize(protocol);
  return {sane ? FramingLook::kMessage : FramingLook::kGarbage, length};
}

void SmbFramer::OnData(SourcedBytes data) {
  buffer_.Drain(data, [this](SourcedBytes view) { return Take(view); });
  StopAtCaps();
  Account(buffer_.size());
}

std::size_t SmbFramer::Take(SourcedBytes view) {
  if (skip_ > 0) {
    const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, view.size()));
    skip_ -= used;
    return used;
  }
  return seeking_ ? Seek(view) : TakePacket(view);
}

std::size_t SmbFramer::Seek(SourcedBytes view) {
  const std::size_t start = FindMessage(view.bytes());
  if (start == kNoMessage) return view.size() < kLookSize ? 0 : view.size() - (kLookSize - 1);
  seeking_ = false;
  return start > 0 ? start : TakePacket(view);
}

std::size_t SmbFramer::TakePacket(SourcedBytes view) {
  const Framing framing = ReadFraming(view.bytes());
  switch (framing.look) {
    case FramingLook::kNeedMore:
      return 0;
    case FramingLook::kGarbage:
      ++garbage_runs_;
      seeking_ = true;
      sink_.OnLost(Undecoded::kMalformed, view.FrameAt(0));
      return Seek(view);
    case FramingLook::kSessionPacket:
      skip_ = framing.length;
      return kFramingSize;
    case FramingLook::kMessage:
      break;
  }
  const std::size_t whole = kFramingSize + framing.length;
  if (view.size() < whole) return TakePart(view, framing.length);
  asked_ = false;
  SmbMessage message;
  message.bytes = view.Sub(kFramingSize, framing.length);
  message.length = framing.length;
  sink_.OnMessage(message);
  return whole;
}

// A message that is still arriving: waits for the rest, unless nobody wants it.
std::size_t SmbFramer::TakePart(SourcedBytes view, std::size_t length) {
  if (asked_ || view.size() < kFramingSize + kAskSize) return 0;
  SmbMessage start;
  start.bytes = view.Sub(kFramingSize);
  start.length = length;
  start.noticed = view.FrameAt(view.size());
  asked_ = sink_.WantsRest(start);
  if (asked_) return 0;
  sink_.OnMessage(start);
  skip_ = length - start.bytes.size();
  return view.size();
}

void SmbFramer::OnMissing(std::uint64_t length, Undecoded why, Frame noticed) {
  const std::uint64_t rest = skip_ > 0 ? skip_ : GiveUp(why, noticed);
  skip_ = 0;
  if (length != 0 && length <= rest) {
    skip_ = rest - length;
    return;
  }
  seeking_ = true;
  sink_.OnLost(why, noticed);
}

void SmbFramer::OnClose() {
  if (!buffer_.empty()) GiveUp(Undecoded::kGap, buffer_.View().FrameAt(buffer_.size()));
}

// Hands on what is at hand of the message in the buffer. Returns how many of its bytes are not; 0 where that is
// unknown.
std::uint64_t SmbFramer::GiveUp(Undecoded why, Frame noticed) {
  const SourcedBytes view = buffer_.View();
  std::uint64_t rest = 0;
  if (!seeking_ && view.size() >= kFramingSize) {
    SmbMessage message;
    message.bytes = view.Sub(kFramingSize);
    message.length = ReadFraming(view.bytes()).length;
    message.why = why;
    message.noticed = noticed;
    rest = message.length - message.bytes.size();
    sink_.OnMessage(message);
  }
  buffer_.Clear();
  asked_ = false;
  Account(0);
  return rest;
}

// Cuts a message that is too long to be held, and goes on behind it.
void SmbFramer::StopAtCaps() {
  if (buffer_.size() <= kLookSize) return;
  const bool own = buffer_.size() > budget_.limits().smb_message_bytes;
  const bool all = budget_.smb_bytes_held - held_ + buffer_.size() > budget_.limits().total_smb_bytes;
  if (!own && !all) return;
  budget_.Hit(own ? Cap::kSmbMessageBytes : Cap::kTotalSmbBytes);
  skip_ = GiveUp(Undecoded::kTruncated, buffer_.View().FrameAt(buffer_.size()));
}

void SmbFramer::Account(std::size_t held) {
  if (held > kKeepCapacity) large_ = true;
  if (held == 0 && large_) {
    buffer_ = SourcedBuffer();
    large_ = false;
  }
  budget_.smb_bytes_held = budget_.smb_bytes_held - held_ + held;
  held_ = held;
}

}  // namespace sessenum
