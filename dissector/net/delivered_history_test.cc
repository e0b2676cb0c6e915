#include "net/delivered_history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

Limits Small() {
  Limits limits;
  limits.flow_history_bytes = 8;
  limits.total_history_bytes = 12;
  return limits;
}

std::uint64_t Differing(const DeliveredHistory& history, std::uint64_t at, const std::string& text) {
  DifferingSpan differing;
  history.Compare(at, builder::ToRaw(text), differing);
  return differing.length();
}

TEST(DeliveredHistory, ComparesWhatIsKept) {
  Budget budget{Small()};
  DeliveredHistory history(budget);
  history.Append(100, builder::ToRaw("abcdef"));
  EXPECT_EQ(Differing(history, 100, "abcdef"), 0U);
  EXPECT_EQ(Differing(history, 101, "bXdXf"), 3U);
  EXPECT_EQ(Differing(history, 98, "??abcdef??"), 0U);
  EXPECT_EQ(Differing(history, 90, "other"), 0U);
  EXPECT_EQ(Differing(history, 200, "other"), 0U);
}

TEST(DeliveredHistory, KeepsTheLastBytesWithinItsCap) {
  Budget budget{Small()};
  DeliveredHistory history(budget);
  std::string stream;
  for (std::uint64_t at = 0; at < 1'000; ++at) {
    stream += static_cast<char>('a' + at % 23);
    history.Append(at, builder::ToRaw(stream.substr(at, 1)));
    EXPECT_LE(budget.history_bytes_held, 8U);
    EXPECT_EQ(Differing(history, at, "?"), 1U);
    if (at < 3) continue;
    EXPECT_EQ(Differing(history, at - 3, "?" + stream.substr(at - 2, 3)), 1U) << at;
  }
  history.Append(1'000, builder::ToRaw("0123456789abcdef"));
  EXPECT_EQ(Differing(history, 1'008, "89abcdef"), 0U);
  EXPECT_EQ(Differing(history, 1'008, "X9abcdef"), 1U);
  EXPECT_EQ(Differing(history, 1'007, "X"), 0U);
}

TEST(DeliveredHistory, SharedCapIsHitOnceAndGivenBack) {
  Budget budget{Small()};
  DeliveredHistory second(budget);
  {
    DeliveredHistory first(budget);
    first.Append(0, builder::ToRaw("abcdefgh"));
    second.Append(0, builder::ToRaw("abcdef"));
    second.Append(6, builder::ToRaw("ghijkl"));
    EXPECT_EQ(budget.hits(Cap::kTotalHistoryBytes), 1U);
    EXPECT_EQ(budget.history_bytes_held, 8U);
  }
  EXPECT_EQ(budget.history_bytes_held, 0U);
  second.Append(20, builder::ToRaw("abc"));
  EXPECT_EQ(Differing(second, 20, "aXc"), 1U);
}

TEST(DeliveredHistory, GrowsInStepsAndThenWraps) {
  Limits limits;
  limits.flow_history_bytes = 16U << 10U;
  Budget budget{limits};
  DeliveredHistory history(budget);
  std::string stream;
  while (stream.size() < 3 * limits.flow_history_bytes) {
    std::string piece(700, ' ');
    for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<char>('a' + (stream.size() + i) % 23);
    history.Append(stream.size(), builder::ToRaw(piece));
    stream += piece;
    const std::size_t kept = std::min(stream.size(), limits.flow_history_bytes);
    EXPECT_GE(budget.history_bytes_held, kept);
    EXPECT_LE(budget.history_bytes_held, limits.flow_history_bytes);
    const std::size_t from = stream.size() - kept;
    std::string copy = stream.substr(from);
    EXPECT_EQ(Differing(history, from, copy), 0U) << stream.size();
    copy.front() = copy.back() = '?';
    EXPECT_EQ(Differing(history, from, copy), kept) << stream.size();
  }
}

TEST(DeliveredHistory, TakesJustWhatItNeedsWhereRoomIsShort) {
  Limits limits;
  limits.flow_history_bytes = 16U << 10U;
  limits.total_history_bytes = 1'500;
  Budget budget{limits};
  DeliveredHistory first(budget);
  DeliveredHistory second(budget);
  first.Append(0, builder::ToRaw("abc"));
  second.Append(0, builder::ToRaw(std::string(400, 'x')));
  EXPECT_EQ(budget.hits(Cap::kTotalHistoryBytes), 0U);
  EXPECT_EQ(Differing(second, 0, "xxy"), 1U);
}

}  // namespace
}  // namespace sessenum
