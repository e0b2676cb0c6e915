// Property: an association makes of any stream what a second reading of the specification makes of it
// (fuzz/rpc_walk.h): the same PDUs, each taken apart the same, the same stubs, contexts and losses, however the stream
// is cut and whatever of it is missing. What it wants unsealed lies within its PDU.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "fuzz/rpc_walk.h"
#include "rpc/association.h"
#include "rpc/pdu.h"
#include "rpc/pdu_stream.h"
#include "rpc/stub_sealing.h"
#include "rpc/verification_trailer.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::AssociationWalk;
using fuzz::Require;
using fuzz::RpcEvent;
using fuzz::StreamWalk;
using fuzz::WalkedFrame;
using fuzz::WalkedPdu;

// --- One PDU

bool SameHeader(const PduHeader& a, const PduHeader& b) {
  return a.type == b.type && a.flags == b.flags && a.order == b.order && a.frag_length == b.frag_length &&
         a.auth_length == b.auth_length && a.call_id == b.call_id;
}

bool SameView(Bytes a, Bytes b) { return a.size() == b.size() && (a.empty() || a.data() == b.data()); }

bool SameAuth(const std::optional<AuthTrailer>& a, const std::optional<AuthTrailer>& b) {
  if (!a || !b) return !a && !b;
  return a->type == b->type && a->level == b->level && a->pad_length == b->pad_length &&
         a->context_id == b->context_id && SameView(a->token, b->token);
}

bool SameProposal(const ProposedContext& a, const ProposedContext& b) {
  return a.id == b.id && a.interface == b.interface && a.syntaxes == b.syntaxes;
}

bool SameResult(const ContextResult& a, const ContextResult& b) {
  return a.result == b.result && a.reason == b.reason && a.syntax == b.syntax;
}

void RequireSamePdu(const Pdu& a, const Pdu& b) {
  Require(SameHeader(a.header, b.header), "the header says what stands in it");
  Require(SameAuth(a.auth, b.auth), "the security trailer is what stands behind the stub");
  Require(a.alloc_hint == b.alloc_hint && a.context_id == b.context_id && a.opnum == b.opnum && a.object == b.object &&
              a.fault_status == b.fault_status && a.reject_reason == b.reject_reason,
          "each field is what stands there");
  Require(a.stub_at == b.stub_at && SameView(a.stub, b.stub) && !a.unsealed, "the stub is what is left");
  Require(std::ranges::equal(a.proposals, b.proposals, SameProposal), "each context that is proposed is there");
  Require(std::ranges::equal(a.results, b.results, SameResult), "each result is there");
}

// What a verification trailer is looked for in, from where on.
void RequireSameTrailer(Bytes stub, std::uint32_t from) {
  const auto found = FindVerificationTrailer(stub, from);
  const auto expected = fuzz::WalkTrailer(stub, from);
  Require(found.has_value() == expected.has_value(), "a verification trailer is found where one stands");
  if (!found) return;
  Require(found->where == expected->where && found->commands == expected->commands &&
              found->well_formed == expected->well_formed,
          "a verification trailer is as long as its commands");
}

void Look(const FramedPdu& framed) {
  const Bytes bytes = framed.bytes.bytes();
  const Result<Pdu> pdu = framed.missing ? ParsePduPrefix(bytes) : ParsePdu(bytes);
  const WalkedPdu walked = fuzz::WalkPdu(bytes, framed.missing.has_value());
  Require(pdu.status() == walked.status, "a PDU is taken apart, or refused where it contradicts itself");
  if (!pdu.ok()) return;
  RequireSamePdu(pdu.value(), walked.pdu);
  RequireSameTrailer(walked.pdu.stub, 0);
  RequireSameTrailer(walked.pdu.stub, walked.pdu.header.flags);
}

// --- A stream of them

struct SeenPdu {
  std::vector<std::uint8_t> bytes;
  bool is_part = false;
  friend bool operator==(const SeenPdu&, const SeenPdu&) = default;
};

struct Seen {
  std::vector<SeenPdu> pdus;
  std::uint64_t skipped = 0;
  std::uint64_t unexplained = 0;  // runs of what was passed over that stand behind a PDU
  friend bool operator==(const Seen&, const Seen&) = default;
};

