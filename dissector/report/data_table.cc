#include "report/data_table.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "report/html.h"
#include "report/text_forms.h"

namespace sessenum {
namespace {

constexpr std::size_t kRankBase = 32;
// The classes of a rank's high and low digit under each order: "a7 A31".
constexpr std::string_view kHighDigits = "abcd";
constexpr std::string_view kLowDigits = "ABCD";

using Ranks = std::vector<std::array<std::size_t, kMostOrders>>;

// The place of each row under each order.
Ranks RanksOf(std::span<const DataRow> rows, std::size_t orders) {
  Ranks ranks(rows.size());
  std::vector<std::size_t> sorted(rows.size());
  for (std::size_t order = 0; order < orders; ++order) {
    std::iota(sorted.begin(), sorted.end(), 0);
    std::ranges::stable_sort(
        sorted, [&](std::size_t a, std::size_t b) { return rows[a].orders[order] < rows[b].orders[order]; });
    for (std::size_t place = 0; place < sorted.size(); ++place) ranks[sorted[place]][order] = place;
  }
  return ranks;
}

void AppendChoice(Html& html, std::string_view table, std::string_view group, std::string_view value,
                  std::string_view label, bool checked) {
  html.Markup("<label><input type=\"radio\" name=\"").Text(table).Markup("-").Text(group);
  html.Markup("\" class=\"").Text(value).Markup(checked ? "\" checked> " : "\"> ").Text(label);
}

void AppendFilters(Html& html, const DataTable& table) {
  if (table.filters.empty()) return;
  html.Markup("<fieldset class=\"filters\"><legend>Show</legend>");
  AppendChoice(html, table.id, "filter", "f-all", "all", true);
  html.Markup(" <b>").Text(GroupedDigits(table.rows.size())).Markup("</b></label>");
  for (std::size_t i = 0; i < table.filters.size(); ++i) {
    const auto count =
        std::ranges::count_if(table.rows, [i](const DataRow& row) { return (row.filters >> i & 1) != 0; });
    AppendChoice(html, table.id, "filter", "f" + std::to_string(i), table.filters[i], false);
    html.Markup(" <b>").Text(GroupedDigits(static_cast<std::uint64_t>(count))).Markup("</b></label>");
  }
  html.Markup("</fieldset>");
}

void AppendOrders(Html& html, const DataTable& table) {
  if (table.orders.empty()) return;
  html.Markup("<fieldset class=\"orders\"><legend>Sort by</legend>");
  AppendChoice(html, table.id, "order", "o-natural", table.natural_order, true);
  html.Markup("</label>");
  for (std::size_t i = 0; i < table.orders.size(); ++i) {
    AppendChoice(html, table.id, "order", "o" + std::to_string(i), table.orders[i], false);
    html.Markup("</label>");
  }
  html.Markup("<label><input type=\"checkbox\" class=\"o-down\"> descending</label></fieldset>");
}

void AppendHead(Html& html, const DataTable& table) {
  html.Markup("<thead role=\"rowgroup\"><tr role=\"row\">");
  for (const DataColumn& column : table.columns) {
    html.Markup("<th role=\"columnheader\" scope=\"col\"");
    if (!column.kind.empty()) html.Markup(" class=\"").Text(column.kind).Markup("\"");
    if (!column.about.empty()) html.Markup(" title=\"").Text(column.about).Markup("\"");
    html.Markup(">").Text(column.label).Markup("</th>");
  }
  html.Markup("</tr></thead>");
}

void AppendAttribute(Html& html, std::string_view name, std::string_view value) {
  if (!value.empty()) html.Markup(" ").Markup(name).Markup("=\"").Text(value).Markup("\"");
}

// Without its end tag, which HTML does not ask for.
void AppendCell(Html& html, const DataCell& cell, std::string_view kind) {
  const std::string_view between = kind.empty() || cell.classes.empty() ? "" : " ";
  html.Markup("<td");
  AppendAttribute(html, "class", std::string(kind).append(between).append(cell.classes));
  AppendAttribute(html, "data-v", cell.value ? std::to_string(*cell.value) : "");
  html.Markup(">").Markup(cell.markup);
}

std::string WithoutLastSpace(std::string text) {
  if (!text.empty()) text.pop_back();
  return text;
}

std::string FilterClasses(const DataRow& row) {
  std::string classes;
  for (std::size_t i = 0; i < kMostFilters; ++i) {
    if ((row.filters >> i & 1) != 0) classes.append("g").append(std::to_string(i)).append(" ");
  }
  return classes;
}

void AppendRow(Html& html, const DataTable& table, const DataRow& row, std::string_view ranks) {
  html.Markup("<tr role=\"row\"");
  AppendAttribute(html, "id", row.id);
  AppendAttribute(html, "class", WithoutLastSpace(FilterClasses(row).append(ranks)));
  html.Markup(">");
  for (std::size_t i = 0; i < row.cells.size(); ++i) AppendCell(html, row.cells[i], table.columns[i].kind);
  html.Markup("</tr>\n");
}

// The script gives it its role and the classes of its columns when it is shown.
void AppendWaitingRow(Html& html, const DataRow& row) {
  html.Markup("<tr");
  AppendAttribute(html, "id", row.id);
  AppendAttribute(html, "class", WithoutLastSpace(FilterClasses(row)));
  html.Markup(">");
  for (const DataCell& cell : row.cells) AppendCell(html, cell, "");
  html.Markup("</tr>\n");
}

std::string RankClasses(const std::array<std::size_t, kMostOrders>& ranks, std::size_t orders) {
  std::string classes;
  for (std::size_t i = 0; i < orders; ++i) {
    classes.append(1, kHighDigits[i]).append(std::to_string(ranks[i] / kRankBase)).append(" ");
    classes.append(1, kLowDigits[i]).append(std::to_string(ranks[i] % kRankBase)).append(" ");
  }
  return classes;
}

void AppendRows(Html& html, const DataTable& table) {
  const std::size_t first = std::min(table.rows.size(), kRowsWithoutScript);
  const std::span<const DataRow> laid_out(table.rows.data(), first);
  const Ranks ranks = RanksOf(laid_out, table.orders.size());
  html.Markup("<tbody role=\"rowgroup\">\n");
  for (std::size_t i = 0; i < first; ++i) {
    AppendRow(html, table, table.rows[i], RankClasses(ranks[i], table.orders.size()));
  }
  html.Markup("</tbody></table></div>");
  if (first == table.rows.size()) return;
  html.Markup("<template class=\"more\"><table><tbody>\n");
  for (std::size_t i = first; i < table.rows.size(); ++i) AppendWaitingRow(html, table.rows[i]);
  html.Markup("</tbody></table></template>");
}

void AppendWhatIsShown(Html& html, const DataTable& table) {
  const std::size_t first = std::min(table.rows.size(), kRowsWithoutScript);
  if (table.all > table.rows.size()) {
    html.Markup("<p class=\"part\">This page holds the first ").Text(Counted(table.rows.size(), table.noun));
    html.Markup(" of ").Text(GroupedDigits(table.all)).Markup("; <code>sessenum replay</code> prints every one.</p>");
  }
  if (first < table.rows.size()) {
    html.Markup("<p class=\"part noscript\">Without JavaScript the first ").Text(GroupedDigits(first));
    html.Markup(" rows are shown; with it, all ").Text(GroupedDigits(table.rows.size())).Markup(".</p>");
  }
}

}  // namespace

void AppendTable(const DataTable& table, std::string& out) {
  Html html(out);
  if (table.rows.empty()) {
    html.Markup("<p class=\"none\">None.</p>");
    return;
  }
  html.Markup("<div class=\"block\" data-noun=\"").Text(table.noun).Markup("\"><div class=\"controls\">");
  AppendFilters(html, table);
  AppendOrders(html, table);
  html.Markup("</div>");
  AppendWhatIsShown(html, table);
  html.Markup("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").Text(table.caption);
  html.Markup("\"><table class=\"data cols-")
      .Number(table.columns.size())
      .Markup("\" role=\"table\" id=\"")
      .Text(table.id);
  html.Markup("\"><caption>").Text(table.caption).Markup("</caption>");
  AppendHead(html, table);
  AppendRows(html, table);
  html.Markup("</div>\n");
}

}  // namespace sessenum
