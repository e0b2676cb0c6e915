#include "net/delivered_history.h"

#include <algorithm>
#include <utility>

namespace sessenum {
namespace {

constexpr std::size_t kFirstReserve = 256;
constexpr std::size_t kGrowth = 4;

}  // namespace

void DeliveredHistory::Append(std::uint64_t at, Bytes data) {
  const std::size_t cap = budget_.limits().flow_history_bytes;
  if (data.size() > cap) {
    at += data.size() - cap;
    data = data.last(cap);
    Clear();
  }
  const std::size_t growth = std::min(data.size(), cap - bytes_.size());
  if (!Reserve(bytes_.size() + growth)) return Clear();
  if (bytes_.empty()) begin_ = at;
  bytes_.insert(bytes_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(growth));
  Overwrite(data.subspan(growth));
}

// In few steps: most streams are short, and each step copies what is there.
bool DeliveredHistory::Reserve(std::size_t size) {
  if (size <= reserved_) return true;
  const std::size_t cap = budget_.limits().flow_history_bytes;
  const std::size_t room = budget_.limits().total_history_bytes - budget_.history_bytes_held;
  std::size_t wanted = std::min(cap, std::max({size, kFirstReserve, kGrowth * reserved_}));
  if (wanted - reserved_ > room) wanted = size;
  if (wanted - reserved_ > room) {
    if (!hit_) budget_.Hit(Cap::kTotalHistoryBytes);
    hit_ = true;
    return false;
  }
  budget_.history_bytes_held += wanted - reserved_;
  reserved_ = wanted;
  bytes_.reserve(wanted);
  return true;
}

void DeliveredHistory::Overwrite(Bytes data) {
  begin_ += data.size();
  while (!data.empty()) {
    const std::size_t count = std::min(data.size(), bytes_.size() - head_);
    std::copy_n(data.begin(), count, bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = head_ + count == bytes_.size() ? 0 : head_ + count;
    data = data.subspan(count);
  }
}

void DeliveredHistory::Compare(std::uint64_t at, Bytes data, DifferingSpan& differing) const {
  std::uint64_t from = std::max(at, begin_);
  const std::uint64_t to = std::min(at + data.size(), begin_ + bytes_.size());
  // In two parts, where the ring wraps between them.
  while (from < to) {
    const std::size_t kept_at = (head_ + static_cast<std::size_t>(from - begin_)) % bytes_.size();
    const std::size_t count = std::min(static_cast<std::size_t>(to - from), bytes_.size() - kept_at);
    differing.Compare(Bytes(bytes_).subspan(kept_at, count), data.subspan(static_cast<std::size_t>(from - at), count),
                      from);
    from += count;
  }
}

void DeliveredHistory::Clear() {
  budget_.history_bytes_held -= std::exchange(reserved_, 0);
  bytes_ = std::vector<std::uint8_t>();
  head_ = 0;
}

}  // namespace sessenum
