// What both directions share. Requests are read in smb2_requests.cc, responses in smb2_responses.cc.
#include "smb/smb2_connection.h"

#include <utility>
#include <vector>

#include "smb/protocol.h"
#include "smb/smb2_compression.h"
#include "smb/text.h"

namespace sessenum {
namespace {

// A compressed message may expand to so many times its size without counting against Limits::smb_expansion_bytes.
constexpr std::uint64_t kModestRatio = 64;

bool IsHandshake(Smb2Command command) {
  return command == Smb2Command::kNegotiate || command == Smb2Command::kSessionSetup;
}

// Any byte may have been made of all those before it: what is inside came with the last packet and needed the others. A
// compound names those others for its first command alone, so that many commands of many packets stay cheap.
std::vector<Origin> OriginsOfExpanded(SourcedBytes message) {
  std::vector<Origin> origins;
  message.ForEachRun([&origins](std::size_t, const Frame& frame) {
    const std::size_t offset = origins.empty() ? 0 : 1;
    origins.push_back({offset, frame});
  });
  return origins;
}

// The part of a compressed message that is not compressed, as the start of the message inside.
SmbMessage StartInClear(const SmbMessage& message, const Smb2CompressedHead& head) {
  SmbMessage start;
  start.bytes = message.bytes.Sub(kCompressionHeaderSize, head.plain);
  start.length = static_cast<std::size_t>(head.size);
  start.why = Undecoded::kCompressed;
  start.noticed = message.bytes.FrameAt(0);
  return start;
}

}  // namespace

Smb2Connection::Smb2Connection(Budget& budget, PipeObserver& observer, SmbCounts& counts,
                               std::shared_ptr<Smb2Unsealer> unsealer, SmbSessionRegistry* registry,
                               const SmbHosts& hosts)
    : budget_(budget),
      counts_(counts),
      host_{observer, counts},
      unsealer_(std::move(unsealer)),
      state_(budget, unsealer_, registry, hosts) {}

void Smb2Connection::OnMessage(Direction direction, const SmbMessage& message) {
  switch (ProtocolOf(message.bytes.bytes())) {
    case SmbProtocol::kSmb2:
      return OnPlain(direction, message);
    case SmbProtocol::kTransform:
      return OnTransform(direction, message);
    case SmbProtocol::kCompression:
      return OnCompressed(direction, message);
    default:
      return state_.LoseAll(direction, message.why, message.noticed);
  }
}

void Smb2Connection::OnTransform(Direction direction, const SmbMessage& message) {
  Smb2Transform transform;
  if (!Read(message.bytes.bytes(), transform).ok()) {
    OnBlind(direction, Undecoded::kEncrypted, message);
    return;
  }
  state_.Enter(transform.session_id);
  state_.SessionOf(transform.session_id).encrypted = true;
  Smb2Unsealer* unsealer = state_.UnsealerOf(transform.session_id);
  SourcedBuffer plain;
  const Smb2Sealed sealed{transform.session_id, dialect_, message.bytes};
  if (unsealer == nullptr || !message.whole() || !unsealer->Unseal(direction, sealed, plain)) {
    OnBlind(direction, Undecoded::kEncrypted, message);
    state_.LoseSession(transform.session_id, direction, Undecoded::kEncrypted, message.bytes.FrameAt(0));
    return;
  }
  SmbMessage inner;
  inner.bytes = plain.View();
  inner.length = plain.size();
  // A transform within a transform is not allowed, so it is not followed (MS-SMB2 3.2.5.1.1).
  if (ProtocolOf(inner.bytes.bytes()) == SmbProtocol::kTransform) {
    ++counts_.malformed;
    return;
  }
  OnMessage(direction, inner);
}

// A message in clear is the only thing that may be inside (MS-SMB2 3.2.5.1.1.2), so nothing nests.
void Smb2Connection::OnCompressed(Direction direction, const SmbMessage& message) {
  if (!message.whole()) return state_.LoseAll(direction, message.why, message.noticed);
  Smb2CompressedHead head;
  std::vector<std::uint8_t> plain;
  const bool sound = Read(message.bytes.bytes(), head).ok();
  if (sound && IsUnwanted(StartInClear(message, head))) return OnPlain(direction, StartInClear(message, head));
  if (!sound || !MayExpand(head.size, message.length) || !Decompress(message.bytes.bytes(), plain).ok() ||
      ProtocolOf(plain) != SmbProtocol::kSmb2) {
    OnBlind(direction, Undecoded::kCompressed, message);
    return state_.LoseAll(direction, Undecoded::kCompressed, message.bytes.FrameAt(0));
  }
  const std::vector<Origin> origins = OriginsOfExpanded(message.bytes);
  SmbMessage inner;
  inner.bytes = SourcedBytes(plain, origins);
  inner.length = plain.size();
  OnPlain(direction, inner);
}

// As the framer does with plain messages: large transfers to and from disks need not be expanded.
bool Smb2Connection::IsUnwanted(const SmbMessage& start) {
  const bool telling = start.bytes.size() >= SmbFramer::kAskSize && start.length > start.bytes.size();
  return telling && ProtocolOf(start.bytes.bytes()) == SmbProtocol::kSmb2 && !WantsRest(start);
}

// Counts what is declared, not what comes of it: to fail late would else be free.
bool Smb2Connection::MayExpand(std::uint64_t size, std::size_t compressed_size) {
  const Limits& limits = budget_.limits();
  if (size > limits.smb_message_bytes) {
    budget_.Hit(Cap::kSmbMessageBytes);
    return false;
  }
  const std::uint64_t modest = kModestRatio * compressed_size;
  if (size <= modest) return true;
  const auto excess = static_cast<std::size_t>(size - modest);
  if (excess > limits.smb_expansion_bytes - budget_.smb_bytes_expanded) {
    budget_.Hit(Cap::kSmbExpansionBytes);
    return false;
  }
  budget_.smb_bytes_expanded += excess;
  return true;
}

void Smb2Connection::OnBlind(Direction direction, Undecoded why, const SmbMessage& message) {
  host_.observer.OnBlindMessage(direction, why, message.bytes.FrameAt(0));
}

// Walks a compound (MS-SMB2 3.3.5.2.7). Each step moves by a header at least.
void Smb2Connection::OnPlain(Direction direction, const SmbMessage& message) {
  Chain chain;
  std::size_t offset = 0;
  for (;;) {
    Smb2Part part;
    const Status status = ReadSmb2Part(message, offset, part);
    if (!status.ok()) {
      const bool cut = status.code == Errc::kTruncated;
      if (!cut) ++counts_.malformed;
      const Undecoded why = cut ? message.why : Undecoded::kMalformed;
      return state_.LoseAll(direction, why, cut ? message.noticed : message.bytes.FrameAt(offset));
    }
    const bool follows = offset > 0 && part.header.related();
    if (!follows) chain.open = nullptr;
    if (!follows || part.header.session_id != kSmb2SameSession) chain.tree.session = part.header.session_id;
    if (!follows || part.header.tree_id != kSmb2SameTree) chain.tree.tree = part.header.tree_id;
    if (!IsHandshake(part.header.command)) {
      state_.Enter(chain.tree.session);
    } else if (unsealer_ != nullptr) {
      unsealer_->OnHandshake(part);
    }
    if (part.header.response()) {
      OnResponse(part, chain);
    } else {
      OnRequest(part, chain);
    }
    if (part.header.next_command == 0) return;
    offset += part.header.next_command;
  }
}

bool Smb2Connection::WantsRest(const SmbMessage& start) {
  Smb2Header header;
  if (!ReadSmb2Header(start.bytes.bytes(), header).ok() || header.next_command != 0) return true;
  if (header.command == Smb2Command::kRead && header.response()) {
    const Smb2Request* request = state_.FindRequest(header.message_id);
    // As OnResponse sees it: a request of another command is not the one that is answered.
    return request == nullptr || request->command != header.command || request->open != nullptr;
  }
  const bool write = header.command == Smb2Command::kWrite && !header.response();
  return !write || state_.TypeOf({header.session_id, header.tree_id}) != Smb2ShareType::kDisk;
}

// Whether the fixed part of a message could be read. Where it could not, the pipes that it may be about are told:
// `open`, or all of `tree`.
bool Smb2Connection::Accept(Status status, Direction direction, const Smb2Part& part, Smb2Open* open,
                            const Smb2TreeKey& tree) {
  if (status.ok()) return true;
  const bool cut = status.code == Errc::kTruncated && !part.whole();
  if (!cut) ++counts_.malformed;
  const Undecoded why = cut ? part.why : Undecoded::kMalformed;
  const Frame noticed = cut ? part.noticed : part.bytes.FrameAt(0);
  if (open != nullptr) {
    open->pipe.OnLost(direction, why, noticed);
  } else {
    state_.LoseTree(tree, direction, why, noticed);
  }
  return false;
}

void Smb2Connection::Deliver(Smb2Open& open, Direction direction, const Smb2Part& part, const Smb2Buffer& buffer) {
  PipeData data;
  if (!Accept(LocateSmb2Buffer(part, buffer, data), direction, part, &open, open.tree)) return;
  open.pipe.OnData(host_, direction, data, part.bytes);
}

// The UTF-16 text in `buffer`; nullopt where not all of it is at hand.
Smb2Connection::CapturedText Smb2Connection::Text(const Smb2Part& part, const Smb2Buffer& buffer) {
  PipeData data;
  if (!LocateSmb2Buffer(part, buffer, data).ok()) return {};
  return {DecodeName(data.bytes.bytes(), SmbCharset::kUtf16, budget_), data.missing > 0};
}

}  // namespace sessenum
