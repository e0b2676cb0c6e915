#include "replay/flow_sink.h"

#include <algorithm>
#include <string_view>

#include "rpc/pdu.h"

namespace sessenum {
namespace {

// Chunks that are looked at before a connection is let go: a direction's, and both directions' where each had some. A
// capture may start inside a message, so the first ones may show nothing, but a request starts a chunk; a proxy's
// handshake comes before what it carries. A connection of another protocol never shows anything.
constexpr unsigned kTries = 16;
constexpr unsigned kTriesOfEach = 2;

// Framing and the longer of the two SMB headers.
constexpr std::size_t kOrientationSize = 68;

constexpr std::uint16_t kDirectTcpPort = 445;
constexpr std::uint16_t kNetbiosSessionPort = 139;

// No other pipe that Windows or Samba offers starts with these four letters.
bool IsStartOfSrvsvc(std::string_view name) { return name.size() >= 4 && std::string_view("srvsvc").starts_with(name); }

bool IsSmbPort(std::uint16_t port) { return port == kDirectTcpPort || port == kNetbiosSessionPort; }

SmbAddress AddressOf(const Endpoint& endpoint) {
  SmbAddress address{};
  address[0] = endpoint.address.v6 ? 6 : 4;
  std::copy(endpoint.address.bytes.begin(), endpoint.address.bytes.end(), address.begin() + 1);
  return address;
}

}  // namespace

void FlowSink::OnData(Direction direction, SourcedBytes data) {
  if (carried_ != nullptr) {
    carried_->OnData(Oriented(direction), data);
  } else {
    LookAt(direction, data);
  }
}

Interest FlowSink::InterestIn(Direction direction) const {
  if (carried_ != nullptr) return Interest::kYes;
  if (IsExhausted(direction)) return Interest::kNone;
  return starts_[0].bytes.empty() && starts_[1].bytes.empty() ? Interest::kOpen : Interest::kYes;
}

bool FlowSink::IsExhausted(Direction direction) const {
  const unsigned tries = starts_[static_cast<std::size_t>(direction)].tries;
  const unsigned others = starts_[static_cast<std::size_t>(Reverse(direction))].tries;
  return tries >= kTries || (tries + others >= kTries && std::min(tries, others) >= kTriesOfEach);
}

void FlowSink::LookAt(Direction direction, SourcedBytes data) {
  Start& start = starts_[static_cast<std::size_t>(direction)];
  if (IsExhausted(direction)) return;
  const bool goes_on = !start.bytes.empty();
  if (goes_on) start.bytes.Append(data);
  const Look look = Recognise(direction, goes_on ? start.bytes.View().bytes() : data.bytes());
  if (look == Look::kNothing) {
    start.bytes = {};
    ++start.tries;
    return;
  }
  if (!goes_on) start.bytes.Append(data);
  if (look == Look::kNeedMore) return;
  // The other direction may hold the start of a message too.
  for (const Direction lane : {Direction::kToServer, Direction::kToClient}) {
    SourcedBuffer& held = starts_[static_cast<std::size_t>(lane)].bytes;
    if (!held.empty()) carried_->OnData(Oriented(lane), held.View());
    held = {};
  }
}

FlowSink::Look FlowSink::Recognise(Direction direction, Bytes bytes) {
  const Result<PduHeader> pdu = ParsePduHeader(bytes);
  if (pdu.ok()) {
    Orient(direction, DirectionOf(pdu.value().type));
    carried_ = std::make_unique<TrackedAssociation>(CarrierOf(Transport::kTcp), run_);
    return Look::kFound;
  }
  const SmbLook smb = LooksLikeSmb(bytes);
  const bool may_be_pdu = pdu.status().code == Errc::kTruncated;
  if (smb == SmbLook::kYes || (HasSmbPort() && smb == SmbLook::kNo && !may_be_pdu)) {
    const auto actual = SmbMessageDirection(bytes);
    // Without a handshake the header's reply flag alone tells the client from the server.
    if (!actual && !info_.from_start && bytes.size() < kOrientationSize) return Look::kNeedMore;
    if (actual) Orient(direction, *actual);
    auto connection = std::make_unique<SmbConnection>(run_.budget, *this, run_.decryption, &run_.smb_sessions, Hosts());
    smb_ = connection.get();
    carried_ = std::move(connection);
    return Look::kFound;
  }
  return smb == SmbLook::kNeedMore || may_be_pdu ? Look::kNeedMore : Look::kNothing;
}

void FlowSink::Orient(Direction seen, Direction actual) {
  // A SYN leaves no doubt.
  if (!info_.from_start) swapped_ = seen != actual;
}

bool FlowSink::HasSmbPort() const { return IsSmbPort(info_.client.port) || IsSmbPort(info_.server.port); }

Carrier FlowSink::CarrierOf(Transport transport) const {
  Carrier carrier;
  carrier.client = swapped_ ? info_.server : info_.client;
  carrier.server = swapped_ ? info_.client : info_.server;
  carrier.transport = transport;
  return carrier;
}

SmbHosts FlowSink::Hosts() const {
  const SmbHosts hosts{AddressOf(info_.client), AddressOf(info_.server)};
  return swapped_ ? SmbHosts{hosts.server, hosts.client} : hosts;
}

void FlowSink::OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) {
  if (carried_ != nullptr) {
    carried_->OnMissing(Oriented(direction), length, why, noticed);
    return;
  }
  // A header that is cut short will not be completed; what follows the hole may start with one.
  starts_[static_cast<std::size_t>(direction)].bytes.Clear();
}

void FlowSink::OnClose() {
  if (carried_ != nullptr) carried_->OnClose();
  if (smb_ == nullptr) return;
  const SmbCounts counts = smb_->counts();
  Count(Undecoded::kMalformed, counts.malformed);
  // The request or the open that would say whose they are was not captured.
  Count(Undecoded::kGap, counts.unattributed);
}

void FlowSink::Count(Undecoded why, std::uint64_t times) {
  run_.summary.undecoded[static_cast<std::size_t>(why)] += times;
}

std::unique_ptr<DuplexSink> FlowSink::OnPipe(const PipeInfo& info) {
  Carrier carrier = CarrierOf(info.version == SmbVersion::kSmb1 ? Transport::kSmb1 : Transport::kSmb2);
  if (info.name_is_cut) {
    carrier.is_probably_srvsvc = info.name && IsStartOfSrvsvc(*info.name);
  } else {
    carrier.named_pipe = info.name;
  }
  carrier.tree = info.tree;
  carrier.identity = info.identity;
  carrier.smb_encrypted = info.encrypted;
  return std::make_unique<TrackedAssociation>(std::move(carrier), run_);
}

void FlowSink::OnBlindMessage(Direction /*direction*/, Undecoded why, Frame /*frame*/) { Count(why, 1); }

}  // namespace sessenum
