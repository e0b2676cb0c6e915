// Property: whatever packets come, the sections of their report are sound markup of its own kind, in which names from
// the wire are text; every link leads to something; what the script reads parses and holds what the tables hold; what
// is shown keeps to the limits, what is counted does not; and the same packets give the same report again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "fuzz/harmless_text.h"
#include "fuzz/json.h"
#include "fuzz/markup.h"
#include "fuzz/packet_input.h"
#include "fuzz/require.h"
#include "replay/dissector.h"
#include "report/data_island.h"
#include "report/page.h"
#include "report/page_template.h"
#include "report/report.h"
#include "report/sections.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Json;
using fuzz::Require;

struct Told {
  std::uint64_t calls = 0;
  std::uint64_t sessions = 0;
  std::uint64_t findings = 0;
};

ReportLimits LimitsFor(const fuzz::PacketOptions& asked) {
  if (!asked.has_little_room) return {};
  return {.calls = 3, .sessions = 4, .findings = 5, .parties = 2, .listed = 2};
}

// With the last bit the capture ends in an error that has the name, which is any bytes, in it.
Report ReportOf(Bytes input, Told& told) {
  const fuzz::PacketOptions asked = fuzz::OptionsOf(input);
  ReportBuilder builder(LimitsFor(asked));
  Dissector dissector(fuzz::DissectorOptionsFor(asked), [&](const Call& call) {
    builder.Add(call);
    ++told.calls;
    told.findings += call.findings.size();
    if (call.response && call.response->decoded) told.sessions += call.response->message.info.container.sessions.size();
  });
  fuzz::ForEachPacket(input, [&](const Packet& packet) { dissector.OnPacket(packet); });
  dissector.Finish();
  constexpr std::size_t kNameSize = 40;
  const Bytes start = input.first(std::min(input.size(), kNameSize));
  const std::string name(start.begin(), start.end());
  builder.EndCapture(name, dissector.summary(), asked.last_bit ? "cut at " + name : std::string());
  return builder.report();
}

std::string SectionsOf(const Report& report) {
  std::string out;
  for (const auto append : {AppendTools, AppendFigures, AppendBlindSpots, AppendPairs, AppendAccounts, AppendCalls,
                            AppendSessions, AppendFindings, AppendCaptures}) {
    append(report, out);
  }
  return out;
}

void RequireWithin(const Report& report, const ReportLimits& limits, const Told& told) {
  Require(report.all_calls == told.calls && report.calls.size() == std::min<std::size_t>(told.calls, limits.calls),
          "every call is counted, and shown where there is room");
  Require(report.all_sessions == told.sessions &&
              report.sessions.size() == std::min<std::size_t>(told.sessions, limits.sessions),
          "every session is counted, and shown where there is room");
  Require(report.all_findings == told.findings &&
              report.findings.size() == std::min<std::size_t>(told.findings, limits.findings),
          "every finding is counted, and shown where there is room");
  Require(report.pairs.size() <= limits.parties && report.accounts.size() <= limits.parties, "parties have a limit");
  std::uint64_t calls = 0;
  for (const auto& [key, pair] : report.pairs) {
    calls += pair.calls;
    Require(pair.users.names().size() <= limits.listed, "a cell names so many and no more");
  }
  Require(calls == told.calls || report.parties_cut,
          "a call is some pair's, or the report says that not all are named");
}

// The template is long: it is searched once.
const std::set<std::string, std::less<>>& IdsOfTemplate() {
  static const auto ids = [] {
    constexpr std::string_view kStart = " id=\"";
    std::set<std::string, std::less<>> found;
    std::string_view rest = PageTemplate();
    for (std::size_t at = rest.find(kStart); at != std::string_view::npos; at = rest.find(kStart)) {
      rest.remove_prefix(at + kStart.size());
      found.emplace(rest.substr(0, rest.find('"')));
    }
    return found;
  }();
  return ids;
}

void RequireLinked(const fuzz::Markup& markup, const Report& report) {
  const std::set<std::string_view> ids(markup.ids.begin(), markup.ids.end());
  Require(ids.size() == markup.ids.size(), "an id stands once");
  for (const std::string& link : markup.links) {
    const bool is_of_call_not_shown = report.calls.size() < report.all_calls && link.starts_with("call-");
    Require(ids.contains(link) || IdsOfTemplate().contains(link) || is_of_call_not_shown, "a link leads to something");
  }
}

std::size_t RowsOf(const Json& data, std::string_view name) {
  const Json* table = data.Find(name);
  const Json* columns = table != nullptr ? table->Find("columns") : nullptr;
  const Json* rows = table != nullptr ? table->Find("rows") : nullptr;
  Require(columns != nullptr && rows != nullptr && rows->kind == Json::Kind::kArray, "the data has its tables");
  for (const Json& row : rows->items) Require(row.items.size() == columns->items.size(), "a row has every column");
  return rows->items.size();
}

void RequireData(const Report& report) {
  std::string text;
  AppendData(report, text);
  Require(text.find_first_of("<>&") == std::string::npos, "no text ends the element of the data");
  const auto data = fuzz::ParseJson(text);
  Require(data && data->kind == Json::Kind::kObject, "the data is a JSON object in UTF-8");
  Require(RowsOf(*data, "calls") == report.calls.size() && RowsOf(*data, "sessions") == report.sessions.size() &&
              RowsOf(*data, "pairs") == report.pairs.size(),
          "the data holds what the tables hold");
}

// A page is long, and all but its sections the same each time: now and then.
void RequireWholePage(const Report& report, std::string_view title, std::string_view sections) {
  std::string page;
  AppendPage(report, {title, "fuzz"}, page);
  Require(page.find("<!--sessenum:") == std::string::npos, "every part is put in");
  Require(page.size() >= PageTemplate().size() / 2 + sections.size(), "the sections are in the page");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  Told told;
  const Report report = ReportOf(input, told);
  RequireWithin(report, LimitsFor(fuzz::OptionsOf(input)), told);
  const std::string sections = SectionsOf(report);
  fuzz::RequireHarmless(sections);
  const fuzz::Markup markup = fuzz::ReadMarkup(sections);
  if (!markup.problem.empty()) std::fprintf(stderr, "%s\n", markup.problem.c_str());
  Require(markup.problem.empty(), "names from the wire are no markup");
  RequireLinked(markup, report);
  RequireData(report);
  constexpr std::size_t kOneIn = 64;
  if (size % kOneIn == 0) RequireWholePage(report, std::string(input.begin(), input.end()), sections);
  Told again;
  Require(SectionsOf(ReportOf(input, again)) == sections, "the same packets give the same report");
  return 0;
}
