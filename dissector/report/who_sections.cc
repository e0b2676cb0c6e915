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
  Html asker = row.Cell().Text(pair.asker);
  for (const PatternMark& mark : marks) asker.Markup(" <span class=\"mark\">").Text(mark.word).Markup("</span>");
  Html account = row.Cell();
  AppendNames(account, pair.users);
  if (!pair.workstations.names().empty()) {
    account.Markup(" <span class=\"nil\">on</span> ");
    AppendNames(account, pair.workstations);
  }
  AppendNames(row.Cell(), pair.tools);
  row.Cell(pair.server);
  for (const std::uint64_t count : {pair.calls, pair.refused, pair.blind, pair.sessions}) {
    row.Cell(GroupedDigits(count));
  }
  row.Cell(MomentText(pair.seen.first_ns));
  row.Cell(MomentText(pair.seen.last_ns));
  row.filters = (pair.sessions != 0 ? 1U : 0U) | (pair.refused != 0 ? 2U : 0U) | (marks.empty() ? 0U : 4U) |
                (pair.blind != 0 ? 8U : 0U);
  row.orders = {SortableNumber(pair.calls), SortableNumber(pair.sessions), SortableTime(pair.seen.first_ns),
                pair.server};
  return row;
}

DataRow ToRow(const ReportAccount& account) {
  const std::string& name = account.name.text;
  DataRow row;
  AppendName(row.Cell(), account.name);
  for (const NameSet* names : {&account.workstations, &account.servers, &account.told_to}) {
    AppendNames(row.Cell(), *names);
  }
  row.Cell(GroupedDigits(account.claims));
  AppendDuration(row, account.least_idle);
  row.Cell(MomentText(account.seen.first_ns));
  row.Cell(MomentText(account.seen.last_ns));
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
  table.columns = {{"Asker", "host"},
                   {"As account", "name", "and what the asker called its computer"},
                   {"Looks like", "wide", "The software whose habits the requests have. Anybody can imitate them."},
                   {"Server", "host"},
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
                   {"At servers", "host"},
                   {"Told to", "host"},
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
