#include "replay/summary.h"

namespace sessenum {
namespace {

template <std::size_t N>
void AddTo(std::array<std::uint64_t, N>& sums, const std::array<std::uint64_t, N>& other) {
  for (std::size_t i = 0; i < N; ++i) sums[i] += other[i];
}

}  // namespace

Summary& Summary::operator+=(const Summary& other) {
  captures += other.captures;
  packets += other.packets;
  bytes += other.bytes;
  flows += other.flows;
  calls += other.calls;
  AddTo(undecoded, other.undecoded);
  AddTo(verdicts, other.verdicts);
  AddTo(limits_hit, other.limits_hit);
  unknown_link += other.unknown_link;
  overlap_conflicts += other.overlap_conflicts;
  incomplete_datagrams += other.incomplete_datagrams;
  key_complaints.insert(key_complaints.end(), other.key_complaints.begin(), other.key_complaints.end());
  return *this;
}

void Summary::TakeHits(const Budget& budget) {
  for (std::size_t i = 0; i < limits_hit.size(); ++i) limits_hit[i] = budget.hits(static_cast<Cap>(i));
}

}  // namespace sessenum