// The PDUs of `stream` in pieces of at most `most` bytes; 0 gives it in one piece.
Seen CutIntoPdus(Bytes stream, std::size_t most, std::uint32_t seed) {
  Seen seen;
  PduStream pdus(
      [&seen, most](const FramedPdu& framed) {
        const Bytes bytes = framed.bytes.bytes();
        if (most == 0) Look(framed);
        seen.pdus.push_back({{bytes.begin(), bytes.end()}, framed.missing.has_value()});
      },
      [&seen](std::size_t passed, std::optional<Undecoded> why) {
        Require(passed > 0, "what is passed over is not empty");
        seen.skipped += passed;
        if (why) ++seen.unexplained;
      });
  const Origin origin{0, {1, 0}};
  fuzz::Sizes sizes(seed);
  while (!stream.empty()) {
    const std::size_t size = most == 0 ? stream.size() : sizes.Next(most, stream.size());
    pdus.OnData(SourcedBytes(stream.first(size), {&origin, 1}));
    stream = stream.subspan(size);
  }
  pdus.OnClose(Undecoded::kGap);
  Require(pdus.held() == 0, "what is closed holds nothing");
  return seen;
}

Seen WalkIntoPdus(Bytes stream) {
  StreamWalk walk(stream);
  walk.Data(stream.size());
  walk.Close();
  Seen seen;
  for (const WalkedFrame& frame : walk.Take()) {
    if (frame.is_stray) {
      ++seen.unexplained;
      continue;
    }
    const Bytes bytes = stream.subspan(frame.at, frame.size);
    seen.pdus.push_back({{bytes.begin(), bytes.end()}, frame.is_part});
  }
  seen.skipped = walk.skipped();
  return seen;
}

// --- An association

// Low enough for an input to reach them.
const Limits kLimits = [] {
  Limits limits;
  limits.rpc_calls = 2;
  limits.rpc_contexts = 3;
  limits.stub_bytes = 200;
  return limits;
}();

std::optional<RpcEvent::Context> Copied(const PresentationContext* context) {
  if (context == nullptr) return std::nullopt;
  return RpcEvent::Context{context->interface, context->offer, context->syntax, context->answered};
}

std::optional<RpcEvent::Call> Copied(const std::optional<CallInFlight>& call) {
  if (!call) return std::nullopt;
  return RpcEvent::Call{call->opnum, call->context_id};
}

std::vector<std::uint64_t> Numbers(const std::vector<Frame>& frames) {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(frames.size());
  for (const Frame& frame : frames) numbers.push_back(frame.number);
  return numbers;
}

