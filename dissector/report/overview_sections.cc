// What the whole run amounts to, and what it could not see.
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/undecoded.h"
#include "report/data_table.h"
#include "report/sections.h"
#include "report/text_forms.h"

namespace sessenum {
namespace {

struct BlindSpot {
  std::string_view reason;
  std::string_view means;
  std::string_view helps;
};

// In the order of Undecoded.
constexpr std::array<BlindSpot, kUndecodedNames.size()> kReasons = {{
    {"encrypted",
     "Messages inside SMB3 encryption or sealed RPC. Calls may be among them that nobody can see without a key.",
     "Give the keys of the sessions (--keys) or the passwords of NTLM users (--nt-password)."},
    {"compressed", "Messages in a compressed form that could not be unpacked.", "Capture without SMB compression."},
    {"truncated", "The capture kept only the start of packets (snaplen).", "Capture whole packets: tcpdump -s 0."},
    {"gap", "Packets are missing from the capture.", "Capture nearer to the client or server, with a larger buffer."},
    {"malformed", "All bytes are there, and they are no NetrSessionEnum message.",
     "Look at the bytes: a fault of the sender, or an attempt on the receiver."},
    {"no bind", "The connection began before the capture, and the bytes fit no transfer syntax.",
     "Start the capture before the connections."},
}};

std::uint64_t Sum(const Report& report) {
  return std::accumulate(report.summary.undecoded.begin(), report.summary.undecoded.end(), std::uint64_t{0});
}

std::uint64_t CutCaptures(const Report& report) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(report.captures, [](const ReportCapture& capture) { return !capture.error.empty(); }));
}

void AppendFigure(Html& html, std::string_view kind, std::string_view href, std::uint64_t number,
                  std::string_view label) {
  html.Markup("<li class=\"").Text(kind).Markup("\"><a href=\"").Text(href).Markup("\"><b>");
  html.Text(GroupedDigits(number)).Markup("</b> ").Text(label).Markup("</a></li>\n");
}

std::uint64_t CountOf(const Report& report, Verdict verdict) {
  return report.summary.verdicts[static_cast<std::size_t>(verdict)];
}

std::string_view Plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return count == 1 ? one : many;
}

std::uint64_t Sweepers(const Report& report) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(report.askers, [](const auto& asker) { return asker.second.names().contains("D1"); }));
}

struct BlindRow {
  std::string what;
  std::uint64_t count = 0;
  std::string_view means;
  std::string_view helps;
};

std::vector<BlindRow> BlindRows(const Report& report) {
  std::vector<BlindRow> rows;
  const auto add = [&rows](std::string what, std::uint64_t count, std::string_view means, std::string_view helps) {
    if (count != 0) rows.push_back({std::move(what), count, means, helps});
  };
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    add(std::string(kReasons[i].reason), report.summary.undecoded[i], kReasons[i].means, kReasons[i].helps);
  }
  add("unread captures", CutCaptures(report), "Captures that could not be read, or not to their end.",
      "Look at the list of captures below for the place.");
  add("unknown link type", report.summary.unknown_link, "Packets of a link layer that is not read.",
      "Capture on a wired interface.");
  add("contradicting segments", report.summary.overlap_conflicts,
      "TCP segments whose bytes differ from an earlier copy: what the receiver saw is not certain.",
      "Somebody may be evading monitors: look at the connection.");
  add("incomplete datagrams", report.summary.incomplete_datagrams, "IP datagrams with fragments missing.",
      "Capture without loss.");
  for (std::size_t i = 0; i < kCapNames.size(); ++i) {
    add("limit " + std::string(kCapNames[i]), report.summary.limits_hit[i],
        "A limit on memory was reached, and something was given up for it.", "Read fewer connections at a time.");
  }
  add("keys", report.summary.key_complaints.size(), "Keys that did not fit, or that were asked for in vain.",
      "Standard error of the run names them.");
  return rows;
}

}  // namespace

void AppendFigures(const Report& report, std::string& out) {
  Html html(out);
  const std::uint64_t violations = CountOf(report, Verdict::kViolation);
  const std::uint64_t blind = Sum(report);
  html.Markup("<ul class=\"figures\" aria-label=\"Key figures\">\n");
  AppendFigure(html, "plain", "#calls", report.all_calls, Plural(report.all_calls, "call", "calls"));
  AppendFigure(html, "plain", "#pairs", report.askers.size(), Plural(report.askers.size(), "asker", "askers"));
  AppendFigure(html, "plain", "#pairs", report.servers.size(),
               Plural(report.servers.size(), "server asked", "servers asked"));
  AppendFigure(html, report.accounts.empty() ? "plain" : "notable", "#accounts", report.accounts.size(),
               Plural(report.accounts.size(), "account named", "accounts named"));
  AppendFigure(html, "plain", "#calls", report.refused_calls,
               Plural(report.refused_calls, "call refused", "calls refused"));
  AppendFigure(html, Sweepers(report) == 0 ? "plain" : "notable", "#pairs", Sweepers(report),
               Plural(Sweepers(report), "asker swept", "askers swept"));
  AppendFigure(html, violations == 0 ? "plain" : "bad", "#findings", violations,
               Plural(violations, "violation", "violations"));
  AppendFigure(html, blind + CutCaptures(report) == 0 ? "plain" : "blind", "#blind", blind,
               Plural(blind, "message not readable", "messages not readable"));
  html.Markup("</ul>\n");
}

