// One direction's bytes read once more by what C706 12.6 and MS-RPCE say of PDUs, contexts and fragments, without a
// line of the parser: what an association has to make of them.
#ifndef SESSENUM_FUZZ_RPC_WALK_H_
#define SESSENUM_FUZZ_RPC_WALK_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "rpc/association.h"
#include "rpc/pdu.h"
#include "rpc/verification_trailer.h"

namespace sessenum::fuzz {

// A PDU taken apart, or why it cannot be.
struct WalkedPdu {
  Status status;
  Pdu pdu;
};

// `is_part`: only the first bytes of the PDU are there.
[[nodiscard]] WalkedPdu WalkPdu(Bytes bytes, bool is_part);

[[nodiscard]] std::optional<VerificationTrailer> WalkTrailer(Bytes stub, std::size_t from);

// A PDU in a stream, or the first part of one; or the bytes behind a PDU that start none.
struct WalkedFrame {
  std::size_t at = 0;
  std::size_t size = 0;
  bool is_part = false;  // what follows is missing, or is not there to come
  bool is_stray = false;
};

// Cuts a stream with holes into PDUs: where a header stands, as long as it says; anywhere else one byte is passed over.
class StreamWalk {
 public:
  explicit StreamWalk(Bytes stream) : stream_(stream) {}

  // The next `size` bytes are there, or `size` bytes are not (0: nobody knows how many).
  void Data(std::size_t size);
  void Hole(std::size_t size);
  void Close() { EndPart(); }

  [[nodiscard]] std::vector<WalkedFrame> Take() { return std::exchange(frames_, {}); }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

 private:
  void Cut();
  void Pass(std::size_t size, bool is_part);
  void EndPart();

  Bytes stream_;
  std::size_t from_ = 0;  // where what waits begins
  std::size_t to_ = 0;
  std::uint64_t skip_ = 0;  // of a PDU that lost bytes in its middle
  std::uint64_t skipped_ = 0;
  bool follows_pdu_ = false;
  std::vector<WalkedFrame> frames_;
};

// NOLINTBEGIN(readability-redundant-member-init): g++ wants them where designated initializers leave members out

// What an association says of a stream.
struct RpcEvent {
  enum class Kind : std::uint8_t { kPdu, kRequest, kResponse, kFault, kToken, kLoss };
  struct Context {
    SyntaxId interface;
    BindOffer offer;
    std::optional<TransferSyntax> syntax;
    bool answered = false;
    friend bool operator==(const Context&, const Context&) = default;
  };
  struct Call {
    std::optional<std::uint16_t> opnum;
    std::uint16_t context_id = 0;
    friend bool operator==(const Call&, const Call&) = default;
  };

  Kind kind = Kind::kPdu;
  Direction direction = Direction::kToServer;  // token, loss
  PduType type = PduType::kRequest;            // PDU
  std::uint32_t call_id = 0;
  std::uint16_t context_id = 0;
  std::optional<std::uint16_t> opnum = {};
  ByteOrder order = ByteOrder::kLittle;
  std::uint32_t fragments = 0;
  std::vector<std::uint8_t> bytes = {};  // the stub; the token
  std::vector<std::uint64_t> frames = {};
  std::optional<Undecoded> missing = {};  // of a loss: why
  std::optional<std::uint8_t> auth_level = {};
  std::uint32_t status = 0;  // fault
  std::optional<Context> context = {};
  std::optional<Call> call = {};  // the request that is answered
  friend bool operator==(const RpcEvent&, const RpcEvent&) = default;
};

// NOLINTEND(readability-redundant-member-init)

// An association without a key, fed with what StreamWalk finds. Packets are as long as `packet` says, in bytes.
class AssociationWalk {
 public:
  AssociationWalk(Bytes stream, const Limits& limits, std::size_t packet)
      : stream_(stream), limits_(limits), packet_(packet) {}

  void Pdus(const std::vector<WalkedFrame>& frames, Undecoded why_part);
  // Something was lost on the way to the server.
  void Lose(Undecoded why);
  void Close();

  [[nodiscard]] const std::vector<RpcEvent>& events() const { return events_; }
  [[nodiscard]] std::uint64_t hits(Cap cap) { return hits_[cap]; }

 private:
  using Calls = std::map<std::uint32_t, RpcEvent>;

  void OnPdu(const WalkedFrame& frame, Undecoded why_part);
  void Stub(const Pdu& pdu, const WalkedFrame& frame, std::optional<Undecoded> missing, Calls& unfinished);
  void Add(const Pdu& pdu, const WalkedFrame& frame, std::optional<Undecoded> missing, RpcEvent& stub);
  void Fault(const Pdu& pdu, const WalkedFrame& frame);
  void Bind(const Pdu& pdu);
  void BindAnswer(const Pdu& pdu);
  void AddFrames(const WalkedFrame& frame, std::vector<std::uint64_t>& out) const;
  void Deliver(RpcEvent stub);
  void DeliverAs(RpcEvent stub, Undecoded missing);
  void Remember(const Pdu& pdu);
  [[nodiscard]] std::optional<RpcEvent::Context> ContextOf(std::uint16_t id) const;
  [[nodiscard]] std::optional<RpcEvent::Call> TakeCall(std::uint32_t call_id);

  Bytes stream_;
  const Limits& limits_;
  std::size_t packet_;
  bool is_sealed_ = false;
  Calls requests_;
  Calls responses_;
  std::map<std::uint32_t, RpcEvent::Call> asked_;
  std::map<std::uint16_t, RpcEvent::Context> contexts_;
  std::deque<std::pair<std::uint32_t, std::vector<std::uint16_t>>> binds_;
  std::map<Cap, std::uint64_t> hits_;
  std::vector<RpcEvent> events_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_RPC_WALK_H_
