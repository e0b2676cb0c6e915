// Where two copies of the same stream bytes differ.
#ifndef SESSENUM_NET_DIFFERING_SPAN_H_
#define SESSENUM_NET_DIFFERING_SPAN_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

#include "base/bytes.h"

namespace sessenum {

// The stretch of stream positions from the first differing byte to the last.
class DifferingSpan {
 public:
  // Compares two copies of equal size of the bytes at stream position `at`.
  void Compare(Bytes first, Bytes second, std::uint64_t at) {
    if (first.empty() || std::memcmp(first.data(), second.data(), first.size()) == 0) return;
    const auto head = std::mismatch(first.begin(), first.end(), second.begin()).first - first.begin();
    const auto tail = std::mismatch(first.rbegin(), first.rend(), second.rbegin()).first - first.rbegin();
    begin_ = std::min(begin_, at + static_cast<std::uint64_t>(head));
    end_ = std::max(end_, at + first.size() - static_cast<std::uint64_t>(tail));
  }

  [[nodiscard]] bool empty() const { return end_ == 0; }
  [[nodiscard]] std::uint64_t length() const { return empty() ? 0 : end_ - begin_; }

 private:
  std::uint64_t begin_ = UINT64_MAX;
  std::uint64_t end_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_DIFFERING_SPAN_H_
