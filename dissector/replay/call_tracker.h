// Pairs the requests and answers of one association into calls.
#ifndef SESSENUM_REPLAY_CALL_TRACKER_H_
#define SESSENUM_REPLAY_CALL_TRACKER_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/limits.h"
#include "replay/call.h"
#include "replay/call_queue.h"
#include "replay/captured_pdu.h"
#include "replay/summary.h"
#include "rpc/association.h"

namespace sessenum {

// Follows opnum 12 of the srvsvc interface on one association. Where no bind was captured, the pipe's name and the
// stub's own shape decide. An answer may come before its request, where the request's bytes had to wait for others.
class CallTracker final : public AssociationObserver {
 public:
  // All but `carrier` must outlive the tracker. `on_pdu` may be nullptr.
  CallTracker(Carrier carrier, Budget& budget, CallQueue& queue, Summary& summary, const OnCapturedPdu* on_pdu);
  ~CallTracker() override;

  void OnRequest(const AssembledStub& stub, const PresentationContext* context) override;
  void OnResponse(const AssembledStub& stub, const PresentationContext* context,
                  const std::optional<CallInFlight>& request) override;
  void OnFault(const RpcFault& fault, const PresentationContext* context,
               const std::optional<CallInFlight>& request) override;
  void OnPdu(const Pdu& pdu, const FramedPdu& bytes) override;
  void OnAuthToken(Direction direction, Bytes token) override;
  void OnLoss(Direction direction, Undecoded why) override;
  void OnAssociationClose() override;

 private:
  // A call under way: a request that awaits its answer, or an answer that awaits its request.
  struct Open {
    explicit Open(Budget& budget) : held(budget.stub_bytes_held) {}
    CallQueue::Ticket ticket;
    std::unique_ptr<Call> call;
    std::uint64_t losses_before = 0;  // of the direction in which the rest is awaited
    HeldBytes held;
  };
  using OpenCalls = std::map<std::uint32_t, Open>;

  struct Losses {
    std::uint64_t count = 0;
    Undecoded why = Undecoded::kGap;
  };

  enum class Interest : std::uint8_t { kNo, kYes, kMaybe };  // kMaybe: neither bind nor pipe name was captured

  [[nodiscard]] bool IsOfInterest(const Pdu& pdu);
  [[nodiscard]] Interest InterestIn(const PresentationContext* context) const;
  [[nodiscard]] Losses& losses(Direction direction) { return losses_[static_cast<std::size_t>(direction)]; }
  [[nodiscard]] std::unique_ptr<Call> NewCall(std::uint32_t call_id, std::uint16_t context_id,
                                              const PresentationContext* context) const;
  // The open call of this id that has no request yet, or nullptr.
  [[nodiscard]] Open* FindOrphan(std::uint32_t call_id);
  [[nodiscard]] Open* FindAwaited(std::uint32_t call_id);
  void OpenCall(std::unique_ptr<Call> call, Frame first, Direction awaited);
  void Finish(std::uint32_t call_id);
  void GiveUp(std::uint32_t call_id, std::optional<Undecoded> why);
  void Conclude(Open& open);
  // Whether the call is a NetrSessionEnum, or may be one: where the request does not say, by the answer's shape.
  [[nodiscard]] static bool Recognise(Call& call);
  void Count(Undecoded why) { ++summary_.undecoded[static_cast<std::size_t>(why)]; }

  std::shared_ptr<const Carrier> carrier_;
  Budget& budget_;
  CallQueue& queue_;
  Summary& summary_;
  OpenCalls open_;
  std::array<Losses, 2> losses_{};
  const OnCapturedPdu* on_pdu_;
  bool is_bound_ = false;  // srvsvc was proposed
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CALL_TRACKER_H_
