// Points in time within a sliding window.
#ifndef SESSENUM_RULES_RECENT_TIMES_H_
#define SESSENUM_RULES_RECENT_TIMES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sessenum {

class RecentTimes {
 public:
  // Adds `now` and forgets what lies more than `window_ns` before it, and the oldest where there are too many. Returns
  // how many are left.
  std::uint32_t Add(std::int64_t now, std::int64_t window_ns);
  void Clear() { times_.clear(); }

 private:
  static constexpr std::size_t kMost = 1'024;  // a capture may hold a million calls of one moment

  std::vector<std::int64_t> times_;
};

// Whether `then` lies within the window that ends `now`. Captures hold any time whatever.
[[nodiscard]] constexpr bool IsRecent(std::int64_t then, std::int64_t now, std::int64_t window_ns) {
  return then >= now ||
         static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(then) <= static_cast<std::uint64_t>(window_ns);
}

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace sessenum

#endif  // SESSENUM_RULES_RECENT_TIMES_H_
