#include "net/held_segments.h"

#include <gtest/gtest.h>

#include <string>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

class HeldSegmentsTest : public ::testing::Test {
 protected:
  DifferingSpan Add(std::uint64_t at, const std::string& text) {
    const builder::Raw raw = builder::ToRaw(text);
    const Origin origin{0, {++number_, 0}};
    DifferingSpan differing;
    held_.Add(at, SourcedBytes(raw, {&origin, 1}), {origin.frame}, differing);
    EXPECT_EQ(budget_.flow_bytes_held, held_.cost());
    return differing;
  }
  // All pieces as "at:text", cut ones as "at:-length".
  std::string TakeAll() {
    std::string all;
    while (!held_.empty()) {
      all += std::to_string(held_.begin()) + ":";
      const HeldSegments::Piece piece = held_.TakeFirst();
      const Bytes bytes = piece.bytes.View().bytes();
      all += bytes.empty() ? "-" + std::to_string(piece.length) : std::string(bytes.begin(), bytes.end());
      all += " ";
    }
    EXPECT_EQ(held_.cost(), 0U);
    EXPECT_EQ(budget_.flow_bytes_held, 0U);
    return all;
  }

  Budget budget_{Limits()};
  HeldSegments held_{budget_};
  std::uint64_t number_ = 0;
};

TEST_F(HeldSegmentsTest, FirstCopyWinsInEveryOverlap) {
  EXPECT_TRUE(Add(10, "abc").empty());
  EXPECT_TRUE(Add(15, "fg").empty());
  EXPECT_EQ(Add(8, "..XbX..Xg").length(), 6U);  // from 10 to 15
  EXPECT_TRUE(Add(11, "b").empty());
  EXPECT_EQ(TakeAll(), "8:.. 10:abc 13:.. 15:fg ");
}

TEST_F(HeldSegmentsTest, SupersetFillsHolesOnly) {
  Add(2, "c");
  Add(4, "e");
  EXPECT_TRUE(Add(0, "abcdefg").empty());
  EXPECT_EQ(TakeAll(), "0:ab 2:c 3:d 4:e 5:fg ");
}

TEST_F(HeldSegmentsTest, CutBytesEndAtTheNextPiece) {
  Add(10, "abc");
  held_.AddCut(5, 100, {});
  held_.AddCut(11, 100, {});  // covered
  held_.AddCut(13, 4, {});
  Add(4, "xyz");  // what was cut stays cut
  EXPECT_EQ(TakeAll(), "4:x 5:-5 10:abc 13:-4 ");
}

TEST_F(HeldSegmentsTest, DestructionGivesTheBudgetBack) {
  {
    HeldSegments other(budget_);
    other.AddCut(0, 5, {});
    EXPECT_GT(budget_.flow_bytes_held, 0U);
  }
  EXPECT_EQ(budget_.flow_bytes_held, 0U);
}

}  // namespace
}  // namespace sessenum
