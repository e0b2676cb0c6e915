// The last bytes of a stream that were delivered.
#ifndef SESSENUM_NET_DELIVERED_HISTORY_H_
#define SESSENUM_NET_DELIVERED_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "net/differing_span.h"

namespace sessenum {

// Keeps the last Limits::flow_history_bytes in a ring, so that a later copy of them can be compared. Where all
// connections together have used up total_history_bytes it keeps nothing, and conflicts with what was delivered already
// are not noticed.
class DeliveredHistory {
 public:
  // Charges `budget`, which must outlive this, for what is kept.
  explicit DeliveredHistory(Budget& budget) : budget_(budget) {}
  DeliveredHistory(const DeliveredHistory&) = delete;
  DeliveredHistory& operator=(const DeliveredHistory&) = delete;
  ~DeliveredHistory() { Clear(); }

  // `data` was delivered at stream position `at`, right behind what came before.
  void Append(std::uint64_t at, Bytes data);
  // Compares `data`, a second copy of the bytes at `at`, as far as the first is kept.
  void Compare(std::uint64_t at, Bytes data, DifferingSpan& differing) const;
  // Forgets all: what comes next does not follow on.
  void Clear();

 private:
  // False where all connections together have no room left for so many bytes.
  [[nodiscard]] bool Reserve(std::size_t size);
  // Overwrites the oldest bytes.
  void Overwrite(Bytes data);

  Budget& budget_;
  std::vector<std::uint8_t> bytes_;  // a ring, once it is full
  std::size_t reserved_ = 0;         // bytes that the budget was charged
  std::size_t head_ = 0;             // where the oldest byte is
  std::uint64_t begin_ = 0;          // its stream position
  bool hit_ = false;                 // the shared cap was reported
};

}  // namespace sessenum

#endif  // SESSENUM_NET_DELIVERED_HISTORY_H_
