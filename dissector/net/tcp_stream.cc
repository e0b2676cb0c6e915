#include "net/tcp_stream.h"

#include <algorithm>
#include <utility>

namespace sessenum {
namespace {

// Positions start this high, so that one before the start does not wrap below zero.
constexpr std::uint64_t kFirstPosition = std::uint64_t{1} << 32U;
// The largest window (RFC 7323 2.3). An acknowledgment further ahead is not of this stream.
constexpr std::uint64_t kMaxWindow = std::uint64_t{1} << 30U;
// How far ahead of what was seen a RST may lie: its sender's last segments may be missing from the capture.
constexpr std::uint64_t kNearAhead = std::uint64_t{1} << 24U;

}  // namespace

std::uint64_t TcpStream::Unwrap(std::uint32_t sequence, std::uint64_t near) {
  const std::uint32_t ahead = sequence - static_cast<std::uint32_t>(near);
  return ahead < 0x8000'0000U ? near + ahead : near - (0U - ahead);
}

void TcpStream::StartAt(std::uint32_t sequence, Start start) {
  first_ = kFirstPosition + sequence;
  next_ = first_;
  acknowledged_ = first_;
  start_ = start;
}

void TcpStream::StartAfterSyn(std::uint32_t initial_sequence) { StartAt(initial_sequence + 1, Start::kHandshake); }

bool TcpStream::MayStartAfter(std::uint32_t initial_sequence) const {
  return start_ == Start::kNone || static_cast<std::uint32_t>(first_) == initial_sequence + 1;
}

void TcpStream::See(std::uint32_t sequence) {
  if (start_ == Start::kNone) {
    StartAt(sequence, Start::kSeen);
    return;
  }
  const std::uint64_t at = Unwrap(sequence, next_);
  // A keep-alive, one byte before the start, says nothing new.
  if (start_ != Start::kAcknowledged || at + 1 == next_) return;
  first_ = at;
  next_ = at;
  start_ = Start::kSeen;
}

void TcpStream::Acknowledge(std::uint32_t acknowledgment, bool from_start) {
  if (start_ == Start::kNone) {
    StartAt(acknowledgment, from_start ? Start::kHandshake : Start::kAcknowledged);
    return;
  }
  const std::uint64_t known = std::max(acknowledged_, next_);
  const std::uint64_t position = Unwrap(acknowledgment, known);
  if (position > acknowledged_ && position <= known + kMaxWindow) acknowledged_ = position;
}

bool TcpStream::IsKeepAlive(std::uint64_t at, const StreamSegment& segment) const {
  if (segment.length != 1) return false;
  if (at + 1 == next_) return true;
  const bool is_zero = segment.data.empty() || segment.data.bytes()[0] == 0;
  const bool is_behind_hole = at > next_ && at + 1 == acknowledged_;
  const bool is_first = at == next_ && !has_delivered_ && start_ == Start::kSeen && !has_zero_aside();
  return is_zero && (is_behind_hole || is_first);
}

bool TcpStream::MayStepBack(std::uint64_t at) const {
  return at < next_ && !has_delivered_ && start_ != Start::kHandshake && next_ - at <= kMaxStepBack;
}

void TcpStream::OnData(const StreamSegment& segment, const StreamOutput& out) {
  std::uint64_t at = Unwrap(segment.sequence, next_);
  if (IsKeepAlive(at, segment)) {
    if (at == next_) SetZeroAside(segment, out);
    return;
  }
  if (at == next_ && segment.length == 1) TakeZeroBack(out);
  if (MayStepBack(at)) first_ = next_ = at;

  DifferingSpan differing;
  StreamSegment rest = segment;
  if (at < next_) {
    const std::uint64_t old = std::min(next_ - at, rest.length);
    const auto captured = static_cast<std::size_t>(std::min<std::uint64_t>(old, rest.data.size()));
    if (buffers_) buffers_->history.Compare(at, rest.data.bytes().first(captured), differing);
    at += old;
    rest.length -= old;
    rest.data = rest.data.Sub(captured);
  }
  if (at == next_ && !holds() && !waits()) {
    LetPeerCatchUp(out);
    Deliver(rest.data, out);
    DeliverMissing(rest.length - rest.data.size(), Undecoded::kTruncated, segment.frame, out);
  } else if (rest.length > 0) {
    Hold(at, rest, differing, out);
  }
  if (!differing.empty()) out.observer.OnConflict(out.sink, {out.direction, segment.frame, differing.length()});
}

void TcpStream::SetZeroAside(const StreamSegment& segment, const StreamOutput& out) {
  if (!segment.data.empty()) EnsureBuffers(out.budget).zero_aside = segment.frame;
  first_ = next_ = next_ + 1;
}

void TcpStream::TakeZeroBack(const StreamOutput& out) {
  if (has_delivered_ || holds() || waits() || !has_zero_aside()) return;
  constexpr std::uint8_t kZero = 0;
  const Origin origin{0, *buffers_->zero_aside};
  first_ = next_ = next_ - 1;
  LetPeerCatchUp(out);
  Deliver(SourcedBytes(Bytes(&kZero, 1), {&origin, 1}), out);
}

void TcpStream::Hold(std::uint64_t at, const StreamSegment& segment, DifferingSpan& differing,
                     const StreamOutput& out) {
  HeldSegments& held = EnsureBuffers(out.budget).held;
  const HeldSegments::Arrival arrival{segment.frame, segment.after};
  const std::size_t captured = segment.data.size();
  held.Add(at, segment.data, arrival, differing);
  if (segment.length > captured) held.AddCut(at + captured, segment.length - captured, arrival);
  Drain(out);
  while (held.cost() > out.budget.limits().flow_bytes) {
    out.budget.Hit(Cap::kFlowBytes);
    SkipHole(segment.frame, out);
  }
}

TcpStream::Buffers& TcpStream::EnsureBuffers(Budget& budget) {
  if (!buffers_) buffers_ = std::make_unique<Buffers>(budget);
  return *buffers_;
}

void TcpStream::Deliver(SourcedBytes data, const StreamOutput& out) {
  if (data.empty()) return;
  const std::uint64_t at = next_;
  next_ += data.size();
  has_delivered_ = true;
  if (out.sink.InterestIn(out.direction) == Interest::kNone) return;
  out.sink.OnData(out.direction, data);
  // Of what is of no interest yet a second copy need not be compared.
  if (out.sink.InterestIn(out.direction) == Interest::kYes) {
    EnsureBuffers(out.budget).history.Append(at, data.bytes());
  } else if (buffers_) {
    buffers_->history.Clear();
  }
}

void TcpStream::DeliverMissing(std::uint64_t length, Undecoded why, Frame frame, const StreamOutput& out) {
  if (length == 0) return;
  if (buffers_) buffers_->history.Clear();
  next_ += length;
  has_delivered_ = true;
  out.sink.OnMissing(out.direction, length, why, frame);
}

void TcpStream::Drain(const StreamOutput& out) {
  while (holds() && !waits() && buffers_->held.begin() == next_) {
    LetPeerCatchUp(out);
    DeliverFirst(out);
  }
}

void TcpStream::DeliverFirst(const StreamOutput& out) {
  const HeldSegments::Piece piece = buffers_->held.TakeFirst();
  Deliver(piece.bytes.View(), out);
  DeliverMissing(piece.length - piece.bytes.size(), Undecoded::kTruncated, piece.frame, out);
}

void TcpStream::LetPeerCatchUp(const StreamOutput& out) const {
  if (out.peer == nullptr || !out.peer->holds()) return;
  out.peer->CatchUp(next_, {out.sink, out.observer, out.budget, Reverse(out.direction), nullptr, out.is_over});
}

void TcpStream::CatchUp(std::uint64_t peer_position, const StreamOutput& out) {
  while (holds() && buffers_->held.first().after <= peer_position) {
    const std::uint64_t hole = buffers_->held.begin() - next_;
    if (hole > 0 && !out.is_over) return;
    DeliverMissing(hole, Undecoded::kGap, buffers_->held.first().frame, out);
    DeliverFirst(out);
  }
}

// What was captured of the peer so far may simply be all there is of it: only a stream that delivers is waited for, and
// none that waits itself. One number alone may be that of a FIN which was not captured.
bool TcpStream::lags() const {
  if (waits()) return false;
  const bool is_behind = has_fin_ ? std::min(acknowledged_, fin_) > next_ : acknowledged_ > next_ + 1;
  return is_behind && (has_delivered_ || holds());
}

void TcpStream::AwaitPeer(const TcpStream& peer, std::uint32_t packets, const StreamOutput& out) {
  if (!peer.lags() || waits()) return;
  Turn& turn = EnsureBuffers(out.budget).turn;
  // What was waited for in vain is not waited for again.
  if (peer.acknowledged_ > turn.upto) turn = {true, peer.acknowledged_, packets};
}

void TcpStream::CheckPeer(const TcpStream& peer, std::uint32_t packets, const StreamOutput& out) {
  if (!waits()) return;
  const bool is_over = peer.next_ >= buffers_->turn.upto || !peer.lags();
  if (!is_over && packets - buffers_->turn.since_packets < kGapPackets) return;
  buffers_->turn.waits = false;
  Drain(out);
}

void TcpStream::SkipHole(Frame frame, const StreamOutput& out) {
  // Whoever cannot wait for a hole cannot wait for the peer.
  buffers_->turn.waits = false;
  LetPeerCatchUp(out);
  DeliverMissing(buffers_->held.begin() - next_, Undecoded::kGap, frame, out);
  Drain(out);
}

void TcpStream::OnFin(std::uint32_t sequence) {
  const std::uint64_t at = Unwrap(sequence, next_);
  // Bytes behind a FIN show that it was not the sender's.
  const bool is_known = has_fin_ && fin_ >= next_;
  if (is_known || at < next_ || at > next_ + kMaxWindow) return;
  fin_ = at;
  has_fin_ = true;
}

void TcpStream::CheckHole(std::uint32_t packets, Frame frame, const StreamOutput& out) {
  if (!holds() || waits() || acknowledged_ < buffers_->held.begin()) return;
  AcknowledgedHole& hole = buffers_->hole;
  if (hole.at != next_) {
    hole = {next_, acknowledged_, packets, frame};
    return;
  }
  const std::uint32_t passed = packets - hole.since_packets;
  const bool is_slow = passed >= kGapPacketsSlow && ElapsedNs(hole.since, frame) >= kGapSlowNs;
  if (passed < kGapPackets && !is_slow) return;
  const std::uint64_t upto = hole.acknowledged;
  while (holds() && buffers_->held.begin() <= upto) SkipHole(frame, out);
}

void TcpStream::Flush(Frame frame, const StreamOutput& out) {
  while (holds()) SkipHole(frame, out);
}

void TcpStream::Close(Frame frame, const StreamOutput& out) {
  Flush(frame, out);
  if (has_fin_ && fin_ >= next_) {
    DeliverMissing(fin_ - next_, Undecoded::kGap, frame, out);
    return;
  }
  // One number alone may be that of a FIN which was not captured.
  if (acknowledged_ > next_ + 1) DeliverMissing(acknowledged_ - next_, Undecoded::kGap, frame, out);
}

bool TcpStream::IsNear(std::uint32_t sequence) const {
  if (start_ == Start::kNone || start_ == Start::kAcknowledged) return true;
  const std::uint64_t at = Unwrap(sequence, next_);
  return at + kMaxStepBack >= next_ && at <= next_ + kNearAhead;
}

}  // namespace sessenum
