// Each call, and each session that an answer told of.
#include <algorithm>
#include <cmath>

#include "report/data_table.h"
#include "report/sections.h"
#include "report/text_forms.h"
#include "rpc/fault_status.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kHour = 3600;
// What a computed "-1" looks like; no session is that old.
constexpr std::uint32_t kImpossibleTime = 0x80000000;

void AppendFrames(Html& html, const std::vector<std::uint64_t>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) html.Markup(i == 0 ? "" : ", ").Number(frames[i]);
  if (frames.empty()) html.Markup("<i class=\"nil\">none</i>");
}

void AppendAnswer(Html& html, const ReportCall& call) {
  if (call.fault) {
    const std::string_view name = FaultStatusName(*call.fault);
    html.Markup("<span class=\"refused\">fault ").Text(name.empty() ? std::to_string(*call.fault) : name);
    html.Markup("</span>");
  } else if (call.status) {
    html.Markup(call.refused() ? "<span class=\"refused\">" : "<span>");
    html.Text(NetApiStatusText(*call.status)).Markup("</span>");
  } else if (!call.undecoded) {
    html.Markup("<i class=\"nil\">no answer seen</i>");
  }
  if (call.undecoded) html.Markup(" <span class=\"blindmark\">").Text(Name(*call.undecoded)).Markup("</span>");
}

void AppendAskedFor(Html& html, const ReportCall& call) {
  html.Markup("<td class=\"wide\">");
  if (call.level) html.Markup("level ").Number(*call.level);
  const auto qualifier = [&html](std::string_view label, const ReportName& name) {
    if (!name.text.empty()) html.Text(label).Markup("<bdi>").Text(name.text).Markup("</bdi>");
  };
  qualifier(", computer ", call.client_name);
  qualifier(", user ", call.user_name);
  html.Markup("</td>");
}

void AppendVerdicts(Html& html, const ReportCall& call) {
  bool any = false;
  for (const Verdict verdict : {Verdict::kViolation, Verdict::kKnown, Verdict::kAdvisory}) {
    const std::uint32_t count = call.verdicts[static_cast<std::size_t>(verdict)];
    if (count == 0) continue;
    html.Markup(any ? " " : "").Markup("<span class=\"v-").Text(Name(verdict)).Markup("\">").Number(count);
    html.Markup(" ").Text(Name(verdict)).Markup("</span>");
    any = true;
  }
}

DataRow ToRow(const Report& report, const ReportCall& call) {
  DataRow row;
  row.id = "call-" + std::to_string(call.number);
  Html html(row.cells);
  html.Markup("<td class=\"n\">").Number(call.number).Markup("</td>").Cell(MomentText(call.time_ns), "time");
  html.Cell(call.asker, "host");
  html.OpenCell("name");
  if (call.user.empty()) {
    html.Markup("<i class=\"nil\">not seen</i>");
  } else {
    html.Markup("<bdi>").Text(call.user).Markup("</bdi>");
  }
  html.Markup("</td>").Cell(call.server, "host");
  AppendAskedFor(html, call);
  html.OpenCell("answer");
  AppendAnswer(html, call);
  html.Markup("</td>").OpenCell("n").Text(GroupedDigits(call.sessions)).Markup("</td>");
  html.OpenCell("frames");
  AppendFrames(html, call.request_frames);
  html.Markup(" &#8594; ");
  AppendFrames(html, call.answer_frames);
  html.Markup("</td>").OpenCell("findings");
  AppendVerdicts(html, call);
  html.Markup("</td>").OpenCell("by").Text(Name(call.transport));
  if (call.encryption != Encryption::kNone) html.Markup(", ").Text(Name(call.encryption)).Markup(" encryption");
  html.Markup("</td>");
  html.Cell(call.capture < report.captures.size() ? report.captures[call.capture].name : std::string(), "file");
  row.filters = (call.sessions != 0 ? 1U : 0U) | (call.refused() ? 2U : 0U) |
                (call.verdicts[static_cast<std::size_t>(Verdict::kViolation)] != 0 ? 4U : 0U) |
                (call.undecoded ? 8U : 0U);
  row.orders = {SortableTime(call.time_ns), call.asker, call.server, SortableNumber(call.sessions)};
  return row;
}

void AppendDuration(Html& html, const std::optional<std::uint32_t>& seconds) {
  if (!seconds) {
    html.Markup(R"(<td class="n"><i class="nil">not told</i></td>)");
    return;
  }
  html.Markup(R"(<td class="n" data-v=")").Number(*seconds).Markup("\">");
  html.Text(*seconds >= kImpossibleTime ? std::to_string(*seconds) + " s" : DurationText(*seconds));
  html.Markup("</td>");
}

constexpr unsigned kBarWidth = 200;

// Where an age stands on a logarithmic scale that ends with now at the right; 30 days and more at the left.
unsigned BarPosition(std::uint32_t age) {
  constexpr double kWidth = kBarWidth - 2;  // the newest are seen, too
  constexpr double kMonth = 30.0 * 24 * kHour;
  const double left = std::log10(1.0 + age) / std::log10(1.0 + kMonth);
  return left >= 1 ? 0 : static_cast<unsigned>(kWidth - kWidth * left);
}

