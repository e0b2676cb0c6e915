#include "base/bounded_map.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sessenum {
namespace {

TEST(BoundedMapTest, OldestGoesFirst) {
  BoundedMap<int, std::string> map(2);
  map.Add(9, "a");
  map.Add(1, "b");
  EXPECT_TRUE(map.full());
  EXPECT_EQ(map.TakeOldest(), "a");
  map.Add(5, "c");
  EXPECT_EQ(map.Find(9), nullptr);
  EXPECT_EQ(*map.Find(1), "b");
  EXPECT_EQ(map.Take(1), "b");
  EXPECT_EQ(map.Take(1), std::nullopt);
  EXPECT_EQ(map.TakeOldest(), "c");
  EXPECT_EQ(map.TakeOldest(), std::nullopt);
}

TEST(BoundedMapTest, ACapacityAboveFourBillionIsNoSmallOne) {
  BoundedMap<int, int> map(std::size_t{1} << 32U);
  map.Add(1, 1);
  EXPECT_FALSE(map.full());
}

TEST(BoundedMapTest, ErasesWhatIsCondemned) {
  BoundedMap<int, int> map(10);
  for (int i = 0; i < 10; ++i) map.Add(i, i);
  map.EraseIf([](int, int value) { return value % 2 == 0; });
  EXPECT_EQ(map.size(), 5U);
  std::vector<int> left;
  map.ForEach([&](int key, int) { left.push_back(key); });
  EXPECT_EQ(left, (std::vector<int>{1, 3, 5, 7, 9}));
}

TEST(BoundedMapTest, MakeRoomCountsTheCap) {
  const Limits limits;
  Budget budget(limits);
  BoundedMap<int, int> map(1);
  EXPECT_EQ(MakeRoom(map, budget, Cap::kSmbOpens), std::nullopt);
  map.Add(1, 10);
  EXPECT_EQ(MakeRoom(map, budget, Cap::kSmbOpens), 10);
  EXPECT_EQ(budget.hits(Cap::kSmbOpens), 1U);
}

}  // namespace
}  // namespace sessenum
