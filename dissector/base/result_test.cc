#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sessenum {
namespace {

static_assert(Ok().ok());
static_assert(!Truncated(1, 2).ok());
static_assert(ClampToU32(0xFFFFFFFF) == 0xFFFFFFFF);
static_assert(ClampToU32(0x100000000) == 0xFFFFFFFF);

TEST(Status, SaysWhereAndHowMuch) {
  EXPECT_EQ(Truncated(7, 4), (Status{Errc::kTruncated, 7, 4}));
  EXPECT_EQ(Truncated(SIZE_MAX, UINT64_MAX), (Status{Errc::kTruncated, UINT32_MAX, UINT32_MAX}));
  EXPECT_EQ(Malformed(9), (Status{Errc::kMalformed, 9, 0}));
}

TEST(Result, HoldsAValueOrAStatus) {
  Result<std::string> value = std::string("abc");
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(value.status(), Ok());
  value.value() += 'd';
  EXPECT_EQ(value.value(), "abcd");

  const Result<std::string> failure = Malformed(3);
  EXPECT_FALSE(failure.ok());
  EXPECT_EQ(failure.status(), Malformed(3));
}

TEST(Result, GivesUpAValueThatOnlyMoves) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

Status FailAt(int failing, int& reached) {
  for (int step = 0; step < 3; ++step) {
    reached = step;
    SE_TRY(step == failing ? Truncated(static_cast<std::size_t>(step), 1) : Ok());
  }
  return Ok();
}

Result<int> ResultOf(int failing) {
  int reached = 0;
  SE_TRY(FailAt(failing, reached));
  return reached;
}

TEST(SeTry, LeavesAtTheFirstFailure) {
  int reached = -1;
  EXPECT_EQ(FailAt(1, reached), Truncated(1, 1));
  EXPECT_EQ(reached, 1);
  EXPECT_EQ(FailAt(3, reached), Ok());
  EXPECT_EQ(reached, 2);
  EXPECT_EQ(ResultOf(0).status(), Truncated(0, 1));
  EXPECT_EQ(ResultOf(3).value(), 2);
}

}  // namespace
}  // namespace sessenum
