// The TCP connections of a capture.
#ifndef SESSENUM_NET_FLOW_TABLE_H_
#define SESSENUM_NET_FLOW_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>

#include "base/duplex.h"
#include "base/limits.h"
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
// At Limits::flows the connection unheard of for longest makes room: first among those without a sink, so that a flood
// of SYNs displaces only itself.
class FlowTable {
 public:
  // All must outlive the table.
  FlowTable(Budget& budget, FlowObserver& observer, NetworkCounts& counts);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;

  void OnSegment(const TcpSegment& segment);
  // Closes every connection, the one heard of longest ago first.
  void Finish();

  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  enum class State : std::uint8_t {
    kNew,      // no byte was seen
    kLive,     // has a sink
    kIgnored,  // its bytes are of no interest
    kClosed,
  };

  struct Flow {
    FlowKey key;
    std::array<TcpStream, 2> streams;  // by Direction
    std::unique_ptr<DuplexSink> sink;
    std::list<Flow*>::iterator holding_at;  // with `is_holding`
    std::uint32_t packets = 0;
    State state = State::kNew;
    bool client_is_first = false;  // in the order of FlowKey
    bool from_start = false;
    bool is_holding = false;
    bool was_reset = false;
  };
  using Flows = std::list<Flow>;

  Flow& FindOrOpen(const TcpSegment& segment, const FlowKey& key);
  void Open(Flow& flow, const TcpSegment& segment);
  // Whether a SYN opens a new connection in place of `flow`.
  [[nodiscard]] static bool IsReuse(const Flow& flow, const TcpSegment& segment);
  // Whether bytes come that cannot be of `flow`, which has ended: those of another connection, whose SYN was lost.
  [[nodiscard]] static bool IsUnknownAfterEnd(const Flow& flow, const TcpSegment& segment);
  // The table's order, with the newest last.
  void Touch(Flows::iterator flow);
  void EvictOne();

  void Follow(Flow& flow, const TcpSegment& segment, Direction direction);
  void TakeData(Flow& flow, const TcpSegment& segment, Direction direction, std::uint32_t sequence);
  void AskForSink(Flow& flow, const TcpSegment& segment, Direction direction);
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
  [[nodiscard]] Flows& ListOf(const Flow& flow) { return flow.state == State::kLive ? live_ : quiet_; }

  Budget& budget_;
  FlowObserver& observer_;
  NetworkCounts& counts_;
  Flows quiet_;  // without a sink
  Flows live_;
  std::unordered_map<FlowKey, Flows::iterator, FlowKey::Hash> index_;
  std::list<Flow*> holding_;  // the one that began first stands first
  Frame last_frame_;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_TABLE_H_
