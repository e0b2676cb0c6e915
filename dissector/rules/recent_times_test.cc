#include "rules/recent_times.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sessenum {
namespace {

TEST(IsRecent, TheWindowIncludesItsFirstMoment) {
  EXPECT_TRUE(IsRecent(0, 10, 10));
  EXPECT_FALSE(IsRecent(0, 11, 10));
  EXPECT_TRUE(IsRecent(5, 5, 0));
  EXPECT_FALSE(IsRecent(4, 5, 0));
}

TEST(IsRecent, WhatIsStillToComeIsRecent) {
  EXPECT_TRUE(IsRecent(11, 10, 0));
  EXPECT_TRUE(IsRecent(INT64_MAX, INT64_MIN, 10));
}

TEST(IsRecent, TheEndsOfTimeDoNotWrap) {
  EXPECT_FALSE(IsRecent(INT64_MIN, INT64_MAX, 10));
  EXPECT_FALSE(IsRecent(INT64_MIN, INT64_MAX, INT64_MAX));
  EXPECT_FALSE(IsRecent(-1, INT64_MAX, INT64_MAX));
  EXPECT_TRUE(IsRecent(0, INT64_MAX, INT64_MAX));
  EXPECT_TRUE(IsRecent(-5, 5, 10));
}

TEST(RecentTimes, CountsWhatLiesWithinTheWindow) {
  RecentTimes times;
  EXPECT_EQ(times.Add(100, 10), 1U);
  EXPECT_EQ(times.Add(105, 10), 2U);
  EXPECT_EQ(times.Add(110, 10), 3U);
  EXPECT_EQ(times.Add(111, 10), 3U);  // 100 is gone
  EXPECT_EQ(times.Add(115, 10), 4U);
  EXPECT_EQ(times.Add(200, 10), 1U);
}

TEST(RecentTimes, ClearForgetsAll) {
  RecentTimes times;
  EXPECT_EQ(times.Add(100, 10), 1U);
  times.Clear();
  EXPECT_EQ(times.Add(100, 10), 1U);
}

TEST(RecentTimes, TheOldestGoesWhereThereAreTooMany) {
  RecentTimes times;
  for (std::uint32_t i = 1; i <= 1'024; ++i) ASSERT_EQ(times.Add(i, 5'000), i);
  EXPECT_EQ(times.Add(1'025, 5'000), 1'024U);
  // 1 made room: in a window of 1,024 from 2 on are 2 to 1,025 but the one that makes room now.
  EXPECT_EQ(times.Add(1'026, 1'024), 1'024U);
  EXPECT_EQ(times.Add(1'027, 1'023), 1'024U);
  EXPECT_EQ(times.Add(1'028, 3), 4U);
}

TEST(RecentTimes, ASecondHasABillionNanoseconds) { static_assert(kNanosecondsPerSecond == 1'000'000'000); }

}  // namespace
}  // namespace sessenum
