// What the rules say, rule by rule.
#include <algorithm>
#include <array>
#include <map>

#include "report/data_table.h"
#include "report/sections.h"
#include "report/text_forms.h"
#include "rules/catalogue.h"

namespace sessenum {
namespace {

constexpr std::array<Verdict, 3> kGrave = {Verdict::kViolation, Verdict::kKnown, Verdict::kAdvisory};

DataRow ToRow(const ReportFinding& finding) {
  DataRow row;
  AppendCallLink(row.Cell(), finding.call);
  const std::string_view verdict = Name(finding.verdict);
  row.Cell().Markup("<span class=\"v-").Text(verdict).Markup("\">").Text(verdict).Markup("</span>");
  row.Cell(finding.party);
  row.Cell(finding.message);
  row.Cell(finding.field);
  Html frame = row.Cell();
  if (finding.frame != 0) {
    frame.Markup("<a href=\"#call-").Number(finding.call).Markup("\">frame ").Number(finding.frame).Markup("</a>");
  }
  row.Cell().Number(finding.where.offset).Markup("+").Number(finding.where.length);
  row.filters = finding.verdict == Verdict::kViolation ? 1U : finding.verdict == Verdict::kKnown ? 2U : 4U;
  row.orders = {SortableNumber(finding.frame), finding.message};
  return row;
}

void AppendRule(std::string_view id, const ReportRule& seen, const std::vector<const ReportFinding*>& findings,
                std::string& out) {
  const std::string table_id = "rule-" + std::string(id);
  Html html(out);
  html.Markup("<details class=\"rule\" id=\"").Text(table_id).Markup("\"><summary><code>").Text(id).Markup("</code> ");
  const Rule* rule = FindRule(id);
  if (rule != nullptr) html.Markup("<span class=\"title\">").Text(rule->title).Markup("</span> ");
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < seen.verdicts.size(); ++i) {
    if (seen.verdicts[i] == 0) continue;
    all += seen.verdicts[i];
    html.Markup("<span class=\"v-").Text(kVerdictNames[i]).Markup("\">").Text(GroupedDigits(seen.verdicts[i]));
    html.Markup(" ").Text(kVerdictNames[i]).Markup("</span> ");
  }
  html.Markup("</summary>\n");
  if (rule != nullptr) {
    html.Markup("<p class=\"note\">").Text(rule->checks).Markup(" <cite>").Text(rule->section).Markup("</cite></p>\n");
  }
  const std::string id_of_table = table_id + "-table";
  const std::string caption = "Findings of rule " + std::string(id);
  DataTable table;
  table.id = id_of_table;
  table.caption = caption;
  table.noun = "finding";
  table.natural_order = "call";
  table.columns = {{"Call", "n"},
                   {"Verdict"},
                   {"Party"},
                   {"What was seen", "message"},
                   {"Field", "field"},
                   {"Frame", "frames"},
                   {"Stub bytes", "frames", "offset and length in the stub"}};
  table.orders = {"frame", "text"};
  table.all = all;
  for (const ReportFinding* finding : findings) table.rows.push_back(ToRow(*finding));
  AppendTable(table, out);
  html.Markup("</details>\n");
}

// The worst first: by violations, then by known deviations, then by advisories.
bool IsGraver(const ReportRule& a, const ReportRule& b) {
  for (const Verdict verdict : kGrave) {
    const auto i = static_cast<std::size_t>(verdict);
    if (a.verdicts[i] != b.verdicts[i]) return a.verdicts[i] > b.verdicts[i];
  }
  return false;
}

}  // namespace

void AppendFindings(const Report& report, std::string& out) {
  std::map<std::string_view, std::vector<const ReportFinding*>> by_rule;
  for (const ReportFinding& finding : report.findings) by_rule[finding.rule].push_back(&finding);
  std::vector<std::string_view> order;
  order.reserve(report.rules.size());
  for (const auto& [id, seen] : report.rules) order.push_back(id);
  std::ranges::stable_sort(
      order, [&](std::string_view a, std::string_view b) { return IsGraver(report.rules.at(a), report.rules.at(b)); });
  if (order.empty()) Html(out).Markup("<p class=\"none\">No rule had anything to say.</p>\n");
  for (const std::string_view id : order) AppendRule(id, report.rules.at(id), by_rule[id], out);
}

}  // namespace sessenum
