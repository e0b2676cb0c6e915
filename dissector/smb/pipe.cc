#include "smb/pipe.h"

#include <utility>
#include <vector>

#include "rpc/pdu.h"

namespace sessenum {

Pipe::Pipe(PipeKind kind, PipeInfo info) : kind_(kind), info_(std::move(info)) {}

void Pipe::OnOpened(PipeHost host) {
  if (kind_ == PipeKind::kPipe) Offer(host.observer);
}

void Pipe::OnData(PipeHost host, Direction direction, const PipeData& data, SourcedBytes message) {
  if (!alive() || (data.bytes.empty() && data.missing == 0)) return;
  if (kind_ != PipeKind::kPipe && !Decide(data)) {
    ++host.counts.unattributed;
    return;
  }
  Offer(host.observer);
  if (sink_ == nullptr) return;
  if (!data.bytes.empty()) Hand(direction, data, message);
  if (data.missing > 0) sink_->OnMissing(direction, data.missing, data.why, data.noticed);
}

void Pipe::Hand(Direction direction, const PipeData& data, SourcedBytes message) {
  if (message.FrameAt(0) == message.FrameAt(message.size())) {
    sink_->OnData(direction, data.bytes);
    return;
  }
  const std::vector<Origin> origins = OriginsWithinUnit(message, data.bytes);
  sink_->OnData(direction, SourcedBytes(data.bytes.bytes(), origins));
}

// Whether the pipe starts with `data`.
bool Pipe::Decide(const PipeData& data) {
  if (ParsePduHeader(data.bytes.bytes()).ok()) {
    kind_ = PipeKind::kPipe;
    return true;
  }
  const bool enough = data.missing == 0 || data.bytes.size() >= kPduHeaderSize;
  if (kind_ == PipeKind::kPerhaps && enough) kind_ = PipeKind::kOther;
  return false;
}

void Pipe::OnLost(Direction direction, Undecoded why, Frame noticed) {
  lost_[static_cast<std::size_t>(direction)] = Loss{why, noticed};
  TellLoss(direction);
}

void Pipe::TellLoss(Direction direction) {
  std::optional<Loss>& lost = lost_[static_cast<std::size_t>(direction)];
  if (!lost || sink_ == nullptr) return;
  sink_->OnMissing(direction, 0, lost->why, lost->noticed);
  lost.reset();
}

void Pipe::Offer(PipeObserver& observer) {
  if (offered_) return;
  offered_ = true;
  sink_ = observer.OnPipe(info_);
  TellLoss(Direction::kToServer);
  TellLoss(Direction::kToClient);
}

void Pipe::Close() {
  if (closed_) return;
  closed_ = true;
  if (sink_ != nullptr) sink_->OnClose();
  sink_.reset();
}

}  // namespace sessenum