void AppendBlindSpots(const Report& report, std::string& out) {
  Html html(out);
  const std::vector<BlindRow> rows = BlindRows(report);
  if (rows.empty()) {
    html.Markup(
        "<p class=\"sound\">Nothing was missing, encrypted or unreadable in what was captured. What did not "
        "pass the place of capture is not here.</p>\n");
    return;
  }
  html.Markup("<p class=\"lead\">The absence of a call below proves nothing about these.");
  if (report.blind_calls != 0) {
    html.Markup(" <b>").Text(Counted(report.blind_calls, "call"));
    html.Markup("</b> of those shown could not be decoded, or only in part.");
  }
  html.Markup(
      "</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Blind spots\">"
      "<table class=\"blindspots\"><thead><tr><th scope=\"col\">Reason</th>"
      "<th scope=\"col\" class=\"n\">Count</th><th scope=\"col\">What it means</th>"
      "<th scope=\"col\">What helps</th></tr></thead><tbody>\n");
  for (const BlindRow& row : rows) {
    html.Markup("<tr><th scope=\"row\">").Text(row.what).Markup("</th>");
    html.Cell(GroupedDigits(row.count), "n").Cell(row.means).Cell(row.helps).Markup("</tr>\n");
  }
  html.Markup("</tbody></table></div>\n");
}

void AppendCaptures(const Report& report, std::string& out) {
  DataTable table;
  table.id = "captures-table";
  table.caption = "Captures that were read";
  table.noun = "capture";
  table.natural_order = "as given";
  table.columns = {{"Capture", "file"}, {"Packets", "n"},    {"Bytes", "n"},      {"Connections", "n"},
                   {"Calls", "n"},      {"Unreadable", "n"}, {"Violations", "n"}, {"Problem", "wide"}};
  table.orders = {"name", "calls", "unreadable"};
  table.filters = {"with calls", "with blind spots", "not read to the end"};
  table.all = report.captures.size();
  for (const ReportCapture& capture : report.captures) {
    const Summary& summary = capture.summary;
    const std::uint64_t blind = std::accumulate(summary.undecoded.begin(), summary.undecoded.end(), std::uint64_t{0});
    DataRow row;
    const std::uint64_t violations = summary.verdicts[static_cast<std::size_t>(Verdict::kViolation)];
    row.Cell(capture.name);
    for (const std::uint64_t count :
         {summary.packets, summary.bytes, summary.flows, summary.calls, blind, violations}) {
      row.Cell(GroupedDigits(count));
    }
    row.Cell(capture.error);
    row.filters = (summary.calls != 0 ? 1U : 0U) | (blind != 0 ? 2U : 0U) | (capture.error.empty() ? 0U : 4U);
    row.orders = {capture.name, SortableNumber(summary.calls), SortableNumber(blind)};
    table.rows.push_back(std::move(row));
  }
  AppendTable(table, out);
}

void AppendName(Html html, const ReportName& name) {
  if (name.state == ReportName::State::kNotTold) {
    html.Markup("<i class=\"nil\">not told</i>");
  } else if (name.state == ReportName::State::kNull) {
    html.Markup("<i class=\"nil\">NULL</i>");
  } else if (name.text.empty()) {
    html.Markup("<i class=\"nil\">empty</i>");
  } else {
    html.Markup("<bdi>").Text(name.text).Markup("</bdi>");
  }
}

void AppendNames(Html html, const NameSet& names) {
  if (names.names().empty()) html.Markup("<i class=\"nil\">not seen</i>");
  bool is_first = true;
  for (const std::string& name : names.names()) {
    html.Markup(is_first ? "<bdi>" : ", <bdi>").Text(name).Markup("</bdi>");
    is_first = false;
  }
  if (names.is_cut()) html.Markup(" <i class=\"nil\">and more</i>");
}

void AppendDuration(DataRow& row, const std::optional<std::uint32_t>& seconds) {
  Html html = row.Cell();
  if (!seconds) {
    html.Markup("<i class=\"nil\">not told</i>");
    return;
  }
  html.Text(*seconds >= kImpossibleTime ? std::to_string(*seconds) + " s" : DurationText(*seconds));
  row.cells.back().value = *seconds;
}

void AppendCallLink(Html html, std::size_t call) {
  html.Markup("<a href=\"#call-").Number(call).Markup("\">").Number(call).Markup("</a>");
}

}  // namespace sessenum
