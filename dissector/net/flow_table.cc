#include "net/flow_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "net/orientation.h"

namespace sessenum {
namespace {

std::size_t IndexOf(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

FlowTable::FlowTable(Budget& budget, FlowObserver& observer, NetworkCounts& counts)
    : budget_(budget), observer_(observer), counts_(counts) {}

void FlowTable::OnSegment(const TcpSegment& segment, const PacketKey& key) {
  last_frame_ = segment.frame;
  ++segments_;
  Flow& flow = FindOrOpen(segment, key);
  const auto direction_in = [&key](const Flow& of) {
    return key.source_is_first == of.client_is_first ? Direction::kToServer : Direction::kToClient;
  };
  const bool is_reuse = segment.header.syn ? IsReuse(flow, segment, direction_in(flow))
                                           : IsUnknownAfterEnd(flow, segment, direction_in(flow));
  if (is_reuse) {
    Close(flow, segment.frame);
    Open(flow, segment, key.source_is_first);
  }
  if (flow.state == State::kIgnored || flow.state == State::kClosed) return;
  Follow(flow, segment, direction_in(flow));
}

bool FlowTable::Ignores(const FlowKey& key, Frame frame) {
  Flow* flow = Find(key);
  if (flow == nullptr || flow->state != State::kIgnored) return false;
  last_frame_ = frame;
  ++segments_;
  Touch(*flow);
  return true;
}

FlowTable::Flow& FlowTable::FindOrOpen(const TcpSegment& segment, const PacketKey& key) {
  if (Flow* found = Find(key.flow); found != nullptr) {
    Touch(*found);
    return *found;
  }
  if (index_.size() > 0 && index_.size() >= budget_.limits().flows) EvictOne();
  quiet_.emplace_back();
  Flow& flow = quiet_.back();
  flow.key = key.flow;
  flow.self = std::prev(quiet_.end());
  flow.touched = segments_;
  index_.Insert(flow);
  at_hand_ = &flow;
  Open(flow, segment, key.source_is_first);
  return flow;
}

void FlowTable::Open(Flow& flow, const TcpSegment& segment, bool source_is_first) {
  ++counts_.flows;
  flow.streams = {};
  flow.packets = 0;
  flow.state = State::kNew;
  flow.client_is_first = source_is_first == IsFromClient(segment);
  flow.from_start = segment.header.syn;
  flow.was_reset = false;
}

bool FlowTable::IsReuse(const Flow& flow, const TcpSegment& segment, Direction direction) {
  // A refused client tries again with the same number.
  if (flow.state == State::kClosed && flow.was_reset && !segment.header.ack) return true;
  const TcpStream& stream = flow.streams[IndexOf(direction)];
  if (flow.state == State::kClosed && !stream.started()) return true;
  return !stream.MayStartAfter(segment.header.sequence);
}

// A late retransmission is near to what was seen.
bool FlowTable::IsUnknownAfterEnd(const Flow& flow, const TcpSegment& segment, Direction direction) {
  if (flow.state != State::kClosed || segment.payload_length == 0) return false;
  return !flow.streams[IndexOf(direction)].IsNear(segment.header.sequence);
}

void FlowTable::Touch(Flow& flow) {
  if (segments_ - flow.touched < budget_.limits().flows / kTouchPart) return;
  flow.touched = segments_;
  Flows& list = ListOf(flow.state);
  list.splice(list.end(), list, flow.self);
}

void FlowTable::EvictOne() {
  Flows& list = !quiet_.empty() ? quiet_ : !undecided_.empty() ? undecided_ : live_;
  Flow& oldest = list.front();
  if (oldest.state != State::kClosed) budget_.Hit(Cap::kFlows);
  // One with a sink moves to the quiet list.
  Close(oldest, last_frame_);
  index_.Erase(oldest);
  at_hand_ = nullptr;
  quiet_.erase(oldest.self);
}

void FlowTable::Follow(Flow& flow, const TcpSegment& segment, Direction direction) {
  const TcpHeader& header = segment.header;
  TcpStream& stream = flow.streams[IndexOf(direction)];
  TcpStream& peer = flow.streams[IndexOf(Reverse(direction))];
  ++flow.packets;
  if (header.rst) {
    if (!stream.IsNear(header.sequence)) return;
    Close(flow, segment.frame);
    flow.was_reset = true;
    return;
  }
  const std::uint32_t sequence = header.sequence + (header.syn ? 1 : 0);
  if (header.syn && !stream.started()) stream.StartAfterSyn(header.sequence);
  stream.See(sequence);
  if (header.ack) peer.Acknowledge(header.acknowledgment, flow.from_start);
  if (segment.payload_length > 0) TakeData(flow, segment, direction, sequence);
  if (flow.state == State::kIgnored) return;
  if (header.fin) stream.OnFin(sequence + static_cast<std::uint32_t>(segment.payload_length));
  if (HasSink(flow.state) && (stream.is_behind() || peer.is_behind())) {
    stream.CheckHole(flow.packets, segment.frame, OutputOf(flow, direction));
    peer.CheckHole(flow.packets, segment.frame, OutputOf(flow, Reverse(direction)));
    stream.CheckPeer(peer, flow.packets, OutputOf(flow, direction));
    peer.CheckPeer(stream, flow.packets, OutputOf(flow, Reverse(direction)));
  }
  if (stream.has_fin() && peer.has_fin()) CloseIfOver(flow, segment.frame);
  if (!flow.is_holding && !stream.holds() && !peer.holds()) return;
  NoteHolding(flow);
  EnforceTotal(segment.frame);
}

void FlowTable::TakeData(Flow& flow, const TcpSegment& segment, Direction direction, std::uint32_t sequence) {
  if (flow.state == State::kNew) AskForSink(flow, segment, direction);
  if (!HasSink(flow.state)) return;
  StreamSegment data{sequence, segment.payload, segment.payload_length, segment.frame};
  TcpStream& stream = flow.streams[IndexOf(direction)];
  const TcpStream& peer = flow.streams[IndexOf(Reverse(direction))];
  const StreamOutput out = OutputOf(flow, direction);
  if (segment.header.ack) {
    data.after = peer.PositionOf(segment.header.acknowledgment);
    stream.AwaitPeer(peer, flow.packets, out);
  }
  stream.OnData(data, out);
  Reconsider(flow);
}

void FlowTable::AskForSink(Flow& flow, const TcpSegment& segment, Direction direction) {
  const bool is_from_client = direction == Direction::kToServer;
  FlowInfo info;
  info.client = is_from_client ? segment.source : segment.destination;
  info.server = is_from_client ? segment.destination : segment.source;
  info.from_start = flow.from_start;
  flow.sink = observer_.OnFlow(info);
  Become(flow.sink ? State::kLive : State::kIgnored, flow);
}

void FlowTable::Become(State state, Flow& flow) {
  Flows& to = ListOf(state);
  to.splice(to.end(), ListOf(flow.state), flow.self);
  flow.state = state;
  if (!HasSink(state)) flow.sink.reset();
}

void FlowTable::Reconsider(Flow& flow) {
  const Interest interest =
      std::max(flow.sink->InterestIn(Direction::kToServer), flow.sink->InterestIn(Direction::kToClient));
  if (interest == Interest::kNone) return LetGo(flow, State::kIgnored);
  const bool holds = flow.streams[0].holds() || flow.streams[1].holds();
  const State state = interest == Interest::kOpen && !holds ? State::kUndecided : State::kLive;
  if (state == flow.state) return;
  Become(state, flow);
  EnforceUndecided();
}

void FlowTable::LetGo(Flow& flow, State to) {
  for (TcpStream& stream : flow.streams) stream.Release();
  NoteHolding(flow);
  flow.sink->OnClose();
  Become(to, flow);
}

void FlowTable::EnforceUndecided() {
  if (undecided_.size() > budget_.limits().undecided_flows) LetGo(undecided_.front(), State::kNew);
}

void FlowTable::CloseIfOver(Flow& flow, Frame frame) {
  const TcpStream& to_server = flow.streams[IndexOf(Direction::kToServer)];
  const TcpStream& to_client = flow.streams[IndexOf(Direction::kToClient)];
  const bool all_delivered = to_server.finished() && to_client.finished();
  // Both sides have everything: what is missing will not be sent again.
  const bool all_acknowledged = to_server.fin_acknowledged() && to_client.fin_acknowledged();
  if (all_delivered || all_acknowledged) Close(flow, frame);
}

void FlowTable::Close(Flow& flow, Frame frame) {
  if (HasSink(flow.state)) {
    CloseStream(flow, Direction::kToServer, frame);
    CloseStream(flow, Direction::kToClient, frame);
    flow.sink->OnClose();
    Become(State::kClosed, flow);
  }
  flow.state = State::kClosed;
  NoteHolding(flow);
}

// Its memory goes, what is known of its numbers stays.
void FlowTable::CloseStream(Flow& flow, Direction direction, Frame frame) {
  TcpStream& stream = flow.streams[IndexOf(direction)];
  StreamOutput out = OutputOf(flow, direction);
  out.is_over = true;
  stream.Close(frame, out);
  stream.Release();
}

void FlowTable::NoteHolding(Flow& flow) {
  const bool holds = flow.streams[0].holds() || flow.streams[1].holds();
  if (holds == flow.is_holding) return;
  flow.is_holding = holds;
  if (holds) {
    flow.holding_at = holding_.insert(holding_.end(), &flow);
  } else {
    holding_.erase(flow.holding_at);
  }
}

void FlowTable::EnforceTotal(Frame frame) {
  while (budget_.flow_bytes_held > budget_.limits().total_flow_bytes && !holding_.empty()) {
    budget_.Hit(Cap::kTotalFlowBytes);
    Flow& flow = *holding_.front();
    flow.streams[0].Flush(frame, OutputOf(flow, Direction::kToServer));
    flow.streams[1].Flush(frame, OutputOf(flow, Direction::kToClient));
    NoteHolding(flow);
  }
}

void FlowTable::Finish() {
  while (!live_.empty()) Close(live_.front(), last_frame_);
  while (!undecided_.empty()) Close(undecided_.front(), last_frame_);
}

}  // namespace sessenum
