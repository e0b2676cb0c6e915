#include "rpc/association.h"

namespace sessenum {
namespace {

bool SetsUpSecurity(PduType type) {
  return type == PduType::kBind || type == PduType::kBindAck || type == PduType::kAlterContext ||
         type == PduType::kAlterContextResp || type == PduType::kAuth3;
}

}  // namespace

RpcAssociation::RpcAssociation(Budget& budget, AssociationObserver& observer, StubSealing* sealing)
    : budget_(budget),
      observer_(observer),
      sealing_(sealing),
      contexts_(budget),
      requests_{StreamOf(Direction::kToServer), FragmentTable(budget), HeldBytes(budget.stub_bytes_held)},
      responses_{StreamOf(Direction::kToClient), FragmentTable(budget), HeldBytes(budget.stub_bytes_held)} {}

// Bytes behind a PDU that start none are one that was damaged or cut: what it was nobody knows. If it was sealed, the
// next signature will tell.
PduStream RpcAssociation::StreamOf(Direction direction) {
  return {[this](const FramedPdu& pdu) { OnPdu(pdu); },
          [this, direction](std::size_t /*bytes*/, std::optional<Undecoded> why) {
            if (why) observer_.OnLoss(direction, *why);
          }};
}

void RpcAssociation::OnData(Direction direction, SourcedBytes data) {
  Lane& in = lane(direction);
  in.pdus.OnData(data);
  in.held.Set(in.pdus.held());
  if (in.pdus.held() == 0 || budget_.stub_bytes_held <= budget_.limits().total_stub_bytes) return;
  budget_.Hit(Cap::kTotalStubBytes);
  OnMissing(direction, 0, Undecoded::kTruncated, data.FrameAt(data.size()));
  in.held.Set(in.pdus.held());
}

void RpcAssociation::OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame /*noticed*/) {
  lane(direction).pdus.OnMissing(length, why);
  Lose(direction, why);
}

void RpcAssociation::Lose(Direction direction, Undecoded why) {
  if (sealing_ != nullptr) sealing_->OnLoss(direction);
  observer_.OnLoss(direction, why);
}

void RpcAssociation::OnClose() {
  for (Lane* in : {&requests_, &responses_}) {
    in->pdus.OnClose(Undecoded::kGap);
    in->held.Set(0);
  }
  requests_.fragments.Flush(Undecoded::kGap, [this](const AssembledStub& stub) { DeliverRequest(stub); });
  responses_.fragments.Flush(Undecoded::kGap, [this](const AssembledStub& stub) { DeliverResponse(stub); });
  observer_.OnAssociationClose();
}

void RpcAssociation::OnPdu(const FramedPdu& framed) {
  Result<Pdu> parsed = framed.missing ? ParsePduPrefix(framed.bytes.bytes()) : ParsePdu(framed.bytes.bytes());
  if (!parsed.ok()) {
    const auto type = static_cast<PduType>(framed.bytes.bytes()[2]);
    return Lose(DirectionOf(type), framed.missing.value_or(Undecoded::kMalformed));
  }
  Pdu& pdu = parsed.value();
  const bool sets_up = SetsUpSecurity(pdu.header.type);
  seals_ = seals_ || (pdu.auth && pdu.auth->seals());
  if (pdu.auth && sets_up) OnToken(pdu);
  // The trailer that would say so is missing with the end. What is sealed without a key is not taken for a stub.
  if (framed.missing && seals_ && pdu.header.auth_length > 0) pdu.auth.emplace().level = kAuthLevelPrivacy;
  if (pdu.auth && pdu.auth->seals() && !sets_up && !framed.missing && sealing_ != nullptr) {
    OnSealedPdu(pdu, framed);
  } else {
    Dispatch(pdu, framed);
  }
}

void RpcAssociation::OnToken(const Pdu& pdu) {
  if (sealing_ != nullptr) sealing_->OnToken(pdu.auth->token);
  observer_.OnAuthToken(DirectionOf(pdu.header.type), pdu.auth->token);
}