std::vector<std::uint8_t> Copied(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

class Recorder final : public AssociationObserver {
 public:
  void OnRequest(const AssembledStub& stub, const PresentationContext* context) override {
    events.push_back(Recorded(RpcEvent::Kind::kRequest, stub, context));
  }
  void OnResponse(const AssembledStub& stub, const PresentationContext* context,
                  const std::optional<CallInFlight>& request) override {
    events.push_back(Recorded(RpcEvent::Kind::kResponse, stub, context));
    events.back().call = Copied(request);
  }
  void OnFault(const RpcFault& fault, const PresentationContext* context,
               const std::optional<CallInFlight>& request) override {
    events.push_back({.kind = RpcEvent::Kind::kFault,
                      .call_id = fault.call_id,
                      .context_id = fault.context_id,
                      .frames = Numbers(fault.frames),
                      .status = fault.status,
                      .context = Copied(context),
                      .call = Copied(request)});
  }
  void OnPdu(const Pdu& pdu, const FramedPdu& /*bytes*/) override {
    events.push_back({.kind = RpcEvent::Kind::kPdu, .type = pdu.header.type, .call_id = pdu.header.call_id});
  }
  void OnAuthToken(Direction direction, Bytes token) override {
    events.push_back({.kind = RpcEvent::Kind::kToken, .direction = direction, .bytes = Copied(token)});
  }
  void OnLoss(Direction direction, Undecoded why) override {
    events.push_back({.kind = RpcEvent::Kind::kLoss, .direction = direction, .missing = why});
  }
  void OnAssociationClose() override { ++closed; }

  std::vector<RpcEvent> events;
  int closed = 0;

 private:
  static RpcEvent Recorded(RpcEvent::Kind kind, const AssembledStub& stub, const PresentationContext* context) {
    return {.kind = kind,
            .call_id = stub.call_id,
            .context_id = stub.context_id,
            .opnum = stub.opnum,
            .order = stub.order,
            .fragments = stub.fragments,
            .bytes = Copied(stub.bytes.bytes()),
            .frames = Numbers(stub.frames),
            .missing = stub.missing,
            .auth_level = stub.auth_level,
            .context = Copied(context)};
  }
};

constexpr std::size_t kPacket = 16;  // bytes

std::vector<Origin> PacketsOf(Bytes stream) {
  std::vector<Origin> packets;
  for (std::size_t at = 0; at < stream.size(); at += kPacket) packets.push_back({at, {1 + at / kPacket, 0}});
  return packets;
}

// The stream in pieces, between which some of its bytes are missing, or may be.
void RequireAssociationAsWalked(Bytes stream, std::uint8_t seed) {
  const std::vector<Origin> packets = PacketsOf(stream);
  Budget budget(kLimits);
  Recorder recorder;
  RpcAssociation association(budget, recorder);
  StreamWalk walk(stream);
  AssociationWalk expected(stream, kLimits, kPacket);
  fuzz::Sizes sizes(seed);
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = sizes.Next(400, stream.size() - at);
    association.OnData(Direction::kToServer, SourcedBytes(stream.subspan(at, size), packets, at));
    walk.Data(size);
    expected.Pdus(walk.Take(), Undecoded::kGap);
    at += size;
    if (seed % 2 == 0) continue;
    const std::size_t lost = sizes.Next(5, 5) == 1 ? 0 : sizes.Next(80, stream.size() - at);
    const Undecoded why = lost % 2 == 0 ? Undecoded::kGap : Undecoded::kTruncated;
    association.OnMissing(Direction::kToServer, lost, why, {});
    walk.Hole(lost);
    expected.Pdus(walk.Take(), why);
    expected.Lose(why);
    at += lost;
  }
  association.OnClose();
  walk.Close();
  expected.Pdus(walk.Take(), Undecoded::kGap);
  expected.Close();
  Require(recorder.events == expected.events(), "an association says what the specification says of its PDUs");
  Require(recorder.closed == 1, "an association ends once");
  Require(budget.stub_bytes_held == 0, "what is closed holds nothing");
  for (const Cap cap : {Cap::kRpcCalls, Cap::kRpcContexts, Cap::kStubBytes}) {
    Require(budget.hits(cap) == expected.hits(cap), "a cap that bites is counted");
  }
}

// Stands in for a cipher that every key fits, but where the token starts with zero.
class AnySealing final : public StubSealing {
 public:
  void OnToken(Bytes /*token*/) override {}
  [[nodiscard]] bool Unseal(Direction /*direction*/, const SealedPdu& pdu, std::vector<std::uint8_t>& plain) override {
    Require(pdu.sealed_at <= pdu.bytes.size() && pdu.sealed_size <= pdu.bytes.size() - pdu.sealed_at,
            "what is sealed lies within its PDU");
    plain.assign(pdu.bytes.begin(), pdu.bytes.end());
    return !pdu.token.empty() && pdu.token[0] != 0;
  }
  void OnLoss(Direction /*direction*/) override {}
};

std::vector<RpcEvent> Unsealed(Bytes stream, std::size_t most) {
  const std::vector<Origin> packets = PacketsOf(stream);
  Budget budget(kLimits);
  Recorder recorder;
  AnySealing sealing;
  RpcAssociation association(budget, recorder, &sealing);
  fuzz::Sizes sizes(7);
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = sizes.Next(most, stream.size() - at);
    association.OnData(Direction::kToServer, SourcedBytes(stream.subspan(at, size), packets, at));
    at += size;
  }
  association.OnClose();
  Require(budget.stub_bytes_held == 0, "what is closed holds nothing");
  return recorder.events;
}

}  // namespace

// The first byte chooses the cuts; the rest is the stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data, size);
  const Bytes stream = bytes.subspan(1);
  const Seen whole = CutIntoPdus(stream, 0, 0);
  Require(whole == WalkIntoPdus(stream), "every byte is in the PDU that it belongs to, or counted as passed over");
  Require(CutIntoPdus(stream, 40, bytes[0]) == whole, "the PDUs of a stream do not depend on how it is cut");
  Require(CutIntoPdus(stream, 1, 0) == whole, "the PDUs of a stream do not depend on how it is cut");
  RequireAssociationAsWalked(stream, bytes[0]);
  Require(Unsealed(stream, 40) == Unsealed(stream, stream.size()),
          "what was sealed does not depend on the cuts either");
  return 0;
}
