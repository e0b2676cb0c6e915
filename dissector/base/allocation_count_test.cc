#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "base/allocation_count_testing.h"

namespace sessenum {
namespace {

TEST(AllocationCount, Counts) {
  const std::size_t count = AllocationCount();
  const std::size_t bytes = AllocatedBytes();
  const std::vector<char> hundred(100);
  EXPECT_EQ(AllocationCount(), count + 1);
  EXPECT_EQ(AllocatedBytes(), bytes + hundred.size());
}

}  // namespace
}  // namespace sessenum
