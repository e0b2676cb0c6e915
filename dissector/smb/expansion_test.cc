#include "smb/expansion.h"

#include <gtest/gtest.h>

#include <string>

#include "smb/hex_testing.h"

namespace sessenum {
namespace {

class ExpansionTest : public testing::Test {
 protected:
  [[nodiscard]] std::string text() const { return {out_.begin(), out_.end()}; }

  std::vector<std::uint8_t> out_{'o', 'l', 'd'};
  Expansion expansion_{10, out_};
};

TEST_F(ExpansionTest, WritesUpToItsSize) {
  EXPECT_TRUE(expansion_.Write('a'));
  EXPECT_TRUE(expansion_.Write(AsBytes("bcd")));
  EXPECT_TRUE(expansion_.Fill('e', 5));
  EXPECT_EQ(expansion_.written(), 9U);
  EXPECT_FALSE(expansion_.Write(AsBytes("fg")));
  EXPECT_FALSE(expansion_.Fill('f', 2));
  EXPECT_FALSE(expansion_.Fill('f', SIZE_MAX));
  EXPECT_FALSE(expansion_.Repeat(1, 2));
  EXPECT_FALSE(expansion_.Repeat(1, SIZE_MAX));
  EXPECT_TRUE(expansion_.Write('f'));
  EXPECT_EQ(expansion_.room(), 0U);
  EXPECT_FALSE(expansion_.Write('g'));
  EXPECT_TRUE(expansion_.Write(Bytes()));
  EXPECT_EQ(text(), "oldabcdeeeeef");
}

TEST_F(ExpansionTest, RepeatsWhatIsThereAndWhatItWrites) {
  EXPECT_TRUE(expansion_.Write(AsBytes("abc")));
  EXPECT_TRUE(expansion_.Repeat(3, 2));
  EXPECT_EQ(text(), "oldabcab");
  EXPECT_TRUE(expansion_.Repeat(2, 5));
  EXPECT_EQ(text(), "oldabcabababa");
}

TEST_F(ExpansionTest, DoesNotLookBackBeyondItsStart) {
  EXPECT_FALSE(expansion_.Repeat(1, 1));
  EXPECT_TRUE(expansion_.Write('a'));
  EXPECT_FALSE(expansion_.Repeat(0, 1));
  EXPECT_FALSE(expansion_.Repeat(2, 1));
  EXPECT_FALSE(expansion_.Repeat(SIZE_MAX, 1));
  EXPECT_TRUE(expansion_.Repeat(1, 9));
  EXPECT_EQ(text(), "oldaaaaaaaaaa");
}

}  // namespace
}  // namespace sessenum