void AppendBar(Html& html, const ReportSession& session) {
  html.Markup("<td class=\"barcell\">");
  if (session.time) {
    const unsigned start = BarPosition(*session.time);
    const std::uint32_t idle_for = session.idle_time ? *session.idle_time : 0;
    const unsigned idle = std::max(start, BarPosition(idle_for));
    html.Markup(R"(<svg class="bar" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">)");
    html.Markup(R"(<rect class="on" x=")").Number(start).Markup(R"(" y="1" height="8" width=")");
    html.Number(idle - start)
        .Markup(R"("/><rect class="idle" x=")")
        .Number(idle)
        .Markup(R"(" y="1" height="8" width=")");
    html.Number(kBarWidth - idle).Markup("\"/></svg>");
  }
  html.Markup("</td>");
}

void AppendNameCell(Html& html, const ReportName& name) {
  html.OpenCell("name");
  AppendName(html, name);
  html.Markup("</td>");
}

std::string StartText(const ReportSession& session) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  if (!session.time || *session.time >= kImpossibleTime) return {};
  const std::int64_t age_ns = std::int64_t{*session.time} * kNanoseconds;
  if (session.time_ns < INT64_MIN + age_ns) return {};  // a capture holds any time whatever
  return SecondText(session.time_ns - age_ns);
}

// `server`: who claims it.
DataRow ToRow(const ReportSession& session, const ReportCall& call) {
  DataRow row;
  Html html(row.cells);
  html.OpenCell("n");
  AppendCallLink(html, session.call);
  html.Markup("</td>").Cell(MomentText(session.time_ns), "time").Cell(call.asker, "host").Cell(call.server, "host");
  AppendNameCell(html, session.username);
  AppendNameCell(html, session.cname);
  html.Cell(StartText(session), "time");
  AppendDuration(html, session.time);
  AppendDuration(html, session.idle_time);
  AppendBar(html, session);
  html.OpenCell("n");
  if (session.num_opens) html.Number(*session.num_opens);
  html.Markup("</td>").OpenCell("wide");
  if (!session.cltype_name.text.empty()) AppendName(html, session.cltype_name);
  html.Markup("</td>");
  const std::uint32_t age = session.time.value_or(0);
  const std::uint32_t idle = session.idle_time.value_or(0);
  constexpr std::uint32_t kShortly = 300;
  row.filters = (session.idle_time && idle < kShortly ? 1U : 0U) | (session.idle_time && idle >= kHour ? 2U : 0U) |
                (session.username.text.empty() ? 4U : 0U) | (age >= kImpossibleTime ? 8U : 0U);
  row.orders = {session.username.text, session.cname.text, SortableNumber(age), SortableNumber(idle)};
  return row;
}

}  // namespace

void AppendCalls(const Report& report, std::string& out) {
  DataTable table;
  table.id = "calls-table";
  table.caption = "Every call, with the frames to look at in Wireshark";
  table.noun = "call";
  table.natural_order = "number";
  table.columns = {{"#", "n"},
                   {"Time (UTC)", "time"},
                   {"Asker"},
                   {"Account", "name"},
                   {"Server"},
                   {"Asked for", "wide"},
                   {"Answer"},
                   {"Sessions", "n"},
                   {"Frames", "frames", "request \u2192 answer"},
                   {"Findings"},
                   {"Carried by"},
                   {"Capture"}};
  table.filters = {"told sessions", "refused", "violations", "not decoded"};
  table.orders = {"time", "asker", "server", "sessions"};
  table.all = report.all_calls;
  for (const ReportCall& call : report.calls) table.rows.push_back(ToRow(report, call));
  AppendTable(table, out);
}

void AppendSessions(const Report& report, std::string& out) {
  DataTable table;
  table.id = "sessions-table";
  table.caption = "Every session that an answer told of";
  table.noun = "session";
  table.natural_order = "call";
  table.columns = {{"Call", "n"},
                   {"Told at (UTC)", "time"},
                   {"Told to"},
                   {"Server", "host", "Who claims it"},
                   {"Account", "name"},
                   {"From", "name", "cname: the computer that the session comes from"},
                   {"Since (UTC)", "time", "Time of the answer less the session's time"},
                   {"Age", "n"},
                   {"Idle", "n"},
                   {"30 d to now", "barcell", "Age on a logarithmic scale; the pale part is idle"},
                   {"Opens", "n", "Files, devices and pipes held open"},
                   {"Client type", "wide"}};
  table.filters = {"idle under 5 min", "idle 1 h and more", "no account named", "impossible age"};
  table.orders = {"account", "computer", "age", "idle"};
  table.all = report.all_sessions;
  const ReportCall unknown;
  for (const ReportSession& session : report.sessions) {
    const bool is_shown = session.call <= report.calls.size();
    table.rows.push_back(ToRow(session, is_shown ? report.calls[session.call - 1] : unknown));
  }
  AppendTable(table, out);
}

}  // namespace sessenum
