// Who asked, and who was named: over all calls.
#include <algorithm>

#include "report/data_table.h"
#include "report/sections.h"
#include "report/text_forms.h"

namespace sessenum {
namespace {

DataRow ToRow(const Report& report, const ReportPair& pair) {
  const std::vector<PatternMark> marks = MarksOf(report, pair);
  DataRow row;
  Html html(row.cells);
  html.OpenCell("host").Text(pair.asker);
  for (const PatternMark& mark : marks) html.Markup(" <span class=\"mark\">").Text(mark.word).Markup("</span>");
  html.Markup("</td>").OpenCell("name");
  AppendNames(html, pair.users);
  if (!pair.workstations.names().empty()) {
    html.Markup(" <span class=\"nil\">on</span> ");
    AppendNames(html, pair.workstations);
  }
  html.Markup("</td>").OpenCell("wide");
  AppendNames(html, pair.tools);
  html.Markup("</td>").Cell(pair.server, "host").Cell(GroupedDigits(pair.calls), "n");
  html.Cell(GroupedDigits(pair.refused), "n").Cell(GroupedDigits(pair.blind), "n");
  html.Cell(GroupedDigits(pair.sessions), "n");
  html.Cell(MomentText(pair.seen.first_ns), "time").Cell(MomentText(pair.seen.last_ns), "time");
  row.filters = (pair.sessions != 0 ? 1U : 0U) | (pair.refused != 0 ? 2U : 0U) | (marks.empty() ? 0U : 4U) |
                (pair.blind != 0 ? 8U : 0U);
  row.orders = {SortableNumber(pair.calls), SortableNumber(pair.sessions), SortableTime(pair.seen.first_ns),
                pair.server};
  return row;
}

DataRow ToRow(const ReportAccount& account) {
  const std::string& name = account.name.text;
  DataRow row;
  Html html(row.cells);
  html.OpenCell("name");
  AppendName(html, account.name);
  html.Markup("</td>").OpenCell("name");
  AppendNames(html, account.workstations);
  html.Markup("</td>").OpenCell("host");
  AppendNames(html, account.servers);
  html.Markup("</td>").OpenCell("host");
  AppendNames(html, account.told_to);
  html.Markup("</td>").Cell(GroupedDigits(account.claims), "n");
  if (account.least_idle) {
    html.Markup(R"(<td class="n" data-v=")").Number(*account.least_idle).Markup("\">");
    html.Text(DurationText(*account.least_idle)).Markup("</td>");
  } else {
    html.Markup(R"(<td class="n"><i class="nil">not told</i></td>)");
  }
  html.Cell(MomentText(account.seen.first_ns), "time").Cell(MomentText(account.seen.last_ns), "time");
  const bool is_computer = name.ends_with('$');
  row.filters = (!is_computer && !name.empty() ? 1U : 0U) | (is_computer ? 2U : 0U) | (name.empty() ? 4U : 0U);
  row.orders = {SortableNumber(account.claims), SortableNumber(account.least_idle ? *account.least_idle : UINT64_MAX),
                SortableTime(account.seen.last_ns)};
  return row;
}

}  // namespace

void AppendPairs(const Report& report, std::string& out) {
  DataTable table;
  table.id = "pairs-table";
  table.caption = "Who asked whom";
  table.noun = "pair";
  table.natural_order = "asker";
  table.columns = {{"Asker"},
                   {"As account", "name", "and what the asker called its computer"},
                   {"Looks like", "wide", "The software whose habits the requests have. Anybody can imitate them."},
                   {"Server"},
                   {"Calls", "n"},
                   {"Refused", "n"},
                   {"Unreadable", "n"},
                   {"Sessions told", "n"},
                   {"First (UTC)", "time"},
                   {"Last (UTC)", "time"}};
  table.filters = {"told sessions", "refused", "sweep or watch", "unreadable"};
  table.orders = {"calls", "sessions told", "first", "server"};
  table.all = report.pairs.size();
  // Those who swept or watched come first.
  for (const bool marked : {true, false}) {
    for (const auto& [key, pair] : report.pairs) {
      if (MarksOf(report, pair).empty() != marked) table.rows.push_back(ToRow(report, pair));
    }
  }
  AppendTable(table, out);
}

void AppendTools(const Report& report, std::string& out) {
  Html html(out);
  html.Markup("<dl>\n");
  for (const ClientFamily& family : ClientFamilies()) {
    const std::string name(ShortName(family));
    const bool is_met = std::ranges::any_of(
        report.pairs, [&name](const auto& pair) { return pair.second.tools.names().contains(name); });
    if (!is_met) continue;
    html.Markup("<dt>").Text(family.name).Markup("</dt><dd>").Text(family.signs);
    html.Markup(family.is_built_in ? ". Ships with an operating system.</dd>\n"
                                   : ". Brought along by somebody.</dd>\n");
  }
  html.Markup("</dl>\n");
}

void AppendAccounts(const Report& report, std::string& out) {
  DataTable table;
  table.id = "accounts-table";
  table.caption = "Accounts that answers named";
  table.noun = "account";
  table.natural_order = "name";
  table.columns = {{"Account", "name"},
                   {"From workstations", "name", "cname, as the servers wrote it"},
                   {"At servers"},
                   {"Told to"},
                   {"Claims", "n", "Sessions in answers that name the account"},
                   {"Least idle", "n"},
                   {"First told (UTC)", "time"},
                   {"Last told (UTC)", "time"}};
  table.filters = {"people and services", "computers ($)", "empty name"};
  table.orders = {"claims", "least idle", "last told"};
  table.all = report.accounts.size();
  for (const auto& [key, account] : report.accounts) table.rows.push_back(ToRow(account));
  AppendTable(table, out);
}

}  // namespace sessenum
