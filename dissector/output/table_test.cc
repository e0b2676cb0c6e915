#include "output/table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sessenum {
namespace {

std::string Table(const std::vector<TableRow>& rows, std::string_view indent = "") {
  std::string out;
  AppendTable(rows, indent, out);
  return out;
}

TEST(TableTest, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(Table({{"cname", "time"}, {"\\\\10.0.0.123", "5"}, {"x", "1234567"}}),
            "cname         time\n"
            "\\\\10.0.0.123  5\n"
            "x             1234567\n");
}

TEST(TableTest, EveryLineIsIndented) { EXPECT_EQ(Table({{"a"}, {"b"}}, "  "), "  a\n  b\n"); }

TEST(TableTest, AWideCharacterTakesTwoColumns) {
  EXPECT_EQ(Table({{"name", "n"}, {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "1"}, {"\xC3\xA9t\xC3\xA9", "2"}}),
            "name    n\n"
            "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E  1\n"
            "\xC3\xA9t\xC3\xA9     2\n");
}

TEST(TableTest, ACellBeyondFortyColumnsPushesItsOwnRowAside) {
  const std::string wide(45, 'w');
  EXPECT_EQ(Table({{"h", "n"}, {wide, "1"}, {"x", "2"}}),
            "h" + std::string(41, ' ') + "n\n" + wide + "  1\n" + "x" + std::string(41, ' ') + "2\n");
}

TEST(TableTest, RowsMayBeShortEmptyOrMissing) {
  EXPECT_EQ(Table({}), "");
  EXPECT_EQ(Table({{}}), "\n");
  EXPECT_EQ(Table({{"a", "b"}, {"c"}, {"", "d"}}), "a  b\nc\n   d\n");
}

TEST(TableTest, NoLineEndsWithBlanks) {
  const std::string table = Table({{"a", "bbbbb"}, {"c", "d"}});
  EXPECT_EQ(table, "a  bbbbb\nc  d\n");
}

}  // namespace
}  // namespace sessenum
