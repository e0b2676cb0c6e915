#include "abi/node_list.h"

#include <gtest/gtest.h>

#include <string>

namespace sessenum {
namespace {

TEST(NodeList, TextsAreGivenAtTheEndHoweverManyThereAre) {
  NodeList list;
  for (int i = 0; i < 1000; ++i) list.Add(SESSENUM_LEVEL, {}, std::to_string(i));
  list.Add(SESSENUM_CONTAINER, {});
  const auto& nodes = list.Finish();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(nodes[static_cast<std::size_t>(i)].text, std::to_string(i));
  EXPECT_STREQ(nodes.back().text, "");
}

TEST(NodeList, DepthIsThatOfTheScope) {
  NodeList list;
  list.Add(SESSENUM_REQUEST, {});
  {
    const NodeList::Deeper one(list);
    list.Add(SESSENUM_CONTAINER, {});
    const NodeList::Deeper two(list);
    list.Add(SESSENUM_SESSIONS, {});
  }
  list.Add(SESSENUM_LEVEL, {});
  const auto& nodes = list.Finish();
  EXPECT_EQ(nodes[0].depth, 0U);
  EXPECT_EQ(nodes[1].depth, 1U);
  EXPECT_EQ(nodes[2].depth, 2U);
  EXPECT_EQ(nodes[3].depth, 0U);
}

TEST(NodeList, ANodeCoversWhatFollowsButNoFindings) {
  NodeList list;
  list.Add(SESSENUM_LEVEL, {0, 4});
  list.Add(SESSENUM_CONTAINER, {8, 4});
  list.Add(SESSENUM_ENTRIES_READ, {12, 4});
  list.Add(SESSENUM_RULE, {100, 4});
  list.Add(SESSENUM_SESSIONS, {});
  list.Add(SESSENUM_SESSION, {20, 8});
  list.CoverFollowing(1);
  list.CoverFollowing(4);
  const auto& nodes = list.Finish();
  EXPECT_EQ(nodes[0].length, 4U);
  EXPECT_EQ(nodes[1].offset, 8U);
  EXPECT_EQ(nodes[1].length, 20U);
  EXPECT_EQ(nodes[4].offset, 20U);
  EXPECT_EQ(nodes[4].length, 8U);
}

TEST(NodeList, NothingBehindItLeavesANodeAsItIs) {
  NodeList list;
  list.Add(SESSENUM_CONTAINER, {});
  list.CoverFollowing(0);
  EXPECT_EQ(list.Finish()[0].length, 0U);
}

}  // namespace
}  // namespace sessenum
