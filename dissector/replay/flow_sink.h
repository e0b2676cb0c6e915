// One TCP connection: finds out whether it carries SMB or plain RPC, and follows it.
#ifndef SESSENUM_REPLAY_FLOW_SINK_H_
#define SESSENUM_REPLAY_FLOW_SINK_H_

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/duplex.h"
#include "base/limits.h"
#include "net/network.h"
#include "replay/call_queue.h"
#include "replay/call_tracker.h"
#include "replay/summary.h"
#include "rpc/association.h"
#include "smb/connection.h"
#include "smb/ntlm_sealing.h"
#include "smb/session_registry.h"

namespace sessenum {

// What all sinks of one run share.
struct RunContext {
  Budget& budget;
  CallQueue& queue;
  Summary& summary;
  const Decryption* decryption = nullptr;  // nullptr: what is encrypted stays so
  std::uint64_t associations = 0;          // that were met so far
  const OnCapturedPdu* on_pdu = nullptr;   // nullptr: nobody collects PDUs
  SmbSessionRegistry smb_sessions{budget};
};

// An association with the tracker that listens to it.
class TrackedAssociation final : public DuplexSink {
 public:
  TrackedAssociation(Carrier carrier, RunContext& run)
      : sealing_(run.decryption == nullptr ? nullptr : std::make_unique<NtlmSealing>(*run.decryption)),
        tracker_(Numbered(std::move(carrier), ++run.associations), run.budget, run.queue, run.summary, run.on_pdu),
        association_(run.budget, tracker_, sealing_.get()) {}

  void OnData(Direction direction, SourcedBytes data) override { association_.OnData(direction, data); }
  void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) override {
    association_.OnMissing(direction, length, why, noticed);
  }
  void OnClose() override { association_.OnClose(); }

 private:
  [[nodiscard]] static Carrier Numbered(Carrier carrier, std::uint64_t serial) {
    carrier.serial = serial;
    return carrier;
  }

  std::unique_ptr<NtlmSealing> sealing_;
  CallTracker tracker_;
  RpcAssociation association_;
};

// Looks at the start of each direction until one tells what the connection carries, on any port. Where the bytes travel
// against the orientation that the network layer assumed, the protocol's own header corrects it.
class FlowSink final : public DuplexSink, public PipeObserver {
 public:
  // `run` must outlive the sink.
  FlowSink(const FlowInfo& info, RunContext& run) : info_(info), run_(run) {}

  void OnData(Direction direction, SourcedBytes data) override;
  void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) override;
  void OnClose() override;
  [[nodiscard]] Interest InterestIn(Direction direction) const override;

 private:
  // What one direction shows of itself before the connection is recognised.
  struct Start {
    SourcedBuffer bytes;
    unsigned tries = 0;
  };

  [[nodiscard]] std::unique_ptr<DuplexSink> OnPipe(const PipeInfo& info) override;
  void OnBlindMessage(Direction direction, Undecoded why, Frame frame) override;

  void Count(Undecoded why, std::uint64_t times);
  // No more bytes of `direction` need be looked at until those of the other tell what they are.
  [[nodiscard]] bool IsExhausted(Direction direction) const;
  void LookAt(Direction direction, SourcedBytes data);
  enum class Look : std::uint8_t { kNothing, kNeedMore, kFound };
  // Whether `bytes` tell what the connection carries; if so, it is being carried from now on.
  [[nodiscard]] Look Recognise(Direction direction, Bytes bytes);
  // Sets the orientation from the way that a message was seen to travel and the way that it says it does.
  void Orient(Direction seen, Direction actual);
  [[nodiscard]] Direction Oriented(Direction direction) const { return swapped_ ? Reverse(direction) : direction; }
  [[nodiscard]] Carrier CarrierOf(Transport transport) const;
  [[nodiscard]] SmbHosts Hosts() const;
  [[nodiscard]] bool HasSmbPort() const;

  FlowInfo info_;
  RunContext& run_;
  std::unique_ptr<DuplexSink> carried_;
  const SmbConnection* smb_ = nullptr;  // carried_, where it is one
  std::array<Start, 2> starts_;
  bool swapped_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_FLOW_SINK_H_
