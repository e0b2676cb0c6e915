#include "report/data_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::Not;

DataTable SampleTable() {
  DataTable table;
  table.id = "sample";
  table.caption = "A <sample>";
  table.columns = {{"Name"}, {"Count", "n", "how \"many\""}};
  table.filters = {"even"};
  table.orders = {"name", "count"};
  table.natural_order = "place";
  table.noun = "thing";
  table.rows = {{.id = "row-1", .cells = {{"b"}, {"<i>1</i>", "s2", 3}}, .filters = 1, .orders = {"b", "1"}},
                {.id = "", .cells = {{"a"}, {"2"}}, .filters = 0, .orders = {"a", "2"}}};
  table.all = 2;
  return table;
}

std::string HtmlOf(const DataTable& table) {
  std::string out;
  AppendTable(table, out);
  return out;
}

TEST(DataTableTest, RowsCarryTheirFiltersAndTheirRanks) {
  const std::string html = HtmlOf(SampleTable());
  EXPECT_THAT(
      html,
      HasSubstr(R"(<tr role="row" id="row-1" class="g0 a0 A1 b0 B0"><td>b<td class="n s2" data-v="3"><i>1</i></tr>)"));
  EXPECT_THAT(html, HasSubstr(R"(<tr role="row" class="a0 A0 b0 B1"><td>a<td class="n">2</tr>)"));
}

TEST(DataTableTest, ChoicesAreCountedAndNamedForTheirTable) {
  const std::string html = HtmlOf(SampleTable());
  EXPECT_THAT(html, HasSubstr(R"(<input type="radio" name="sample-filter" class="f-all" checked> all <b>2</b>)"));
  EXPECT_THAT(html, HasSubstr(R"(<input type="radio" name="sample-filter" class="f0"> even <b>1</b>)"));
  EXPECT_THAT(html, HasSubstr(R"(<input type="radio" name="sample-order" class="o-natural" checked> place)"));
  EXPECT_THAT(html, HasSubstr(R"(<input type="radio" name="sample-order" class="o1"> count)"));
}

TEST(DataTableTest, LabelsAreEscaped) {
  const std::string html = HtmlOf(SampleTable());
  EXPECT_THAT(html, HasSubstr("<caption>A &lt;sample&gt;</caption>"));
  EXPECT_THAT(html, HasSubstr("title=\"how &quot;many&quot;\""));
}

TEST(DataTableTest, RowsOfOneRankKeepTheirOrder) {
  DataTable table = SampleTable();
  for (DataRow& row : table.rows) row.orders = {"same", "same"};
  const std::string html = HtmlOf(table);
  EXPECT_THAT(html, HasSubstr(R"(class="g0 a0 A0 b0 B0")"));
  EXPECT_THAT(html, HasSubstr(R"(class="a0 A1 b0 B1")"));
}

TEST(DataTableTest, ARankHasTwoDigits) {
  DataTable table = SampleTable();
  table.rows.clear();
  for (std::size_t i = 0; i < 70; ++i) {
    const std::string key(1, static_cast<char>('!' + i));
    table.rows.push_back({.id = "row-" + std::to_string(i), .orders = {key, key}});
  }
  EXPECT_THAT(HtmlOf(table), HasSubstr(R"(id="row-69" class="a2 A5 b2 B5")"));
}

TEST(DataTableTest, WhatIsTooMuchWithoutAScriptWaitsInATemplate) {
  DataTable table = SampleTable();
  table.rows.assign(kRowsWithoutScript, table.rows.front());
  table.all = table.rows.size();
  EXPECT_THAT(HtmlOf(table), Not(HasSubstr("<template")));
  table.rows.push_back({.id = "last", .cells = {{"z"}, {"9", "s2", 3}}, .filters = 1, .orders = {"z", "9"}});
  table.all = table.rows.size();
  const std::string html = HtmlOf(table);
  const std::size_t more = html.find("<template class=\"more\">");
  ASSERT_NE(more, std::string::npos);
  EXPECT_THAT(html.substr(more), HasSubstr(R"(<tr id="last" class="g0"><td>z<td class="s2" data-v="3">9</tr>)"))
      << "what its headings say is not said again";
  EXPECT_THAT(html, HasSubstr("Without JavaScript the first 1,000 rows are shown; with it, all 1,001."));
}

TEST(DataTableTest, SaysWhatIsNotInThePage) {
  DataTable table = SampleTable();
  EXPECT_THAT(HtmlOf(table), Not(HasSubstr("This page holds")));
  table.all = 5'000;
  EXPECT_THAT(HtmlOf(table), HasSubstr("This page holds the first 2 things of 5,000"));
}

TEST(DataTableTest, AnEmptyTableIsASentence) {
  DataTable table = SampleTable();
  table.rows.clear();
  EXPECT_EQ(HtmlOf(table), "<p class=\"none\">None.</p>");
}

}  // namespace
}  // namespace sessenum
