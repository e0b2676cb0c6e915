#include "replay/call_judge.h"

namespace sessenum {
namespace {

// Why a message that is not there, or not readable, is not.
template <typename Message>
std::string_view WhyMissing(const std::optional<SeenStub<Message>>& seen, std::string_view not_captured) {
  if (!seen) return not_captured;
  switch (seen->missing.value_or(Undecoded::kMalformed)) {
    case Undecoded::kEncrypted:
      return "it is encrypted";
    case Undecoded::kCompressed:
      return "it is compressed";
    case Undecoded::kTruncated:
      return "the capture kept only the start of its packets";
    case Undecoded::kGap:
      return "packets of it are missing from the capture";
    case Undecoded::kMalformed:
    case Undecoded::kNoBind:
      return "it could not be decoded";
  }
  return {};
}

std::optional<bool> IsNobody(const SmbIdentity& identity) {
  if (identity.guest || identity.anonymous) return true;
  return identity.user ? std::optional(false) : std::nullopt;
}

void AddCarrier(const Carrier& carrier, CallFacts& facts) {
  facts.client = carrier.client.address;
  facts.server = carrier.server.address;
  facts.pipe = carrier.serial;
  facts.over_named_pipe = carrier.transport != Transport::kTcp;
  if (carrier.tree) facts.tree = *carrier.tree;
  facts.is_nobody = IsNobody(carrier.identity);
}

// The packet that carried the byte at `offset` of the stub; for a stub without bytes, the one that should have.
template <typename Message>
std::uint64_t FrameOf(const SeenStub<Message>& seen, std::uint32_t offset) {
  if (!seen.stub.empty()) return SourcedBytes(seen.stub, seen.origins).FrameAt(offset).number;
  return seen.frames.empty() ? 0 : seen.frames.back().number;
}

std::uint64_t FrameOf(const Call& call, const Finding& finding) {
  if (finding.message == Direction::kToServer) return call.request ? FrameOf(*call.request, finding.where.offset) : 0;
  if (call.response) return FrameOf(*call.response, finding.where.offset);
  return call.fault && !call.fault->frames.empty() ? call.fault->frames.front().number : 0;
}

}  // namespace

CallFacts FactsOf(const Call& call) {
  CallFacts facts;
  if (call.request && call.request->decoded) facts.request = &call.request->message;
  if (call.response && call.response->decoded) facts.response = &call.response->message;
  facts.request_whole = call.request && !call.request->missing;
  facts.response_whole = call.response && !call.response->missing;
  if (call.fault) facts.fault = call.fault->status;
  facts.why_no_request = WhyMissing(call.request, "the request was not captured");
  facts.why_no_response = WhyMissing(call.response, "no answer was captured");
  facts.time_ns = call.first_frame().time_ns;
  facts.interface = call.interface;
  facts.offer = call.offer;
  if (call.carrier != nullptr) AddCarrier(*call.carrier, facts);
  return facts;
}

void CallJudge::Examine(Call& call, VerdictCounts& counts) {
  judge_.Examine(FactsOf(call), call.findings, counts);
  for (Finding& finding : call.findings) finding.frame = FrameOf(call, finding);
}

}  // namespace sessenum
