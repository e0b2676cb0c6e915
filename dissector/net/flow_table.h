// The TCP connections of a capture.
#ifndef SESSENUM_NET_FLOW_TABLE_H_
#define SESSENUM_NET_FLOW_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "base/duplex.h"
#include "base/limits.h"
#include "net/flow_index.h"
#include "net/flow_key.h"
#include "net/network.h"
#include "net/network_counts.h"
#include "net/tcp.h"
#include "net/tcp_stream.h"

namespace sessenum {

// Finds each segment's connection and passes it to the stream of its direction. A connection asks for a sink with its
// first byte. It ends with RST, with the FINs of both sides, with a SYN of another number, at Limits::flows, or with
// Finish; its tuple stays known after RST and FIN, so that late retransmissions open nothing, and bytes far from its
// numbers open another.
//
// A connection whose sink wants no more is ignored from then on. At Limits::undecided_flows the one unheard of for
// longest whose sink keeps nothing loses that sink, and asks for another with its next byte.
//
// At Limits::flows the connection unheard of for longest makes room: first among those without a sink, so that a flood
// of SYNs displaces only itself. "Longest" is exact to a
// kTouchPart of that number, in packets.
class FlowTable {
 public:
  // All must outlive the table.
  FlowTable(Budget& budget, FlowObserver& observer, NetworkCounts& counts);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  // `key` is that of the segment's endpoints.
  void OnSegment(const TcpSegment& segment, const PacketKey& key);
  // Whether a segment without SYN of this connection would change nothing; if so, it has been taken.
  [[nodiscard]] bool Ignores(const FlowKey& key, Frame frame);
  // Closes every connection, the one heard of longest ago first.
  void Finish();

  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  // Moving a connection to the end of its list reads its neighbours there: not for each packet, but once in as many as
  // this part of Limits::flows.
  static constexpr std::size_t kTouchPart = 64;

  enum class State : std::uint8_t {
    kNew,        // no byte was seen, or none that mattered
    kUndecided,  // has a sink that keeps nothing
    kLive,       // has a sink
    kIgnored,    // its bytes are of no interest
    kClosed,
  };

  struct Flow;
  using Flows = std::list<Flow>;

  struct Flow {
    // What is read for each packet stands first, in as few cache lines as can be.
    FlowKey key;
    std::uint32_t touched = 0;  // the segment that last moved it to the end of its list, modulo 2^32
    State state = State::kNew;
    bool client_is_first = false;  // in the order of FlowKey
    bool from_start = false;
    bool is_holding = false;
    bool was_reset = false;
    std::uint32_t packets = 0;
    Flows::iterator self;
    std::array<TcpStream, 2> streams;  // by Direction
    std::unique_ptr<DuplexSink> sink;
    std::list<Flow*>::iterator holding_at;  // with `is_holding`
  };

  // nullptr where no flow has this key.
  [[nodiscard]] Flow* Find(const FlowKey& key) {
    // Packets of a connection follow each other.
    if (at_hand_ == nullptr || !(at_hand_->key == key)) at_hand_ = index_.Find(key);
    return at_hand_;
  }
  Flow& FindOrOpen(const TcpSegment& segment, const PacketKey& key);
  // `source_is_first`: in the order of FlowKey.
  void Open(Flow& flow, const TcpSegment& segment, bool source_is_first);
  // Whether a SYN that travels in `direction` opens a new connection in place of `flow`.
  [[nodiscard]] static bool IsReuse(const Flow& flow, const TcpSegment& segment, Direction direction);
  // Whether bytes come that cannot be of `flow`, which has ended: those of another connection, whose SYN was lost.
  [[nodiscard]] static bool IsUnknownAfterEnd(const Flow& flow, const TcpSegment& segment, Direction direction);
  // The table's order, with the newest last.
  void Touch(Flow& flow);
  void EvictOne();

  void Follow(Flow& flow, const TcpSegment& segment, Direction direction);
  void TakeData(Flow& flow, const TcpSegment& segment, Direction direction, std::uint32_t sequence);
  void AskForSink(Flow& flow, const TcpSegment& segment, Direction direction);
  // Moves the flow to the list of its new state. Where that has no sink, it is destroyed.
  void Become(State state, Flow& flow);
  // Asks the sink what its bytes have shown the connection to be.
  void Reconsider(Flow& flow);
  // Takes the sink from a flow of which nothing needs to be kept.
  void LetGo(Flow& flow, State to);
  void EnforceUndecided();
  void CloseIfOver(Flow& flow, Frame frame);
  // Gives the sink all that is held and what is known to be missing, and its OnClose.
  void Close(Flow& flow, Frame frame);
  void CloseStream(Flow& flow, Direction direction, Frame frame);

  // Keeps the list of connections that hold bytes back, and the cap over all of them.
  void NoteHolding(Flow& flow);
  void EnforceTotal(Frame frame);

  [[nodiscard]] StreamOutput OutputOf(Flow& flow, Direction direction) {
    TcpStream& peer = flow.streams[static_cast<std::size_t>(Reverse(direction))];
    return {*flow.sink, observer_, budget_, direction, &peer, false};
  }
  [[nodiscard]] static bool HasSink(State state) { return state == State::kLive || state == State::kUndecided; }
  [[nodiscard]] Flows& ListOf(State state) {
    if (state == State::kLive) return live_;
    return state == State::kUndecided ? undecided_ : quiet_;
  }

  Budget& budget_;
  FlowObserver& observer_;
  NetworkCounts& counts_;
  Flows quiet_;  // without a sink
  Flows undecided_;
  Flows live_;
  FlowIndex<Flow> index_;
  Flow* at_hand_ = nullptr;     // that was looked for last
  std::uint32_t segments_ = 0;  // modulo 2^32
  std::list<Flow*> holding_;    // the one that began first stands first
  Frame last_frame_;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_TABLE_H_