// Hands the PDU on as if it had come in clear, or as it is where it cannot be unsealed.
void RpcAssociation::OnSealedPdu(Pdu pdu, const FramedPdu& framed) {
  const Bytes bytes = framed.bytes.bytes();
  const Bytes covered = bytes.first(bytes.size() - pdu.auth->token.size());
  // Up to the trailer, whatever that says of padding: of a PDU without stub it is not checked.
  const SealedPdu sealed{covered, pdu.stub_at, covered.size() - kSecTrailerSize - pdu.stub_at, pdu.auth->token};
  std::vector<std::uint8_t> plain;
  if (!sealing_->Unseal(DirectionOf(pdu.header.type), sealed, plain)) return Dispatch(pdu, framed);
  plain.insert(plain.end(), pdu.auth->token.begin(), pdu.auth->token.end());
  pdu.unsealed = true;
  pdu.stub = Bytes(plain).subspan(pdu.stub_at, pdu.stub.size());
  Dispatch(pdu, {framed.bytes.With(plain), framed.missing});
}

void RpcAssociation::Dispatch(const Pdu& pdu, const FramedPdu& framed) {
  observer_.OnPdu(pdu, framed);
  switch (pdu.header.type) {
    case PduType::kRequest:
      return OnRequestFragment(pdu, framed);
    case PduType::kResponse:
      return OnResponseFragment(pdu, framed);
    case PduType::kFault:
      return OnFaultPdu(pdu, framed);
    case PduType::kBind:
    case PduType::kAlterContext:
      return contexts_.OnProposal(pdu.header.call_id, pdu.proposals);
    case PduType::kBindAck:
    case PduType::kAlterContextResp:
      return contexts_.OnAnswer(pdu.header.call_id, pdu.results);
    case PduType::kBindNak:   // no context came of it
    case PduType::kAuth3:     // its token is all it has
    case PduType::kShutdown:  // the connection's end will show
    case PduType::kCoCancel:  // the server still answers, by a response or a fault
    case PduType::kOrphaned:  // the client no longer waits; an answer may still come
      return;
  }
}

void RpcAssociation::OnRequestFragment(const Pdu& pdu, const FramedPdu& framed) {
  RememberCall(pdu);
  requests_.fragments.OnFragment(pdu, framed.bytes, framed.missing,
                                 [this](const AssembledStub& stub) { DeliverRequest(stub); });
}

// The context id stands before the opnum: where one is cut off, so is the other.
void RpcAssociation::DeliverRequest(const AssembledStub& stub) {
  observer_.OnRequest(stub, stub.opnum ? contexts_.Find(stub.context_id) : nullptr);
}

void RpcAssociation::OnResponseFragment(const Pdu& pdu, const FramedPdu& framed) {
  responses_.fragments.OnFragment(pdu, framed.bytes, framed.missing,
                                  [this](const AssembledStub& stub) { DeliverResponse(stub); });
}

void RpcAssociation::DeliverResponse(const AssembledStub& stub) {
  observer_.OnResponse(stub, contexts_.Find(stub.context_id), TakeCall(stub.call_id));
}

void RpcAssociation::OnFaultPdu(const Pdu& pdu, const FramedPdu& framed) {
  RpcFault fault{pdu.header.call_id, pdu.context_id, pdu.fault_status, {}};
  AppendFrames(framed.bytes, fault.frames);
  observer_.OnFault(fault, contexts_.Find(pdu.context_id), TakeCall(pdu.header.call_id));
}

void RpcAssociation::RememberCall(const Pdu& pdu) {
  if (!in_flight_.contains(pdu.header.call_id) && !in_flight_.empty() &&
      in_flight_.size() >= budget_.limits().rpc_calls) {
    budget_.Hit(Cap::kRpcCalls);
    in_flight_.erase(in_flight_.begin());  // the oldest: call ids rise (C706 12.6.3.1)
  }
  in_flight_[pdu.header.call_id] = {pdu.opnum, pdu.context_id};
}

std::optional<CallInFlight> RpcAssociation::TakeCall(std::uint32_t call_id) {
  const auto found = in_flight_.find(call_id);
  if (found == in_flight_.end()) return std::nullopt;
  const CallInFlight call = found->second;
  in_flight_.erase(found);
  return call;
}

}  // namespace sessenum
