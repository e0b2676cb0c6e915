#include "net/delivered_history.h"

#include <algorithm>

namespace sessenum {

void DeliveredHistory::DropFirst(std::size_t count) {
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
  begin_ += count;
  budget_.history_bytes_held -= count;
}

void DeliveredHistory::Append(std::uint64_t at, Bytes data) {
  const std::size_t cap = budget_.limits().flow_history_bytes;
  if (data.size() > cap) {
    at += data.size() - cap;
    data = data.last(cap);
    Clear();
  }
  // Half goes at once: one byte at a time would move the whole buffer for each.
  if (data.size() > cap - bytes_.size()) DropFirst(std::max(bytes_.size() / 2, data.size() - (cap - bytes_.size())));
  if (data.size() > budget_.limits().total_history_bytes - budget_.history_bytes_held) {
    if (!hit_) budget_.Hit(Cap::kTotalHistoryBytes);
    hit_ = true;
    Clear();
    return;
  }
  if (bytes_.empty()) begin_ = at;
  bytes_.insert(bytes_.end(), data.begin(), data.end());
  budget_.history_bytes_held += data.size();
}

void DeliveredHistory::Compare(std::uint64_t at, Bytes data, DifferingSpan& differing) const {
  const std::uint64_t from = std::max(at, begin_);
  const std::uint64_t to = std::min(at + data.size(), begin_ + bytes_.size());
  if (from >= to) return;
  const auto count = static_cast<std::size_t>(to - from);
  const Bytes kept = Bytes(bytes_).subspan(static_cast<std::size_t>(from - begin_), count);
  differing.Compare(kept, data.subspan(static_cast<std::size_t>(from - at), count), from);
}

void DeliveredHistory::Clear() {
  budget_.history_bytes_held -= bytes_.size();
  bytes_.clear();
  bytes_.shrink_to_fit();
}

}  // namespace sessenum
