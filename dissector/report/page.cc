#include "report/page.h"

#include <array>

#include "base/terminal.h"
#include "report/data_island.h"
#include "report/page_template.h"
#include "report/sections.h"
#include "report/text_forms.h"

namespace sessenum {
namespace {

constexpr std::string_view kMarkBegin = "<!--sessenum:";
constexpr std::string_view kMarkEnd = "-->";

void AppendSpan(const Report& report, const PageOptions& options, std::string& out) {
  Html html(out);
  html.Text(Counted(report.summary.captures, "capture")).Markup(", ").Text(Counted(report.summary.packets, "packet"));
  html.Markup(", ").Text(Counted(report.summary.flows, "TCP connection")).Markup(". ");
  if (report.seen.any) {
    html.Markup("Calls from <time>").Text(MomentText(report.seen.first_ns)).Markup("</time> to <time>");
    html.Text(MomentText(report.seen.last_ns)).Markup("</time> UTC. ");
  }
  html.Markup("Written by ").Text(options.generator).Markup(".");
}

void AppendTitle(const PageOptions& options, std::string& out) {
  Html(out).Text(options.title.empty() ? std::string("NetrSessionEnum report") : Printable(options.title));
}

using AppendPart = void (*)(const Report& report, std::string& out);
struct Part {
  std::string_view name;
  AppendPart append;
};
constexpr std::array<Part, 10> kParts = {{{"tools", AppendTools},
                                          {"figures", AppendFigures},
                                          {"blind", AppendBlindSpots},
                                          {"pairs", AppendPairs},
                                          {"accounts", AppendAccounts},
                                          {"calls", AppendCalls},
                                          {"sessions", AppendSessions},
                                          {"findings", AppendFindings},
                                          {"captures", AppendCaptures},
                                          {"data", AppendData}}};

void AppendNamed(std::string_view name, const Report& report, const PageOptions& options, std::string& out) {
  if (name == "title") AppendTitle(options, out);
  if (name == "span") AppendSpan(report, options, out);
  for (const Part& part : kParts) {
    if (part.name == name) part.append(report, out);
  }
}

}  // namespace

void AppendPage(const Report& report, const PageOptions& options, std::string& out) {
  std::string_view rest = PageTemplate();
  while (true) {
    const std::size_t mark = rest.find(kMarkBegin);
    out.append(rest.substr(0, mark));
    if (mark == std::string_view::npos) return;
    rest.remove_prefix(mark + kMarkBegin.size());
    const std::size_t end = rest.find(kMarkEnd);
    AppendNamed(rest.substr(0, end), report, options, out);
    rest.remove_prefix(end + kMarkEnd.size());
  }
}

}  // namespace sessenum
