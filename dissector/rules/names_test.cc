#include "rules/names.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

// A name in UTF-16 that owns its units.
class Name16 {
 public:
  explicit Name16(std::string_view utf8, ByteOrder order = ByteOrder::kLittle)
      : units_(Utf8ToUtf16(utf8, order)), order_(order) {}
  [[nodiscard]] Utf16View view() const { return {units_, order_}; }

 private:
  std::vector<std::uint8_t> units_;
  ByteOrder order_;
};

bool Prefixed(std::string_view name) { return StartsWithTwoBackslashes(Name16(name).view()); }
std::string Bare(std::string_view name) { return ToUtf8(WithoutBackslashes(Name16(name, ByteOrder::kBig).view())); }
std::string User(std::string_view name) { return ToUtf8(UserOf(Name16(name, ByteOrder::kBig).view())); }
bool SameComputers(std::string_view a, std::string_view b) {
  return SameComputer(Name16(a).view(), Name16(b, ByteOrder::kBig).view());
}
bool SameNames(std::string_view a, std::string_view b) {
  return SameName(Name16(a).view(), Name16(b, ByteOrder::kBig).view());
}
bool Hosts(std::string_view name, std::string_view tree) { return NamesHostOf(Name16(name).view(), tree); }

TEST(Names, TwoBackslashesMakeAComputer) {
  EXPECT_TRUE(Prefixed(R"(\\WS1)"));
  EXPECT_TRUE(Prefixed(R"(\\)"));
  for (const std::string_view name : {"", "\\", "W", "WS1", R"(\WS1)", R"(W\S1)", R"(W\\S1)"}) {
    EXPECT_FALSE(Prefixed(name)) << name;
  }
}

TEST(Names, TheBackslashesBeforeANameAreLeftOut) {
  EXPECT_EQ(Bare(R"(\\WS1)"), "WS1");
  EXPECT_EQ(Bare(R"(\WS1)"), "WS1");
  EXPECT_EQ(Bare(R"(\\\WS1\a)"), R"(WS1\a)");
  EXPECT_EQ(Bare("WS1"), "WS1");
  EXPECT_EQ(Bare(R"(\\)"), "");
  EXPECT_EQ(Bare(""), "");
}

TEST(Names, TheUserStandsBehindTheDomainOrBeforeIt) {
  EXPECT_EQ(User(R"(WG\bob)"), "bob");
  EXPECT_EQ(User("bob@wg.example"), "bob");
  EXPECT_EQ(User("bob"), "bob");
  EXPECT_EQ(User(""), "");
  EXPECT_EQ(User(R"(WG\)"), "");
  EXPECT_EQ(User("@wg"), "");
  EXPECT_EQ(User(R"(\bob)"), "bob");
  EXPECT_EQ(User(R"(a\b@c)"), "b@c");
  EXPECT_EQ(User(R"(a@b\c)"), "a");
}

TEST(Names, CompareWithoutRegardToCaseAndByteOrder) {
  EXPECT_TRUE(SameNames("", ""));
  EXPECT_TRUE(SameNames("Bob", "bOB"));
  EXPECT_TRUE(
      SameNames("Gr\xC3\xBC\xC3\x9F"
                "e",
                "GR\xC3\x9C\xC3\x9F"
                "E"));
  EXPECT_FALSE(SameNames("bob", "bo"));
  EXPECT_FALSE(SameNames("bo", "bob"));
  EXPECT_FALSE(SameNames("bob", "bib"));
  EXPECT_FALSE(SameNames("bob", "boc"));
  EXPECT_FALSE(SameNames("aob", "bob"));
  EXPECT_FALSE(SameNames(R"(\\ws1)", "WS1"));
  EXPECT_TRUE(SameComputers(R"(\\ws1)", "WS1"));
  EXPECT_TRUE(SameComputers("ws1", R"(\\WS1)"));
  EXPECT_FALSE(SameComputers(R"(\\ws1)", R"(\\ws2)"));
}

TEST(Names, AShareIsOfTheHostWithTheSameFirstLabel) {
  EXPECT_TRUE(Hosts(R"(\\FS1)", R"(\\fs1\IPC$)"));
  EXPECT_TRUE(Hosts("FS1.wg.example", R"(\\fs1\IPC$)"));
  EXPECT_TRUE(Hosts("FS1", R"(\\fs1.wg.example\IPC$)"));
  EXPECT_TRUE(Hosts("FS1", R"(\\fs1)"));
  EXPECT_FALSE(Hosts("FS2", R"(\\FS1\IPC$)"));
  EXPECT_FALSE(Hosts("FS1", R"(\\FS12\IPC$)"));
  EXPECT_FALSE(Hosts("FS12", R"(\\FS1\IPC$)"));
  EXPECT_FALSE(Hosts("IPC$", R"(\\FS1\IPC$)"));
}

TEST(Names, AnAddressOrNothingMayBeAnyHost) {
  for (const std::string_view name :
       {"", R"(\\)", "10.0.0.2", R"(\\10.0.0.2)", "fe80::1", "fe80--1.ipv6-literal.net"}) {
    EXPECT_TRUE(Hosts(name, R"(\\FS1\IPC$)")) << name;
  }
  for (const std::string_view host : {"10.0.0.2", "fe80::1", "fe80--1.ipv6-literal.net"}) {
    EXPECT_TRUE(Hosts("FS2", R"(\\)" + std::string(host) + R"(\IPC$)")) << host;
  }
  EXPECT_TRUE(Hosts("FS2", ""));
  EXPECT_TRUE(Hosts("FS2", R"(\\)"));
  EXPECT_FALSE(Hosts("10a", R"(\\FS1\IPC$)"));
}

TEST(Names, ANameEndsAtItsFirstNul) {
  MessageBuilder make;
  EXPECT_EQ(ToUtf8(NameOf(make.String("bob"))), "bob");
  EXPECT_EQ(ToUtf8(NameOf(make.String(""))), "");
  EXPECT_EQ(ToUtf8(NameOf(make.String(std::string("bo\0b", 4)))), "bo");
  EXPECT_EQ(ToUtf8(NameOf(make.String(std::string("\0b", 2)))), "");
  EXPECT_EQ(ToUtf8(NameOf(make.Units({'b', 'o'}))), "bo");
  EXPECT_TRUE(NameOf(NdrString()).empty());
}

TEST(Names, LengthsCountTheTerminator) {
  MessageBuilder make;
  EXPECT_EQ(UnitsOf(make.String("bob")), 4U);
  EXPECT_EQ(UnitsOf(make.String("")), 1U);
  EXPECT_EQ(UnitsOf(make.String(std::string("bo\0b", 4))), 3U);
  EXPECT_EQ(UnitsOf(make.Units({'b', 'o'})), 2U);
  EXPECT_EQ(UnitsOf(NdrString()), 0U);
}

TEST(Names, TheirPlaceIsThatOfTheUnitsOrOfTheNullPointer) {
  NdrString null;
  null.pointer.at = 12;
  EXPECT_EQ(PlaceOf(null, {TransferSyntax::kNdr, ByteOrder::kLittle}), (Extent{12, 4}));
  EXPECT_EQ(PlaceOf(null, {TransferSyntax::kNdr64, ByteOrder::kLittle}), (Extent{12, 8}));
  NdrString name;
  name.pointer = {1, 12};
  name.units_at = 40;
  name.actual_count = 3;
  EXPECT_EQ(PlaceOf(name, {TransferSyntax::kNdr64, ByteOrder::kLittle}), (Extent{40, 6}));
}

}  // namespace
}  // namespace sessenum
