#include "rules/recent_times.h"

#include <algorithm>

namespace sessenum {

std::uint32_t RecentTimes::Add(std::int64_t now, std::int64_t window_ns) {
  const auto is_old = [&](std::int64_t then) { return !IsRecent(then, now, window_ns); };
  times_.erase(times_.begin(), std::ranges::find_if_not(times_, is_old));
  if (times_.size() >= kMost) times_.erase(times_.begin());
  times_.push_back(now);
  return static_cast<std::uint32_t>(times_.size());
}

}  // namespace sessenum
