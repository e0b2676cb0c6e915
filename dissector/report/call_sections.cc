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

void AppendFrames(Html html, const std::vector<std::uint64_t>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) html.Markup(i == 0 ? "" : ", ").Number(frames[i]);
  if (frames.empty()) html.Markup("<i class=\"nil\">none</i>");
}

void AppendAnswer(Html html, const ReportCall& call) {
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

void AppendAskedFor(Html html, const ReportCall& call) {
  bool any = call.level.has_value();
  if (call.level) html.Markup("level ").Number(*call.level);
  const auto qualifier = [&html, &any](std::string_view label, const ReportName& name) {
    if (name.text.empty()) return;
    html.Markup(any ? ", " : "").Text(label).Markup("<bdi>").Text(name.text).Markup("</bdi>");
    any = true;
  };
  qualifier("computer ", call.client_name);
  qualifier("user ", call.user_name);
}

void AppendVerdicts(Html html, const ReportCall& call) {
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
  row.Cell().Number(call.number);
  row.Cell(MomentText(call.time_ns));
  row.Cell(call.asker);
  Html account = row.Cell();
  if (call.user.empty()) {
    account.Markup("<i class=\"nil\">not seen</i>");
  } else {
    account.Markup("<bdi>").Text(call.user).Markup("</bdi>");
  }
  row.Cell(call.server);
  AppendAskedFor(row.Cell(), call);
  AppendAnswer(row.Cell(), call);
  row.Cell(GroupedDigits(call.sessions));
  Html frames = row.Cell();
  AppendFrames(frames, call.request_frames);
  frames.Markup(" &#8594; ");
  AppendFrames(frames, call.answer_frames);
  AppendVerdicts(row.Cell(), call);
  Html carrier = row.Cell().Text(Name(call.transport));
  if (call.encryption != Encryption::kNone) carrier.Markup(", ").Text(Name(call.encryption)).Markup(" encryption");
  row.Cell(call.capture < report.captures.size() ? report.captures[call.capture].name : std::string());
  row.filters = (call.sessions != 0 ? 1U : 0U) | (call.refused() ? 2U : 0U) |
                (call.verdicts[static_cast<std::size_t>(Verdict::kViolation)] != 0 ? 4U : 0U) |
                (call.undecoded ? 8U : 0U);
  row.orders = {SortableTime(call.time_ns), call.asker, call.server, SortableNumber(call.sessions)};
  return row;
}

// Where an age stands on a logarithmic scale that ends with now at the right, in percent; 30 days and more at the left.
unsigned BarPosition(std::uint32_t age) {
  constexpr double kWidth = 99;  // the newest are seen, too
  constexpr double kMonth = 30.0 * 24 * kHour;
  const double left = std::log10(1.0 + age) / std::log10(1.0 + kMonth);
  return left >= 1 ? 0 : static_cast<unsigned>(kWidth - kWidth * left);
}

// The style sheet draws it: "s38 i47" begins at 38 % of the cell, and is idle from 47 % on.
std::string BarClasses(const ReportSession& session) {
  if (!session.time) return {};
  const unsigned start = BarPosition(*session.time);
  const unsigned idle = std::max(start, BarPosition(session.idle_time.value_or(0)));
  return "s" + std::to_string(start) + " i" + std::to_string(idle);
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
  AppendCallLink(row.Cell(), session.call);
  row.Cell(MomentText(session.time_ns));
  row.Cell(call.asker);
  row.Cell(call.server);
  AppendName(row.Cell(), session.username);
  AppendName(row.Cell(), session.cname);
  row.Cell(StartText(session));
  AppendDuration(row, session.time);
  AppendDuration(row, session.idle_time);
  row.cells.push_back({.markup = "", .classes = BarClasses(session)});
  Html opens = row.Cell();
  if (session.num_opens) opens.Number(*session.num_opens);
  Html client_type = row.Cell();
  if (!session.cltype_name.text.empty()) AppendName(client_type, session.cltype_name);
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
                   {"Asker", "host"},
                   {"Account", "name"},
                   {"Server", "host"},
                   {"Asked for", "wide"},
                   {"Answer", "answer"},
                   {"Sessions", "n"},
                   {"Frames", "frames", "request \u2192 answer"},
                   {"Findings", "findings"},
                   {"Carried by", "by"},
                   {"Capture", "file"}};
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
                   {"Told to", "host"},
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
