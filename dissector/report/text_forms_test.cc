#include "report/text_forms.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sessenum {
namespace {

TEST(TextFormsTest, DigitsInGroups) {
  EXPECT_EQ(GroupedDigits(0), "0");
  EXPECT_EQ(GroupedDigits(999), "999");
  EXPECT_EQ(GroupedDigits(1'000), "1,000");
  EXPECT_EQ(GroupedDigits(1'234'567), "1,234,567");
  EXPECT_EQ(GroupedDigits(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(TextFormsTest, Counted) {
  EXPECT_EQ(Counted(1, "call"), "1 call");
  EXPECT_EQ(Counted(0, "call"), "0 calls");
  EXPECT_EQ(Counted(1'000, "call"), "1,000 calls");
}

TEST(TextFormsTest, Moments) {
  EXPECT_EQ(MomentText(1'600'748'713'123'456'000), "2020-09-22 04:25:13.123");
  EXPECT_EQ(MomentText(1'600'748'713'123'456'789), "2020-09-22 04:25:13.123");
  EXPECT_EQ(SecondText(1'600'748'713'123'456'000), "2020-09-22 04:25:13");
}

TEST(TextFormsTest, DurationsInTwoUnitsAtMost) {
  EXPECT_EQ(DurationText(0), "0 s");
  EXPECT_EQ(DurationText(119), "119 s");
  EXPECT_EQ(DurationText(120), "2 min");
  EXPECT_EQ(DurationText(125), "2 min 5 s");
  EXPECT_EQ(DurationText(2 * 3'600 - 1), "119 min 59 s");
  EXPECT_EQ(DurationText(2 * 3'600 + 12 * 60 + 5), "2 h 12 min");
  EXPECT_EQ(DurationText(2 * 86'400), "2 d");
  EXPECT_EQ(DurationText(2 * 86'400 + 5 * 3'600), "2 d 5 h");
}

TEST(TextFormsTest, SortableNumbersSortAsNumbers) {
  EXPECT_LT(SortableNumber(9), SortableNumber(10));
  EXPECT_LT(SortableNumber(10), SortableNumber(UINT64_MAX));
  EXPECT_EQ(SortableNumber(0).size(), SortableNumber(UINT64_MAX).size());
}

TEST(TextFormsTest, SortableTimesSortAsTimes) {
  EXPECT_LT(SortableTime(INT64_MIN), SortableTime(-1));
  EXPECT_LT(SortableTime(-1), SortableTime(0));
  EXPECT_LT(SortableTime(0), SortableTime(INT64_MAX));
}

}  // namespace
}  // namespace sessenum
