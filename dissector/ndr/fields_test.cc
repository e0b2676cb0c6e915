#include "ndr/fields.h"

#include <gtest/gtest.h>

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr NdrFormat kNdr64{TransferSyntax::kNdr64, ByteOrder::kLittle};

TEST(NdrFormat, AWordIsAPointer) {
  static_assert(kNdr.word() == 4);
  static_assert(kNdr64.word() == 8);
  EXPECT_EQ(Name(TransferSyntax::kNdr), "ndr");
  EXPECT_EQ(Name(TransferSyntax::kNdr64), "ndr64");
}

TEST(Fields, AreNotDecodedUntilTheyAre) {
  EXPECT_FALSE(NdrU32().decoded());
  EXPECT_EQ(NdrU32().extent(), Extent{});
  EXPECT_EQ((NdrU32{7, 0}).extent(), (Extent{0, 4}));
  EXPECT_FALSE(NdrPointer().decoded());
  EXPECT_EQ((NdrPointer{0, 8}).extent(kNdr), (Extent{8, 4}));
  EXPECT_EQ((NdrPointer{0, 8}).extent(kNdr64), (Extent{8, 8}));
  EXPECT_EQ(NdrString().extent(), Extent{});
  EXPECT_FALSE(NdrString().decoded());
}

TEST(Fields, AUniqueNumberNeedsItsReferent) {
  EXPECT_TRUE((NdrUniqueU32{{0, 4}, {}}).decoded());
  EXPECT_FALSE((NdrUniqueU32{{1, 4}, {}}).decoded());
  EXPECT_TRUE((NdrUniqueU32{{1, 4}, {0, 8}}).decoded());
}

TEST(NdrString, TextLeavesOutOneTerminator) {
  const std::vector<std::uint8_t> units = {0, 'a', 0, 'b', 0, 0, 0, 0};
  const NdrString string = NdrString::Of(Utf16View(units, ByteOrder::kBig));
  EXPECT_EQ(string.actual_count, 4U);
  EXPECT_EQ(string.max_count, 4U);
  EXPECT_FALSE(string.null());
  EXPECT_EQ(ToUtf8(string.units()), std::string("ab\0\0", 4));
  EXPECT_EQ(ToUtf8(string.text()), std::string("ab\0", 3));
  EXPECT_EQ(ToUtf8(NdrString::Of(Utf16View(units, ByteOrder::kBig).First(2)).text()), "ab");
  EXPECT_TRUE(NdrString::Of(Utf16View(units, ByteOrder::kBig).First(0)).text().empty());
  EXPECT_TRUE(NdrString().text().empty());
}

}  // namespace
}  // namespace sessenum
