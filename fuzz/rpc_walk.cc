#include "fuzz/rpc_walk.h"

#include <algorithm>
#include <array>

namespace sessenum::fuzz {
namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kSecurityTrailer = 8;

// Numbers one after the other, until one does not fit.
class Cursor {
 public:
  Cursor(Bytes bytes, std::size_t at, std::size_t end, bool is_big)
      : bytes_(bytes), at_(at), end_(end), is_big_(is_big) {}

  std::uint32_t Number(std::size_t size) {
    if (!Fits(size)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value * 256 + bytes_[at_ + (is_big_ ? i : size - 1 - i)];
    at_ += size;
    return value;
  }
  std::uint16_t Short() { return static_cast<std::uint16_t>(Number(2)); }
  std::uint8_t Byte() { return static_cast<std::uint8_t>(Number(1)); }
  void Skip(std::size_t size) {
    if (Fits(size)) at_ += size;
  }

  [[nodiscard]] bool ok() const { return status_.ok(); }
  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return end_ - at_; }

 private:
  bool Fits(std::size_t size) {
    if (ok() && size > left()) {
      status_ = {Errc::kTruncated, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(size)};
    }
    return ok();
  }

  Bytes bytes_;
  std::size_t at_;
  std::size_t end_;
  bool is_big_;
  Status status_;
};

// C706 12.6.3.1 and 14.1
Status WalkHeader(Bytes bytes, PduHeader& out) {
  if (bytes.size() < kHeader) return {Errc::kTruncated, 0, kHeader};
  static constexpr std::array<std::uint8_t, 12> kTypes = {0, 2, 3, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  const bool is_version = bytes[0] == 5 && (bytes[1] == 0 || bytes[1] == 1);
  const bool is_known = std::ranges::count(kTypes, bytes[2]) == 1;
  const bool is_integers = bytes[4] == 0x00 || bytes[4] == 0x01 || bytes[4] == 0x10 || bytes[4] == 0x11;
  if (!is_version || !is_known || !is_integers || bytes[5] > 3 || bytes[6] != 0 || bytes[7] != 0) {
    return {Errc::kMalformed, 0, 0};
  }
  const bool is_big = bytes[4] < 0x10;
  Cursor in(bytes, 8, kHeader, is_big);
  out.type = static_cast<PduType>(bytes[2]);
  out.flags = bytes[3];
  out.order = is_big ? ByteOrder::kBig : ByteOrder::kLittle;
  out.frag_length = in.Short();
  out.auth_length = in.Short();
  out.call_id = in.Number(4);
  if (out.frag_length < kHeader) return {Errc::kMalformed, 8, 0};
  return {};
}

// C706 appendix A
Uuid WalkUuid(Cursor& in) {
  Uuid uuid;
  uuid.time_low = in.Number(4);
  uuid.time_mid = in.Short();
  uuid.time_hi_and_version = in.Short();
  for (std::uint8_t& byte : uuid.rest) byte = in.Byte();
  return uuid;
}

// C706 12.6.3.1: p_syntax_id_t, the minor version in the higher half
SyntaxId WalkSyntax(Cursor& in) {
  SyntaxId syntax;
  syntax.uuid = WalkUuid(in);
  const std::uint32_t version = in.Number(4);
  syntax.major = static_cast<std::uint16_t>(version % 65'536);
  syntax.minor = static_cast<std::uint16_t>(version / 65'536);
  return syntax;
}

// C706 12.6.4.3
void WalkBind(Cursor& in, Pdu& pdu) {
  in.Skip(8);
  const unsigned contexts = in.Byte();
  in.Skip(3);
  for (unsigned i = 0; i < contexts && in.ok(); ++i) {
    ProposedContext& context = pdu.proposals.emplace_back();
    context.id = in.Short();
    const unsigned syntaxes = in.Byte();
    in.Skip(1);
    context.interface = WalkSyntax(in);
    for (unsigned k = 0; k < syntaxes && in.ok(); ++k) context.syntaxes.push_back(WalkSyntax(in));
  }
}

// C706 12.6.4.4
void WalkBindAnswer(Cursor& in, Pdu& pdu) {
  in.Skip(8);
  in.Skip(in.Short());
  if (in.ok() && in.at() % 4 != 0) in.Skip(4 - in.at() % 4);
  const unsigned results = in.Byte();
  in.Skip(3);
  for (unsigned i = 0; i < results && in.ok(); ++i) {
    ContextResult& result = pdu.results.emplace_back();
    result.result = in.Short();
    result.reason = in.Short();
    result.syntax = WalkSyntax(in);
  }
}

void WalkBody(Cursor& in, Pdu& pdu) {
  switch (pdu.header.type) {
    case PduType::kRequest:  // C706 12.6.4.9
      pdu.alloc_hint = in.Number(4);
      pdu.context_id = in.Short();
      if (const std::uint16_t opnum = in.Short(); in.ok()) pdu.opnum = opnum;
      if ((pdu.header.flags & 0x80U) != 0 && in.ok()) pdu.object = WalkUuid(in);
      return;
    case PduType::kResponse:  // C706 12.6.4.10
    case PduType::kFault:     // C706 12.6.4.7
      pdu.alloc_hint = in.Number(4);
      pdu.context_id = in.Short();
      in.Skip(2);
      if (pdu.header.type == PduType::kResponse) return;
      pdu.fault_status = in.Number(4);
      in.Skip(std::min<std::size_t>(4, in.left()));
      return;
    case PduType::kBind:
    case PduType::kAlterContext:
      return WalkBind(in, pdu);
    case PduType::kBindAck:
    case PduType::kAlterContextResp:
      return WalkBindAnswer(in, pdu);
    case PduType::kBindNak:
      pdu.reject_reason = in.Short();
      return;
    default:
      return;
  }
}

// MS-RPCE 2.2.2.11
AuthTrailer WalkAuth(Bytes bytes, const PduHeader& header, std::size_t at) {
  Cursor in(bytes, at, header.frag_length, header.order == ByteOrder::kBig);
  AuthTrailer auth;
  auth.type = in.Byte();
  auth.level = in.Byte();
  auth.pad_length = in.Byte();
  in.Skip(1);
  auth.context_id = in.Number(4);
  auth.token = bytes.subspan(in.at(), header.auth_length);
  return auth;
}

bool HasStub(PduType type) { return type == PduType::kRequest || type == PduType::kResponse; }

// Which side sends it.
Direction SentTo(PduType type) {
  static constexpr std::array<PduType, 6> kOfClients = {PduType::kRequest, PduType::kBind,     PduType::kAlterContext,
                                                        PduType::kAuth3,   PduType::kCoCancel, PduType::kOrphaned};
  return std::ranges::count(kOfClients, type) == 1 ? Direction::kToServer : Direction::kToClient;
}

bool SetsUp(PduType type) {
  static constexpr std::array<PduType, 5> kTypes = {PduType::kBind, PduType::kBindAck, PduType::kAlterContext,
                                                    PduType::kAlterContextResp, PduType::kAuth3};
  return std::ranges::count(kTypes, type) == 1;
}

// C706 appendix I, MS-RPCE 2.2.4.12
constexpr SyntaxId kNdr{{0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, 2, 0};
constexpr SyntaxId kNdr64{{0x71710533, 0xBEBA, 0x4937, {0x83, 0x19, 0xB5, 0xDB, 0xEF, 0x9C, 0xCC, 0x36}}, 1, 0};

// MS-RPCE 2.2.2.14: 6CB71C2C-9812-4540 and eight bytes of flags
bool IsNegotiation(const SyntaxId& syntax) {
  const Uuid& uuid = syntax.uuid;
  return uuid.time_low == 0x6CB71C2C && uuid.time_mid == 0x9812 && uuid.time_hi_and_version == 0x4540;
}

BindOffer OfferIn(const std::vector<ProposedContext>& proposals) {
  BindOffer offer;
  for (const ProposedContext& proposal : proposals) {
    offer.ndr |= std::ranges::count(proposal.syntaxes, kNdr) > 0;
    offer.ndr64 |= std::ranges::count(proposal.syntaxes, kNdr64) > 0;
    offer.feature_negotiation |= std::ranges::any_of(proposal.syntaxes, IsNegotiation);
  }
  return offer;
}

}  // namespace

WalkedPdu WalkPdu(Bytes bytes, bool is_part) {
  WalkedPdu walked;
  Pdu& pdu = walked.pdu;
  // What a PDU of its type does not have.
  pdu.alloc_hint = pdu.fault_status = pdu.stub_at = 0;
  pdu.context_id = pdu.reject_reason = 0;
  walked.status = WalkHeader(bytes, pdu.header);
  if (!walked.status.ok()) return walked;
  const std::size_t security = pdu.header.auth_length == 0 ? 0 : pdu.header.auth_length + kSecurityTrailer;
  if (kHeader + security > pdu.header.frag_length) {
    walked.status = {Errc::kMalformed, 10, 0};
    return walked;
  }
  const std::size_t trailer = pdu.header.frag_length - security;
  const std::size_t end = std::min(trailer, bytes.size());
  Cursor in(bytes, kHeader, end, pdu.header.order == ByteOrder::kBig);
  WalkBody(in, pdu);
  pdu.stub_at = static_cast<std::uint32_t>(in.ok() ? in.at() : end);
  pdu.stub = bytes.subspan(pdu.stub_at, end - pdu.stub_at);
  if (!in.ok() && is_part && !HasStub(pdu.header.type)) walked.status = in.status();
  if (!in.ok() && !is_part) walked.status = {Errc::kMalformed, in.status().offset, 0};
  if (!walked.status.ok() || is_part || security == 0) return walked;
  pdu.auth = WalkAuth(bytes, pdu.header, trailer);
  if (!HasStub(pdu.header.type)) return walked;
  if (pdu.auth->pad_length > pdu.stub.size()) {
    walked.status = {Errc::kMalformed, static_cast<std::uint32_t>(trailer + 2), 0};
  } else {
    pdu.stub = pdu.stub.first(pdu.stub.size() - pdu.auth->pad_length);
  }
  return walked;
}

// MS-RPCE 2.2.2.13
std::optional<VerificationTrailer> WalkTrailer(Bytes stub, std::size_t from) {
  static constexpr std::array<std::uint8_t, 8> kSignature = {0x8A, 0xE3, 0x13, 0x71, 0x02, 0xF4, 0x36, 0x71};
  while (from % 4 != 0) ++from;
  const std::size_t last = from + 1'020;
  while (from <= last && from + 8 <= stub.size() && !std::ranges::equal(stub.subspan(from, 8), kSignature)) from += 4;
  if (from > last || from + 8 > stub.size()) return std::nullopt;
  Cursor in(stub, from + 8, stub.size(), false);
  VerificationTrailer trailer;
  while (in.ok() && !trailer.well_formed) {
    const unsigned command = in.Short();
    in.Skip(in.Short());
    if (!in.ok()) break;
    ++trailer.commands;
    trailer.well_formed = (command & 0x4000U) != 0;
  }
  trailer.where = {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(in.at() - from)};
  return trailer;
}

void StreamWalk::Data(std::size_t size) {
  const auto skipping = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, size));
  skip_ -= skipping;
  if (from_ == to_) from_ += skipping;
  to_ += size;
  Cut();
}

void StreamWalk::Cut() {
  PduHeader header;
  while (from_ < to_) {
    const Bytes rest = stream_.subspan(from_, to_ - from_);
    const Status status = WalkHeader(rest, header);
    if (status.code == Errc::kTruncated || (status.ok() && header.frag_length > rest.size())) return;
    if (status.ok()) {
      frames_.push_back({from_, header.frag_length});
      from_ += header.frag_length;
      follows_pdu_ = true;
    } else {
      Pass(1, false);
    }
  }
}

void StreamWalk::Pass(std::size_t size, bool is_part) {
  if (follows_pdu_ && size > 0) frames_.push_back({from_, size, is_part, true});
  follows_pdu_ = false;
  skipped_ += size;
  from_ += size;
}

void StreamWalk::EndPart() {
  PduHeader header;
  if (WalkHeader(stream_.subspan(from_, to_ - from_), header).ok()) {
    frames_.push_back({from_, to_ - from_, true});
    from_ = to_;
  } else {
    Pass(to_ - from_, true);
  }
}

void StreamWalk::Hole(std::size_t size) {
  const bool in_pdu_already = skip_ > 0 && size > 0;
  if (in_pdu_already) {
    skip_ -= std::min<std::uint64_t>(skip_, size);
  } else {
    skip_ = 0;
    follows_pdu_ = false;
    PduHeader header;
    const std::size_t have = to_ - from_;
    const bool is_pdu = WalkHeader(stream_.subspan(from_, have), header).ok();
    if (is_pdu && size > 0 && have + size <= header.frag_length) skip_ = header.frag_length - have - size;
    EndPart();
  }
  from_ = to_ = to_ + size;
}

void AssociationWalk::Pdus(const std::vector<WalkedFrame>& frames, Undecoded why_part) {
  for (const WalkedFrame& frame : frames) OnPdu(frame, why_part);
}

void AssociationWalk::Lose(Undecoded why) { events_.push_back({.kind = RpcEvent::Kind::kLoss, .missing = why}); }

void AssociationWalk::Close() {
  for (Calls* unfinished : {&requests_, &responses_}) {
    for (auto& [id, stub] : *unfinished) DeliverAs(std::move(stub), Undecoded::kGap);
  }
}

void AssociationWalk::OnPdu(const WalkedFrame& frame, Undecoded why_part) {
  if (frame.is_stray) return Lose(frame.is_part ? why_part : Undecoded::kMalformed);
  auto [status, pdu] = WalkPdu(stream_.subspan(frame.at, frame.size), frame.is_part);
  const Direction direction = SentTo(pdu.header.type);
  if (!status.ok()) {
    events_.push_back({.kind = RpcEvent::Kind::kLoss,
                       .direction = direction,
                       .missing = frame.is_part ? why_part : Undecoded::kMalformed});
    return;
  }
  if (pdu.auth && SetsUp(pdu.header.type)) {
    const Bytes token = pdu.auth->token;
    events_.push_back({.kind = RpcEvent::Kind::kToken, .direction = direction, .bytes = {token.begin(), token.end()}});
  }
  is_sealed_ |= pdu.auth && pdu.auth->level == 6;
  if (frame.is_part && is_sealed_ && pdu.header.auth_length > 0) pdu.auth.emplace().level = 6;
  events_.push_back({.kind = RpcEvent::Kind::kPdu, .type = pdu.header.type, .call_id = pdu.header.call_id});
  const std::optional<Undecoded> missing = frame.is_part ? std::optional(why_part) : std::nullopt;
  switch (pdu.header.type) {
    case PduType::kRequest:
      Remember(pdu);
      return Stub(pdu, frame, missing, requests_);
    case PduType::kResponse:
      return Stub(pdu, frame, missing, responses_);
    case PduType::kFault:
      return Fault(pdu, frame);
    case PduType::kBind:
    case PduType::kAlterContext:
      return Bind(pdu);
    case PduType::kBindAck:
    case PduType::kAlterContextResp:
      return BindAnswer(pdu);
    default:
      return;
  }
}

void AssociationWalk::Stub(const Pdu& pdu, const WalkedFrame& frame, std::optional<Undecoded> missing,
                           Calls& unfinished) {
  const bool is_first = (pdu.header.flags & 1U) != 0;
  const bool is_last = (pdu.header.flags & 2U) != 0;
  auto found = unfinished.find(pdu.header.call_id);
  if (is_first && found != unfinished.end()) {
    DeliverAs(std::move(found->second), Undecoded::kGap);
    unfinished.erase(found);
    found = unfinished.end();
  }
  const bool is_alone = is_first && is_last;
  if (!is_alone && found == unfinished.end() && unfinished.size() >= limits_.rpc_calls) {
    ++hits_[Cap::kRpcCalls];
    DeliverAs(std::move(unfinished.begin()->second), Undecoded::kTruncated);
    unfinished.erase(unfinished.begin());
  }
  RpcEvent stub;
  if (found != unfinished.end()) {
    stub = std::move(found->second);
    unfinished.erase(found);
  } else {
    stub.kind = pdu.header.type == PduType::kRequest ? RpcEvent::Kind::kRequest : RpcEvent::Kind::kResponse;
    stub.call_id = pdu.header.call_id;
    stub.context_id = pdu.context_id;
    stub.opnum = pdu.opnum;
    stub.order = pdu.header.order;
    if (!is_first) stub.missing = Undecoded::kGap;
  }
  Add(pdu, frame, missing, stub);
  if (is_last) return Deliver(std::move(stub));
  unfinished.emplace(pdu.header.call_id, std::move(stub));
}

void AssociationWalk::Add(const Pdu& pdu, const WalkedFrame& frame, std::optional<Undecoded> missing, RpcEvent& stub) {
  const bool is_in_place = !stub.missing;
  const bool is_alone = stub.fragments == 0 && pdu.header.first() && pdu.header.last();
  ++stub.fragments;
  AddFrames(frame, stub.frames);
  if (!stub.missing) stub.missing = missing;
  if (pdu.auth) stub.auth_level = pdu.auth->level;
  if (pdu.auth && pdu.auth->level == 6) stub.missing = Undecoded::kEncrypted;
  if (!is_in_place) return;
  if (!is_alone && stub.bytes.size() + pdu.stub.size() > limits_.stub_bytes) {
    ++hits_[Cap::kStubBytes];
    stub.missing = Undecoded::kTruncated;
    return;
  }
  stub.bytes.insert(stub.bytes.end(), pdu.stub.begin(), pdu.stub.end());
}

void AssociationWalk::AddFrames(const WalkedFrame& frame, std::vector<std::uint64_t>& out) const {
  for (std::size_t packet = frame.at / packet_; packet <= (frame.at + frame.size - 1) / packet_; ++packet) {
    if (out.empty() || out.back() != packet + 1) out.push_back(packet + 1);
  }
}

void AssociationWalk::Fault(const Pdu& pdu, const WalkedFrame& frame) {
  RpcEvent fault{.kind = RpcEvent::Kind::kFault,
                 .call_id = pdu.header.call_id,
                 .context_id = pdu.context_id,
                 .status = pdu.fault_status,
                 .context = ContextOf(pdu.context_id),
                 .call = TakeCall(pdu.header.call_id)};
  AddFrames(frame, fault.frames);
  events_.push_back(std::move(fault));
}

// C706 12.6.3.1; MS-RPCE 3.3.1.5.3: a negotiation of features is no context, and has a result all the same.
void AssociationWalk::Bind(const Pdu& pdu) {
  constexpr std::size_t kMostBinds = 8;
  if (binds_.size() == kMostBinds) binds_.pop_front();
  auto& [call_id, ids] = binds_.emplace_back();
  call_id = pdu.header.call_id;
  for (const ProposedContext& proposal : pdu.proposals) {
    ids.push_back(proposal.id);
    if (!proposal.syntaxes.empty() && IsNegotiation(proposal.syntaxes[0])) continue;
    if (contexts_.count(proposal.id) == 0 && contexts_.size() == limits_.rpc_contexts) {
      ++hits_[Cap::kRpcContexts];
    } else {
      contexts_[proposal.id] = {proposal.interface, OfferIn(pdu.proposals), std::nullopt, false};
    }
  }
}

void AssociationWalk::BindAnswer(const Pdu& pdu) {
  const auto bind = std::ranges::find(binds_, pdu.header.call_id, [](const auto& entry) { return entry.first; });
  if (bind == binds_.end()) return;
  for (std::size_t i = 0; i < bind->second.size() && i < pdu.results.size(); ++i) {
    const auto context = contexts_.find(bind->second[i]);
    if (context == contexts_.end()) continue;
    const ContextResult& result = pdu.results[i];
    context->second.answered = true;
    context->second.syntax = std::nullopt;
    if (result.result == 0 && result.syntax == kNdr) context->second.syntax = TransferSyntax::kNdr;
    if (result.result == 0 && result.syntax == kNdr64) context->second.syntax = TransferSyntax::kNdr64;
  }
  binds_.erase(bind);
}

void AssociationWalk::DeliverAs(RpcEvent stub, Undecoded missing) {
  if (!stub.missing) stub.missing = missing;
  Deliver(std::move(stub));
}

void AssociationWalk::Deliver(RpcEvent stub) {
  const bool is_response = stub.kind == RpcEvent::Kind::kResponse;
  if (is_response || stub.opnum) stub.context = ContextOf(stub.context_id);
  if (is_response) stub.call = TakeCall(stub.call_id);
  events_.push_back(std::move(stub));
}

// Call ids rise: the lowest is the oldest.
void AssociationWalk::Remember(const Pdu& pdu) {
  if (asked_.count(pdu.header.call_id) == 0 && asked_.size() == limits_.rpc_calls) {
    ++hits_[Cap::kRpcCalls];
    asked_.erase(asked_.begin());
  }
  asked_[pdu.header.call_id] = {pdu.opnum, pdu.context_id};
}

std::optional<RpcEvent::Context> AssociationWalk::ContextOf(std::uint16_t id) const {
  const auto found = contexts_.find(id);
  return found == contexts_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<RpcEvent::Call> AssociationWalk::TakeCall(std::uint32_t call_id) {
  const auto found = asked_.extract(call_id);
  return found.empty() ? std::nullopt : std::optional(found.mapped());
}

}  // namespace sessenum::fuzz
