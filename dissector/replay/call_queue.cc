#include "replay/call_queue.h"

#include <algorithm>

namespace sessenum {

CallQueue::Ticket CallQueue::Open(std::uint64_t first_frame) {
  const Ticket ticket{first_frame, next_serial_++};
  places_.emplace(ticket, Place{});
  return ticket;
}

void CallQueue::Fill(Ticket ticket, std::unique_ptr<Call> call) {
  auto node = places_.extract(ticket);
  if (node.empty()) return;
  // The answer may stand before the request that took the ticket. Frames count from 1.
  const std::uint64_t began = call->first_frame().number;
  if (began != 0) node.key().first_frame = std::min(ticket.first_frame, began);
  const auto position = places_.insert(std::move(node)).position;
  Place& place = position->second;
  place.bytes = call->held_bytes();
  place.due = now_ + window_;
  place.call = std::move(call);
  ++finished_;
  finished_bytes_ += place.bytes;
  if (window_ == 0) {
    EmitAt(position);
    return;
  }
  EnforceCaps();
  Advance(now_);
}

void CallQueue::GiveBack(Ticket ticket) {
  places_.erase(ticket);
  Advance(now_);
}

CallQueue::Places::iterator CallQueue::EmitAt(Places::iterator place) {
  emit_(*place->second.call);
  --finished_;
  finished_bytes_ -= place->second.bytes;
  return places_.erase(place);
}

void CallQueue::Advance(std::uint64_t frame) {
  now_ = frame;
  auto first = places_.begin();
  while (first != places_.end() && first->second.call != nullptr && first->second.due <= now_) first = EmitAt(first);
}

// Order is given up before memory is.
void CallQueue::EnforceCaps() {
  const bool too_many = finished_ > budget_.limits().waiting_calls;
  if (!too_many && finished_bytes_ <= budget_.limits().waiting_bytes) return;
  budget_.Hit(too_many ? Cap::kWaitingCalls : Cap::kWaitingBytes);
  Flush();
}

void CallQueue::Flush() {
  for (auto place = places_.begin(); place != places_.end();) {
    place = place->second.call != nullptr ? EmitAt(place) : std::next(place);
  }
}

}  // namespace sessenum
