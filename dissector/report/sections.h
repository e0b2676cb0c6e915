// The sections of a report as HTML: whole without a script, and escaped throughout.
#ifndef SESSENUM_REPORT_SECTIONS_H_
#define SESSENUM_REPORT_SECTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "report/data_table.h"
#include "report/html.h"
#include "report/report.h"

namespace sessenum {

// The figures at the top, results and blind spots side by side.
void AppendFigures(const Report& report, std::string& out);
// What the report cannot see, by reason, and what helps against it.
void AppendBlindSpots(const Report& report, std::string& out);
// Who asked whom, with what, how often.
void AppendPairs(const Report& report, std::string& out);
// The accounts that answers named.
void AppendAccounts(const Report& report, std::string& out);
void AppendCalls(const Report& report, std::string& out);
// What each answer claimed, session by session.
void AppendSessions(const Report& report, std::string& out);
// By rule.
void AppendFindings(const Report& report, std::string& out);
// The families of clients that were met, and what each is known by.
void AppendTools(const Report& report, std::string& out);
void AppendCaptures(const Report& report, std::string& out);

// What several sections write alike.
void AppendName(Html html, const ReportName& name);
// Names with commas between, and "and more" where there was no room.
void AppendNames(Html html, const NameSet& names);
void AppendCallLink(Html html, std::size_t call);
// A cell of its own.
void AppendDuration(DataRow& row, const std::optional<std::uint32_t>& seconds);

// What a computed "-1" looks like; no session is that old.
inline constexpr std::uint32_t kImpossibleTime = 0x80000000;

}  // namespace sessenum

#endif  // SESSENUM_REPORT_SECTIONS_H_
