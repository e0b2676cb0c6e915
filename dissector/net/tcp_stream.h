// One direction of a TCP connection: from segments to bytes in order.
#ifndef SESSENUM_NET_TCP_STREAM_H_
#define SESSENUM_NET_TCP_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/duplex.h"
#include "base/limits.h"
#include "net/delivered_history.h"
#include "net/held_segments.h"
#include "net/network.h"

namespace sessenum {

class TcpStream;

// Where a stream's bytes go. Made for each call, so that an idle connection need not hold it.
struct StreamOutput {
  DuplexSink& sink;
  FlowObserver& observer;
  Budget& budget;
  Direction direction;
  TcpStream* peer = nullptr;  // the other direction
  bool is_over = false;       // nothing more comes, in either direction
};

struct StreamSegment {
  std::uint32_t sequence = 0;  // of the first byte of data, behind a SYN
  SourcedBytes data;           // as captured
  std::uint64_t length = 0;    // bytes on the wire
  Frame frame;
  std::uint64_t after = 0;  // PositionOf what it acknowledges, in the peer's stream
};

// Delivers every byte once, the first captured copy of it, as early as the order allows.
//
// A hole is held open until the missing bytes come. It is declared a gap when
//  - the peer has acknowledged bytes behind it, so that no retransmission is due, and since then kGapPackets packets of
//    the connection have passed (or kGapPacketsSlow, over kGapSlowNs): captures can swap packets, but not so many; or
//  - more than Limits::flow_bytes is held; or
//  - Flush or Close is called.
// Bytes that come after their gap was declared are not delivered.
//
// Nothing is delivered ahead of what it answers: a segment that acknowledges bytes of the peer which were not delivered
// yet waits for them, for up to kGapPackets packets of the connection. What both directions hold is delivered in turns,
// each segment once the peer's own that it does not follow are. So requests stand before their answers, whatever order
// the capture has them in.
//
// Without a SYN the stream starts at the first segment seen. A start known from the peer's acknowledgments alone is
// replaced by it. As long as nothing was delivered, a segment up to kMaxStepBack earlier moves the start back. A lone
// zero byte at such a start is taken for a keep-alive, unless the next byte comes alone, too: that is how a sender cuts
// its bytes who does not want them to be understood.
class TcpStream {
 public:
  static constexpr std::uint32_t kGapPackets = 64;
  static constexpr std::uint32_t kGapPacketsSlow = 8;
  static constexpr std::uint64_t kGapSlowNs = 1'000'000'000;
  static constexpr std::uint64_t kMaxStepBack = 65'536;

  [[nodiscard]] bool started() const { return start_ != Start::kNone; }
  void StartAfterSyn(std::uint32_t initial_sequence);
  // Whether a SYN with this number may be that of the stream.
  [[nodiscard]] bool MayStartAfter(std::uint32_t initial_sequence) const;

  // The stream's own side sends from `sequence` on. Every segment starts with this.
  void See(std::uint32_t sequence);
  // The peer has all bytes before `acknowledgment`. `from_start`: the handshake was seen, so that the first
  // acknowledgment gives the true start.
  void Acknowledge(std::uint32_t acknowledgment, bool from_start);
  [[nodiscard]] std::uint64_t PositionOf(std::uint32_t acknowledgment) const {
    return Unwrap(acknowledgment, std::max(acknowledged_, next_));
  }
  void OnData(const StreamSegment& segment, const StreamOutput& out);
  // Lets what comes from now on wait until `peer` has delivered all that was acknowledged to it, where that is under
  // way.
  void AwaitPeer(const TcpStream& peer, std::uint32_t packets, const StreamOutput& out);
  // Ends the waiting once `peer` has delivered, or will not. To be called for each packet of the connection.
  void CheckPeer(const TcpStream& peer, std::uint32_t packets, const StreamOutput& out);
  // The side has sent FIN, whose own sequence number is this.
  void OnFin(std::uint32_t sequence);

  // To be called for each packet of the connection, the `packets`th: declares a hole a gap where its time has come.
  void CheckHole(std::uint32_t packets, Frame frame, const StreamOutput& out);
  // Declares every hole a gap and delivers all that is held.
  void Flush(Frame frame, const StreamOutput& out);
  // Flush, and reports the bytes behind the last captured one that the peer acknowledged or the FIN promised. Where the
  // FIN is not in the capture but was acknowledged, the count is one too high.
  void Close(Frame frame, const StreamOutput& out);

