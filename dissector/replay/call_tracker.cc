#include "replay/call_tracker.h"

#include <algorithm>
#include <utility>

#include "replay/call_decoder.h"
#include "replay/stub_decoder.h"
#include "smb/ntlmssp.h"

namespace sessenum {
namespace {

void NoteSealing(const AssembledStub& stub, Call& call) {
  if (stub.auth_level == kAuthLevelPrivacy) call.encryption = Encryption::kRpc;
}

}  // namespace

CallTracker::CallTracker(Carrier carrier, Budget& budget, CallQueue& queue, Summary& summary,
                         const OnCapturedPdu* on_pdu)
    : carrier_(std::make_shared<const Carrier>(std::move(carrier))),
      budget_(budget),
      queue_(queue),
      summary_(summary),
      on_pdu_(on_pdu) {}

CallTracker::~CallTracker() {
  for (const auto& [call_id, open] : open_) queue_.GiveBack(open.ticket);
}

CallTracker::Interest CallTracker::InterestIn(const PresentationContext* context) const {
  if (context != nullptr) return context->interface.uuid == kSrvsvcInterface.uuid ? Interest::kYes : Interest::kNo;
  if (carrier_->is_probably_srvsvc) return Interest::kYes;
  if (!carrier_->named_pipe) return Interest::kMaybe;
  return *carrier_->named_pipe == "srvsvc" ? Interest::kYes : Interest::kNo;
}

std::unique_ptr<Call> CallTracker::NewCall(std::uint32_t call_id, std::uint16_t context_id,
                                           const PresentationContext* context) const {
  auto call = std::make_unique<Call>();
  call->carrier = carrier_;
  call->encryption = carrier_->smb_encrypted ? Encryption::kSmb3 : Encryption::kNone;
  call->call_id = call_id;
  call->context_id = context_id;
  call->on_srvsvc = InterestIn(context) == Interest::kYes;
  if (context != nullptr) {
    call->interface = context->interface;
    call->offer = context->offer;
  }
  if (context != nullptr && context->syntax) {
    call->syntax = context->syntax;
    call->syntax_source = SyntaxSource::kBindAck;
  }
  return call;
}

CallTracker::Open* CallTracker::FindOrphan(std::uint32_t call_id) {
  const auto found = open_.find(call_id);
  return found != open_.end() && !found->second.call->request ? &found->second : nullptr;
}

CallTracker::Open* CallTracker::FindAwaited(std::uint32_t call_id) {
  const auto found = open_.find(call_id);
  return found != open_.end() && found->second.call->request ? &found->second : nullptr;
}

void CallTracker::OpenCall(std::unique_ptr<Call> call, Frame first, Direction awaited) {
  const std::uint32_t call_id = call->call_id;
  if (open_.contains(call_id)) Finish(call_id);
  if (!open_.empty() && open_.size() >= budget_.limits().rpc_calls) {
    budget_.Hit(Cap::kRpcCalls);
    Finish(open_.begin()->first);
  }
  Open& open = open_.try_emplace(call_id, budget_).first->second;
  open.ticket = queue_.Open(first.number);
  open.call = std::move(call);
  open.losses_before = losses(awaited).count;
  open.held.Set(open.call->held_bytes());
  if (budget_.stub_bytes_held <= budget_.limits().total_stub_bytes) return;
  // Its answer, should it come, will stand alone.
  budget_.Hit(Cap::kTotalStubBytes);
  Finish(call_id);
}

void CallTracker::OnRequest(const AssembledStub& stub, const PresentationContext* context) {
  const Interest interest = InterestIn(context);
  if (stub.opnum.value_or(kOpnumNetrSessionEnum) != kOpnumNetrSessionEnum || interest == Interest::kNo) {
    if (FindOrphan(stub.call_id) != nullptr) GiveUp(stub.call_id, std::nullopt);
    return;
  }
  std::unique_ptr<Call> call = NewCall(stub.call_id, stub.context_id, context);
  TakeStub(stub, call->request.emplace());
  NoteSealing(stub, *call);
  call->operation_seen = stub.opnum.has_value();
  if (call->operation_seen) DecodeSeen(*call->request, *call, budget_);
  if (interest == Interest::kMaybe && !call->request->decoded) {
    Count(stub.missing.value_or(Undecoded::kNoBind));
    return;
  }
  Open* orphan = FindOrphan(stub.call_id);
  if (orphan == nullptr) {
    const Frame first = stub.frames.empty() ? Frame{} : stub.frames.front();
    OpenCall(std::move(call), first, Direction::kToClient);
    return;
  }
  call->response = std::move(orphan->call->response);
  call->fault = std::move(orphan->call->fault);
  orphan->call = std::move(call);
  Finish(stub.call_id);
}

void CallTracker::OnResponse(const AssembledStub& stub, const PresentationContext* context,
                             const std::optional<CallInFlight>& request) {
  if (Open* open = FindAwaited(stub.call_id)) {
    TakeStub(stub, open->call->response.emplace());
    NoteSealing(stub, *open->call);
    Finish(stub.call_id);
    return;
  }
  if (request || InterestIn(context) == Interest::kNo) return;
  std::unique_ptr<Call> call = NewCall(stub.call_id, stub.context_id, context);
  TakeStub(stub, call->response.emplace());
  NoteSealing(stub, *call);
  const Frame first = stub.frames.empty() ? Frame{} : stub.frames.front();
  OpenCall(std::move(call), first, Direction::kToServer);
}

void CallTracker::OnFault(const RpcFault& fault, const PresentationContext* context,
                          const std::optional<CallInFlight>& request) {
  if (Open* open = FindAwaited(fault.call_id)) {
    open->call->fault = SeenFault{fault.status, fault.frames};
    Finish(fault.call_id);
    return;
  }
  if (request || InterestIn(context) == Interest::kNo) return;
  std::unique_ptr<Call> call = NewCall(fault.call_id, fault.context_id, context);
  call->fault = SeenFault{fault.status, fault.frames};
  const Frame first = fault.frames.empty() ? Frame{} : fault.frames.front();
  OpenCall(std::move(call), first, Direction::kToServer);
}

bool CallTracker::IsOfInterest(const Pdu& pdu) {
  switch (pdu.header.type) {
    case PduType::kBind:
    case PduType::kAlterContext:
      is_bound_ = is_bound_ || std::ranges::any_of(pdu.proposals, [](const ProposedContext& proposal) {
                    return proposal.interface.uuid == kSrvsvcInterface.uuid;
                  });
      return is_bound_;
    case PduType::kRequest:
      return pdu.opnum == kOpnumNetrSessionEnum && (is_bound_ || InterestIn(nullptr) != Interest::kNo);
    case PduType::kResponse:
    case PduType::kFault:
      return FindAwaited(pdu.header.call_id) != nullptr;
    default:
      return is_bound_;
  }
}

void CallTracker::OnPdu(const Pdu& pdu, const FramedPdu& bytes) {
  if (on_pdu_ == nullptr || !*on_pdu_ || !IsOfInterest(pdu)) return;
  (*on_pdu_)({pdu.header.type, bytes.bytes.FrameAt(0).number, pdu.header.call_id, bytes.bytes.bytes(), !bytes.missing});
}

void CallTracker::OnAuthToken(Direction direction, Bytes token) {
  if (direction != Direction::kToServer) return;
  std::optional<SmbIdentity> identity = FindNtlmAuthenticate(token, budget_);
  if (!identity) return;
  Carrier known = *carrier_;
  known.identity = std::move(*identity);
  carrier_ = std::make_shared<const Carrier>(std::move(known));
}

void CallTracker::OnLoss(Direction direction, Undecoded why) {
  ++losses(direction).count;
  losses(direction).why = why;
}

void CallTracker::OnAssociationClose() {
  while (!open_.empty()) Finish(open_.begin()->first);
}

bool CallTracker::Recognise(Call& call) {
  if (call.request && call.operation_seen) return true;
  const bool fits = call.response && call.response->decoded && FitsWell(call.response->message);
  call.operation_seen = fits;
  if (fits) return true;
  if (!call.request || (call.response && !call.response->missing)) return false;
  // Of the request no more than its header was captured: its answer may be one to any operation.
  if (call.response) call.response->decoded = false;
  return true;
}

void CallTracker::GiveUp(std::uint32_t call_id, std::optional<Undecoded> why) {
  const auto found = open_.find(call_id);
  if (why) Count(*why);
  queue_.GiveBack(found->second.ticket);
  open_.erase(found);
}

// Whatever has not come by now will not come.
void CallTracker::Finish(std::uint32_t call_id) {
  Open& open = open_.find(call_id)->second;
  Call& call = *open.call;
  if (call.response) DecodeSeen(*call.response, call, budget_);
  if (!Recognise(call)) {
    // An answer to some operation whose request was not captured.
    const Losses& lost = losses(Direction::kToServer);
    std::optional<Undecoded> why = call.response ? call.response->missing : std::nullopt;
    if (!why && call.request) why = call.request->missing;
    if (!why && lost.count > 0) why = lost.why;
    // A stub of the interface that nothing explains: the client's side is not in the capture.
    if (!why && call.response && call.on_srvsvc) why = Undecoded::kGap;
    GiveUp(call_id, why);
    return;
  }
  Conclude(open);
  queue_.Fill(open.ticket, std::move(open.call));
  open_.erase(call_id);
}

void CallTracker::Conclude(Open& open) {
  Call& call = *open.call;
  const auto note = [&](std::optional<Undecoded> why) {
    if (!why) return;
    Count(*why);
    if (!call.undecoded) call.undecoded = why;
  };
  if (call.request) note(ReasonUndecoded(*call.request));
  if (call.response) note(ReasonUndecoded(*call.response));
  const bool answered = call.response || call.fault;
  const Losses& lost = losses(call.request ? Direction::kToClient : Direction::kToServer);
  if ((!call.request || !answered) && lost.count > (call.request ? open.losses_before : 0)) note(lost.why);
  ++summary_.calls;
}

}  // namespace sessenum
