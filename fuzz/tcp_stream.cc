// Property: whatever segments come, a stream delivers each byte once, in order, as its first captured copy had it, and
// accounts for all others as missing: in the end nothing that was captured is left out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "net/flow_table.h"
#include "net/network_counts.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

constexpr std::uint32_t kInitial = 0xFFFFFF00;  // the numbers wrap soon

// The simplest reassembler: a map from position to the first byte seen there.
class Reference {
 public:
  void Saw(std::uint32_t at, Bytes bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::uint32_t position = at + static_cast<std::uint32_t>(i);
      const bool is_new = first_copies_.try_emplace(position, bytes[i]).second;
      // What comes after its place was given up as missing cannot be delivered any more.
      if (is_new && position < position_) ++too_late_;
    }
  }
  // What the stream delivers next.
  void Expect(Bytes bytes) {
    for (const std::uint8_t byte : bytes) {
      const auto copy = first_copies_.find(position_++);
      Require(copy != first_copies_.end() && copy->second == byte, "a byte is delivered as it was first captured");
    }
    delivered_ += bytes.size();
  }
  // What it says is missing was not there when it said so.
  void Skip(std::uint64_t length) {
    const auto next = first_copies_.lower_bound(position_);
    position_ += static_cast<std::uint32_t>(length);
    Require(next == first_copies_.end() || next->first >= position_, "what is called missing was not captured");
  }
  void RequireAllTold() const {
    Require(delivered_ + too_late_ == first_copies_.size(), "every byte is delivered once, or came too late");
  }

 private:
  std::map<std::uint32_t, std::uint8_t> first_copies_;
  std::uint32_t position_ = 0;
  std::size_t delivered_ = 0;
  std::size_t too_late_ = 0;
};

// Both directions of one connection, checked against the references.
class Observer final : public FlowObserver {
 public:
  std::unique_ptr<DuplexSink> OnFlow(const FlowInfo& /*info*/) override { return std::make_unique<Sink>(*this); }
  void OnConflict(DuplexSink& /*sink*/, const OverlapConflict& conflict) override {
    Require(conflict.length > 0, "a conflict has a length");
  }

  [[nodiscard]] Reference& reference(Direction direction) { return references_[static_cast<std::size_t>(direction)]; }

 private:
  struct Sink final : DuplexSink {
    explicit Sink(Observer& to) : observer(to) {}
    void OnData(Direction direction, SourcedBytes data) override {
      Require(!is_closed, "nothing comes after the end");
      Require(!data.empty(), "what is delivered is not empty");
      observer.reference(direction).Expect(data.bytes());
    }
    void OnMissing(Direction direction, std::uint64_t length, Undecoded /*why*/, Frame /*noticed*/) override {
      Require(!is_closed, "nothing comes after the end");
      Require(length > 0, "a hole has a length");
      observer.reference(direction).Skip(length);
    }
    void OnClose() override {
      Require(!is_closed, "a stream ends once");
      is_closed = true;
    }

    Observer& observer;
    bool is_closed = false;
  };

  Reference references_[2];
};

}  // namespace

// A piece's kind: bit 0 its direction, bit 1 no acknowledgment. Its first two bytes say where it stands.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Limits limits;
  Budget budget(limits);
  NetworkCounts counts;
  Observer observer;
  FlowTable flows(budget, observer, counts);
  std::uint64_t frame = 0;
  std::uint32_t highest[2] = {0, 0};
  const auto send = [&](Direction direction, std::uint32_t position, bool syn, bool ack, Bytes payload) {
    TcpSegment segment;
    const bool up = direction == Direction::kToServer;
    segment.source.port = up ? 40'000 : 445;
    segment.destination.port = up ? 445 : 40'000;
    segment.header.sequence = kInitial + position;
    segment.header.acknowledgment = kInitial + 1 + highest[up ? 1 : 0];
    segment.header.syn = syn;
    segment.header.ack = ack;
    const Origin origin{0, {++frame, static_cast<std::int64_t>(frame) * 1'000'000}};
    segment.frame = origin.frame;
    segment.payload = SourcedBytes(payload, {&origin, 1});
    segment.payload_length = payload.size();
    flows.OnSegment(segment, PacketKey::Of(segment.source, segment.destination));
  };
  send(Direction::kToServer, 0, true, false, {});
  send(Direction::kToClient, 0, true, true, {});
  fuzz::ForEachPiece(Bytes(data, size), [&](const fuzz::Piece& piece) {
    // A segment of one byte may be a keep-alive, whose byte counts for nothing.
    if (piece.bytes.size() < 4) return;
    const Direction direction = (piece.kind & 1U) != 0 ? Direction::kToClient : Direction::kToServer;
    const std::uint32_t position = piece.bytes[0] + 256U * piece.bytes[1];
    const Bytes payload = piece.bytes.subspan(2);
    observer.reference(direction).Saw(position, payload);
    std::uint32_t& end = highest[static_cast<std::size_t>(direction)];
    end = std::max(end, position + static_cast<std::uint32_t>(payload.size()));
    send(direction, position + 1, false, (piece.kind & 2U) == 0, payload);
  });
  flows.Finish();
  observer.reference(Direction::kToServer).RequireAllTold();
  observer.reference(Direction::kToClient).RequireAllTold();
  Require(budget.flow_bytes_held == 0 && budget.history_bytes_held == 0, "connections that are closed hold nothing");
  return 0;
}