  // Frees what the stream keeps to deliver and compare. To be called after Close.
  void Release() { buffers_.reset(); }

  [[nodiscard]] bool holds() const { return buffers_ && !buffers_->held.empty(); }
  [[nodiscard]] bool waits() const { return buffers_ && buffers_->turn.waits; }
  // holds() or waits().
  [[nodiscard]] bool is_behind() const { return buffers_ && (!buffers_->held.empty() || buffers_->turn.waits); }
  [[nodiscard]] bool has_fin() const { return has_fin_; }
  // Bytes that the peer has are still to be delivered, and may be.
  [[nodiscard]] bool lags() const;
  // All bytes up to the FIN were delivered.
  [[nodiscard]] bool finished() const { return has_fin_ && next_ == fin_; }
  // The peer has all bytes and the FIN.
  [[nodiscard]] bool fin_acknowledged() const { return has_fin_ && acknowledged_ > fin_; }
  // Whether a RST with this number is near enough to what was seen to be the sender's own. A blind one would otherwise
  // hide all that follows.
  [[nodiscard]] bool IsNear(std::uint32_t sequence) const;

 private:
  // How the start is known.
  enum class Start : std::uint8_t { kNone, kAcknowledged, kSeen, kHandshake };

  // The hole whose acknowledgment was noticed.
  struct AcknowledgedHole {
    std::uint64_t at = 0;
    std::uint64_t acknowledged = 0;  // what the peer had acknowledged by then
    std::uint32_t since_packets = 0;
    Frame since;
  };

  // Waiting for the peer's stream to deliver the bytes before `upto`.
  struct Turn {
    bool waits = false;
    std::uint64_t upto = 0;  // the latest position that was waited for
    std::uint32_t since_packets = 0;
  };

  // What a stream needs once it has carried bytes of interest.
  struct Buffers {
    explicit Buffers(Budget& budget) : held(budget), history(budget) {}
    HeldSegments held;
    DeliveredHistory history;
    AcknowledgedHole hole;
    Turn turn;
    std::optional<Frame> zero_aside;  // the byte before the start, if it was taken for a keep-alive
  };

  // Stream positions are sequence numbers that do not wrap: the one nearest to `near`.
  [[nodiscard]] static std::uint64_t Unwrap(std::uint32_t sequence, std::uint64_t near);
  void StartAt(std::uint32_t sequence, Start start);
  // Keep-alives repeat the last byte before what is due, or carry a zero in its place (RFC 1122 4.2.3.6).
  [[nodiscard]] bool IsKeepAlive(std::uint64_t at, const StreamSegment& segment) const;
  [[nodiscard]] bool MayStepBack(std::uint64_t at) const;
  // A lone zero byte where the stream starts: the next segment says whether it is a keep-alive.
  [[nodiscard]] bool has_zero_aside() const { return buffers_ && buffers_->zero_aside; }
  void SetZeroAside(const StreamSegment& segment, const StreamOutput& out);
  void TakeZeroBack(const StreamOutput& out);
  Buffers& EnsureBuffers(Budget& budget);

  // Keeps a segment that cannot be delivered yet.
  void Hold(std::uint64_t at, const StreamSegment& segment, DifferingSpan& differing, const StreamOutput& out);
  void Deliver(SourcedBytes data, const StreamOutput& out);
  void DeliverMissing(std::uint64_t length, Undecoded why, Frame frame, const StreamOutput& out);
  // Delivers what is held right behind what was delivered.
  void Drain(const StreamOutput& out);
  void DeliverFirst(const StreamOutput& out);
  // Lets the peer deliver what it holds and its sender had sent without having seen more than was delivered here.
  void LetPeerCatchUp(const StreamOutput& out) const;
  void CatchUp(std::uint64_t peer_position, const StreamOutput& out);
  void SkipHole(Frame frame, const StreamOutput& out);

  std::uint64_t first_ = 0;         // position of the first byte of the stream
  std::uint64_t next_ = 0;          // position of the next byte to deliver
  std::uint64_t acknowledged_ = 0;  // the peer has all before this position
  std::uint64_t fin_ = 0;           // position of the FIN
  std::unique_ptr<Buffers> buffers_;
  Start start_ = Start::kNone;
  bool has_fin_ = false;
  bool has_delivered_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_TCP_STREAM_H_
