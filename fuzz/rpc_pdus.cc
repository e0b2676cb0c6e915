// Property: a stream yields the same PDUs however it is cut; each is as long as its header says, they stand in the
// stream in order, and every byte is in one or was passed over and counted. What an association makes of them does not
// depend on the cuts either, and what it wants unsealed lies within its PDU.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "rpc/association.h"
#include "rpc/pdu.h"
#include "rpc/pdu_stream.h"
#include "rpc/stub_sealing.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

struct SeenPdu {
  std::vector<std::uint8_t> bytes;
  bool whole = false;
  Status status;
  friend bool operator==(const SeenPdu&, const SeenPdu&) = default;
};

struct Seen {
  std::vector<SeenPdu> pdus;
  std::uint64_t skipped = 0;
  std::uint64_t unexplained = 0;  // runs of what was passed over that stand behind a PDU
  friend bool operator==(const Seen&, const Seen&) = default;
};

// C706 12.6.3.1: frag_length stands at byte 8, in the byte order that bit 4 of byte 4 tells.
std::size_t FragLength(Bytes pdu) {
  const bool is_little = (pdu[4] & 0x10U) != 0;
  return is_little ? pdu[8] + 256U * pdu[9] : pdu[9] + 256U * pdu[8];
}

SeenPdu Look(const FramedPdu& framed) {
  constexpr std::size_t kHeader = 16;
  const Bytes bytes = framed.bytes.bytes();
  SeenPdu seen{{bytes.begin(), bytes.end()}, !framed.missing.has_value(), {}};
  if (seen.whole) Require(bytes.size() >= kHeader && bytes.size() == FragLength(bytes), "a PDU is as long as it says");
  // Taking it apart must be safe, whatever it says.
  seen.status = framed.missing ? ParsePduPrefix(bytes).status() : ParsePdu(bytes).status();
  return seen;
}

// The PDUs of `stream` in pieces of at most `most` bytes; 0 gives it in one piece.
Seen CutIntoPdus(Bytes stream, std::size_t most, std::uint32_t seed) {
  Seen seen;
  PduStream pdus([&seen](const FramedPdu& framed) { seen.pdus.push_back(Look(framed)); },
                 [&seen](std::size_t passed, std::optional<Undecoded> why) {
                   Require(passed > 0, "what is passed over is not empty");
                   seen.skipped += passed;
                   seen.unexplained += why ? 1U : 0U;
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

void RequireAccounted(Bytes stream, const Seen& seen) {
  std::size_t in_pdus = 0;
  auto rest = stream.begin();
  for (const SeenPdu& pdu : seen.pdus) {
    rest = std::search(rest, stream.end(), pdu.bytes.begin(), pdu.bytes.end());
    Require(rest != stream.end() || pdu.bytes.empty(), "PDUs stand in the stream, in order");
    rest += static_cast<std::ptrdiff_t>(pdu.bytes.size());
    in_pdus += pdu.bytes.size();
  }
  Require(seen.unexplained <= seen.pdus.size(), "a run is told once");
  Require(in_pdus + seen.skipped == stream.size(), "every byte is in a PDU, or counted as passed over");
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

// Writes down what an association tells.
class Log final : public AssociationObserver {
 public:
  void OnRequest(const AssembledStub& stub, const PresentationContext* context) override { Say('>', stub, context); }
  void OnResponse(const AssembledStub& stub, const PresentationContext* context,
                  const std::optional<CallInFlight>& request) override {
    Say(request ? '<' : '?', stub, context);
  }
  void OnFault(const RpcFault& fault, const PresentationContext* /*context*/,
               const std::optional<CallInFlight>& /*request*/) override {
    text += 'f' + std::to_string(fault.call_id) + ' ' + std::to_string(fault.status);
  }
  void OnAuthToken(Direction /*direction*/, Bytes token) override { text += 't' + std::to_string(token.size()); }
  void OnLoss(Direction direction, Undecoded why) override {
    text += direction == Direction::kToServer ? 'u' : 'd';
    text += Name(why);
  }
  void OnAssociationClose() override { text += '.'; }

  std::string text;

 private:
  void Say(char way, const AssembledStub& stub, const PresentationContext* context) {
    text += way + std::to_string(stub.call_id) + (context == nullptr ? ' ' : context->answered ? 'a' : 'o');
    text.append(stub.bytes.bytes().begin(), stub.bytes.bytes().end());
    if (stub.missing) text += Name(*stub.missing);
  }
};

std::string Associate(Bytes stream, std::size_t most) {
  const Limits limits;
  Budget budget(limits);
  Log log;
  AnySealing sealing;
  RpcAssociation association(budget, log, &sealing);
  const Origin origin{0, {1, 0}};
  fuzz::Sizes sizes(7);
  while (!stream.empty()) {
    const std::size_t size = most == 0 ? stream.size() : sizes.Next(most, stream.size());
    association.OnData(Direction::kToServer, SourcedBytes(stream.first(size), {&origin, 1}));
    stream = stream.subspan(size);
  }
  association.OnClose();
  Require(budget.stub_bytes_held == 0, "an association that is closed holds nothing");
  return log.text;
}

}  // namespace

// The first byte chooses the cuts; the rest is the stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data, size);
  const Bytes stream = bytes.subspan(1);
  const Seen whole = CutIntoPdus(stream, 0, 0);
  RequireAccounted(stream, whole);
  Require(CutIntoPdus(stream, 40, bytes[0]) == whole, "the PDUs of a stream do not depend on how it is cut");
  Require(CutIntoPdus(stream, 1, 0) == whole, "the PDUs of a stream do not depend on how it is cut");
  Require(Associate(stream, 40) == Associate(stream, 0), "an association says the same however its stream is cut");
  return 0;
}
