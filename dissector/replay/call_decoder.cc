#include "replay/call_decoder.h"

#include <algorithm>

#include "replay/stub_decoder.h"

namespace sessenum {
namespace {

// Packets in the order of the capture, each once: bytes may have come out of theirs.
std::vector<Frame> InOrder(std::vector<Frame> frames) {
  std::ranges::sort(frames, {}, &Frame::number);
  // Not std::ranges::unique: clang 14 cannot make the range that it returns.
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
  return frames;
}

template <typename Message>
void Take(const AssembledStub& stub, SeenStub<Message>& seen) {
  seen.frames = InOrder(stub.frames);
  seen.fragments = stub.fragments;
  seen.order = stub.order;
  seen.missing = stub.missing;
  // What cannot be read is not kept.
  if (stub.missing == Undecoded::kEncrypted) return;
  seen.stub.assign(stub.bytes.bytes().begin(), stub.bytes.bytes().end());
  stub.bytes.ForEachRun([&seen](std::size_t offset, const Frame& frame) { seen.origins.push_back({offset, frame}); });
}

template <typename Message>
void Decode(SeenStub<Message>& seen, Call& call, Budget& budget) {
  if (seen.missing == Undecoded::kEncrypted) return;
  if (call.syntax) {
    const Status status = DecodeStub(seen.stub, {*call.syntax, seen.order}, budget.limits(), seen.message);
    if (status.code == Errc::kLimit) budget.Hit(Cap::kSessions);
    seen.decoded = true;
  } else if (!seen.missing) {
    call.syntax = DecodeGuessing(seen.stub, seen.order, budget.limits(), seen.message);
    seen.decoded = call.syntax.has_value();
  }
  if (seen.decoded && seen.message.report.anomalies.dropped() > 0) budget.Hit(Cap::kAnomalies);
}

template <typename Message>
std::optional<Undecoded> Reason(const SeenStub<Message>& seen) {
  if (seen.missing) return seen.missing;
  // Without a bind to name it, neither transfer syntax fits.
  if (!seen.decoded) return Undecoded::kMalformed;
  return seen.message.report.status.ok() ? std::nullopt : std::optional(Undecoded::kMalformed);
}

}  // namespace

void TakeStub(const AssembledStub& stub, SeenRequest& seen) { Take(stub, seen); }
void TakeStub(const AssembledStub& stub, SeenResponse& seen) { Take(stub, seen); }

void DecodeSeen(SeenRequest& seen, Call& call, Budget& budget) { Decode(seen, call, budget); }
void DecodeSeen(SeenResponse& seen, Call& call, Budget& budget) { Decode(seen, call, budget); }

std::optional<Undecoded> ReasonUndecoded(const SeenRequest& seen) { return Reason(seen); }
std::optional<Undecoded> ReasonUndecoded(const SeenResponse& seen) { return Reason(seen); }

}  // namespace sessenum
