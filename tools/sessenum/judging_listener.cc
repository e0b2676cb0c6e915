#include "judging_listener.h"

#include <string>

namespace sessenum::tool {

CaptureListener JudgingListener::Listener() {
  CaptureListener listener = to_;
  listener.on_call = [this](Call& call, const std::string& capture) {
    if (!judging_) judging_.emplace(limits_, options_);
    judging_->judge.Examine(call, judging_->verdicts);
    return to_.on_call(call, capture);
  };
  listener.on_end = [this](const std::string& name, const Summary& summary, const std::string& error) {
    const Summary verdicts = judging_ ? judging_->Verdicts() : Summary();
    judging_.reset();
    verdicts_ += verdicts;
    Summary whole = summary;
    whole += verdicts;
    if (to_.on_end) to_.on_end(name, whole, error);
  };
  return listener;
}

Summary JudgingListener::verdicts() const {
  Summary all = verdicts_;
  if (judging_) all += judging_->Verdicts();
  return all;
}

Summary JudgingListener::Judging::Verdicts() const {
  Summary summary;
  summary.verdicts = verdicts;
  summary.TakeHits(budget);
  return summary;
}

}  // namespace sessenum::tool
