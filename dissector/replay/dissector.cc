#include "replay/dissector.h"

#include <optional>
#include <utility>

#include "net/network.h"
#include "replay/call_judge.h"
#include "replay/call_queue.h"
#include "replay/flow_sink.h"
#include "smb/decryption.h"

namespace sessenum {

class Dissector::Impl final : private FlowObserver {
 public:
  Impl(const DissectorOptions& options, std::function<void(Call&)> on_call)
      : budget_(options.limits),
        on_call_(std::move(on_call)),
        queue_(budget_, options.order_window, [this](Call& call) { Emit(call); }),
        complaints_(budget_),
        on_pdu_(options.on_pdu),
        run_{budget_, queue_, summary_},
        network_(budget_, *this) {
    if (options.judge) judge_.emplace(budget_, *options.judge);
    if (on_pdu_) run_.on_pdu = &on_pdu_;
    // Making the suite ready takes longer than many a capture.
    const CipherSuite* suite = options.keys == nullptr ? nullptr : SystemCipherSuite();
    if (suite == nullptr) return;
    run_.decryption = &decryption_.emplace(Decryption{*suite, *options.keys, complaints_, budget_});
  }

  void OnPacket(const Packet& packet) {
    network_.OnPacket(packet);
    queue_.Advance(packet.frame.number);
  }

  void Finish() {
    network_.Finish();
    queue_.Flush();
    const NetworkCounts& counts = network_.counts();
    summary_.key_complaints = complaints_.list();
    summary_.packets = counts.packets;
    summary_.bytes = counts.bytes;
    summary_.flows = counts.flows;
    summary_.unknown_link = counts.unknown_link;
    summary_.incomplete_datagrams = counts.incomplete_datagrams;
    summary_.TakeHits(budget_);
  }

  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  std::unique_ptr<DuplexSink> OnFlow(const FlowInfo& info) override { return std::make_unique<FlowSink>(info, run_); }
  void OnConflict(DuplexSink& /*sink*/, const OverlapConflict& /*conflict*/) override { ++summary_.overlap_conflicts; }

  void Emit(Call& call) {
    if (judge_) judge_->Examine(call, summary_.verdicts);
    on_call_(call);
  }

  Budget budget_;
  Summary summary_;
  std::optional<CallJudge> judge_;
  std::function<void(Call&)> on_call_;
  CallQueue queue_;
  KeyComplaints complaints_;
  std::optional<Decryption> decryption_;
  OnCapturedPdu on_pdu_;
  RunContext run_;
  Network network_;
};

Dissector::Dissector(const DissectorOptions& options, std::function<void(Call&)> on_call)
    : impl_(std::make_unique<Impl>(options, std::move(on_call))) {}
Dissector::~Dissector() = default;

void Dissector::OnPacket(const Packet& packet) { impl_->OnPacket(packet); }
void Dissector::Finish() { impl_->Finish(); }
const Summary& Dissector::summary() const { return impl_->summary(); }

}  // namespace sessenum
