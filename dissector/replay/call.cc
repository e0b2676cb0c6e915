#include "replay/call.h"

namespace sessenum {
namespace {

const std::vector<Frame>* AnswerFrames(const Call& call) {
  if (call.response) return &call.response->frames;
  return call.fault ? &call.fault->frames : nullptr;
}

template <typename Message>
std::size_t CostOf(const std::optional<SeenStub<Message>>& seen) {
  if (!seen) return 0;
  return seen->stub.size() + seen->origins.size() * sizeof(Origin) + seen->frames.size() * sizeof(Frame) +
         seen->message.info.container.sessions.size() * sizeof(Session);
}

}  // namespace

Frame Call::first_frame() const {
  const std::vector<Frame>* answer = AnswerFrames(*this);
  const bool is_answered = answer != nullptr && !answer->empty();
  if (!request || request->frames.empty()) return is_answered ? answer->front() : Frame{};
  const Frame& asked = request->frames.front();
  return is_answered && answer->front().number < asked.number ? answer->front() : asked;
}

std::optional<std::int64_t> Call::round_trip_ns() const {
  const std::vector<Frame>* answer = AnswerFrames(*this);
  if (!request || request->frames.empty() || answer == nullptr || answer->empty()) return std::nullopt;
  return answer->front().time_ns - request->frames.back().time_ns;
}

std::size_t Call::held_bytes() const { return sizeof(Call) + CostOf(request) + CostOf(response); }

}  // namespace sessenum
