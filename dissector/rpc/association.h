// One RPC association: a pipe instance or a TCP connection. From bytes to stubs: the face of rpc/.
#ifndef SESSENUM_RPC_ASSOCIATION_H_
#define SESSENUM_RPC_ASSOCIATION_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/duplex.h"
#include "base/limits.h"
#include "rpc/contexts.h"
#include "rpc/fragments.h"
#include "rpc/pdu_stream.h"
#include "rpc/stub_sealing.h"

namespace sessenum {

// A request whose answer is awaited.
struct CallInFlight {
  std::optional<std::uint16_t> opnum;  // nullopt where it is cut off
  std::uint16_t context_id = 0;
};

struct RpcFault {
  std::uint32_t call_id = 0;
  std::uint16_t context_id = 0;
  std::uint32_t status = 0;
  std::vector<Frame> frames;
};

// Receives what the two sides said. Contexts are nullptr where no bind was captured; requests are nullopt where the
// response's own request was not. References are valid during the call.
class AssociationObserver {
 public:
  AssociationObserver() = default;
  AssociationObserver(const AssociationObserver&) = delete;
  AssociationObserver& operator=(const AssociationObserver&) = delete;
  virtual ~AssociationObserver() = default;

  virtual void OnRequest(const AssembledStub& stub, const PresentationContext* context) = 0;
  virtual void OnResponse(const AssembledStub& stub, const PresentationContext* context,
                          const std::optional<CallInFlight>& request) = 0;
  virtual void OnFault(const RpcFault& fault, const PresentationContext* context,
                       const std::optional<CallInFlight>& request) = 0;
  // Each PDU that could be taken apart, before what it leads to; `bytes` as framed, in clear where it was unsealed.
  virtual void OnPdu(const Pdu& /*pdu*/, const FramedPdu& /*bytes*/) {}
  // A security token of the exchange that sets up RPC security.
  virtual void OnAuthToken(Direction direction, Bytes token) = 0;
  // Something in this direction was lost; PDUs may have gone with it.
  virtual void OnLoss(Direction direction, Undecoded why) = 0;
  virtual void OnAssociationClose() = 0;
};

class RpcAssociation final : public DuplexSink {
 public:
  // All must outlive the association. `sealing` may be nullptr: what is sealed stays so.
  RpcAssociation(Budget& budget, AssociationObserver& observer, StubSealing* sealing = nullptr);

  void OnData(Direction direction, SourcedBytes data) override;
  void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) override;
  void OnClose() override;

 private:
  struct Lane {
    PduStream pdus;
    FragmentTable fragments;
    HeldBytes held;
  };

  [[nodiscard]] PduStream StreamOf(Direction direction);
  void OnPdu(const FramedPdu& framed);
  void OnSealedPdu(Pdu pdu, const FramedPdu& framed);
  void OnToken(const Pdu& pdu);
  void DeliverRequest(const AssembledStub& stub);
  void Lose(Direction direction, Undecoded why);
  void Dispatch(const Pdu& pdu, const FramedPdu& framed);
  void OnRequestFragment(const Pdu& pdu, const FramedPdu& framed);
  void OnResponseFragment(const Pdu& pdu, const FramedPdu& framed);
  void OnFaultPdu(const Pdu& pdu, const FramedPdu& framed);
  void DeliverResponse(const AssembledStub& stub);
  void RememberCall(const Pdu& pdu);
  [[nodiscard]] std::optional<CallInFlight> TakeCall(std::uint32_t call_id);
  [[nodiscard]] Lane& lane(Direction direction) { return direction == Direction::kToServer ? requests_ : responses_; }

  Budget& budget_;
  AssociationObserver& observer_;
  StubSealing* sealing_;
  ContextTable contexts_;
  Lane requests_;
  Lane responses_;
  std::map<std::uint32_t, CallInFlight> in_flight_;
  bool seals_ = false;  // a PDU under privacy was seen
};

}  // namespace sessenum

#endif  // SESSENUM_RPC_ASSOCIATION_H_
