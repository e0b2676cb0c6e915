// What a run amounts to for somebody who has to look into it: calls, the sessions that they disclosed, who asked whom,
// which accounts were exposed. Values of their own: no call has to be kept.
#ifndef SESSENUM_REPORT_REPORT_H_
#define SESSENUM_REPORT_REPORT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/extent.h"
#include "base/undecoded.h"
#include "replay/call.h"
#include "replay/summary.h"
#include "rules/fingerprint.h"
#include "rules/verdict.h"

namespace sessenum {

// How much of a run a page shows. What is above is counted, and the page says so; aggregates count everything as long
// as there is room for a new party. A capture of a day can hold a million sessions, and a browser cannot.
struct ReportLimits {
  std::size_t calls = 10'000;
  std::size_t sessions = 20'000;
  std::size_t findings = 10'000;
  // Pairs of asker and server, accounts and computers named, each. A server can make up a new name for each session.
  std::size_t parties = 10'000;
  // Names and numbers listed in one cell.
  std::size_t listed = 12;
};

// A string of a session or request. A server may leave it out (its level has none), or send a NULL pointer.
struct ReportName {
  enum class State : std::uint8_t { kNotTold, kNull, kText };
  State state = State::kNotTold;
  std::string text;  // printable UTF-8

  friend auto operator<=>(const ReportName&, const ReportName&) = default;
};

struct ReportCall {
  std::size_t number = 0;  // from 1, over the whole run
  std::size_t capture = 0;
  std::int64_t time_ns = 0;
  std::string asker;        // address
  std::string server;       // address
  std::string user;         // printable; empty: not seen
  std::string workstation;  // printable; empty: not seen
  Transport transport = Transport::kTcp;
  Encryption encryption = Encryption::kNone;
  std::optional<std::uint32_t> level;
  ReportName client_name;  // that the request asked for
  ReportName user_name;
  std::optional<std::uint32_t> status;
  std::optional<std::uint32_t> fault;
  std::optional<std::uint32_t> total_entries;
  std::size_t sessions = 0;  // that the answer disclosed
  std::optional<Undecoded> undecoded;
  const ClientFamily* tool = nullptr;
  std::vector<std::uint64_t> request_frames;  // at most ReportLimits::listed of them
  std::vector<std::uint64_t> answer_frames;
  std::array<std::uint32_t, kVerdictNames.size()> verdicts{};  // of its findings
  std::vector<std::string_view> marks;                         // PatternMark::word of each pattern that it completed

  // Refused for want of a right: by ERROR_ACCESS_DENIED, as an answer or as a fault, as in rule D3.
  [[nodiscard]] bool refused() const;
};

// One session as one answer tells of it: what a server said at one time, not what was so.
struct ReportSession {
  std::size_t call = 0;      // ReportCall::number
  std::int64_t time_ns = 0;  // of the answer
  ReportName cname;
  ReportName username;
  ReportName cltype_name;
  ReportName transport;
  std::optional<std::uint32_t> num_opens;
  std::optional<std::uint32_t> time;       // seconds
  std::optional<std::uint32_t> idle_time;  // seconds
  std::optional<std::uint32_t> user_flags;
};

struct ReportFinding {
  std::size_t call = 0;
  std::string_view rule;
  Verdict verdict = Verdict::kAdvisory;
  std::string_view party;
  std::string field;
  std::uint64_t frame = 0;  // 0: not known
  Extent where;             // in the stub
  std::string message;      // printable
};

// Names seen together with something, up to a number; `all` counts on.
class NameSet {
 public:
  void Add(const std::string& name, std::size_t most);
  [[nodiscard]] const std::set<std::string>& names() const { return names_; }
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  std::set<std::string> names_;
  bool is_cut_ = false;
};

struct TimeSpan {
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  bool any = false;

  void Add(std::int64_t time_ns);
};

// Everything that one asker wanted of one server.
struct ReportPair {
  std::string asker;
  std::string server;
  NameSet users;
  NameSet workstations;
  NameSet tools;  // families by their short names
  NameSet marks;  // the rules about patterns that one of these calls met
  std::uint64_t calls = 0;
  std::uint64_t refused = 0;
  std::uint64_t blind = 0;     // not decodable, or only in part
  std::uint64_t sessions = 0;  // disclosed, over all calls
  TimeSpan seen;
};

// An account that some answer named.
struct ReportAccount {
  ReportName name;
  NameSet workstations;
  NameSet servers;
  NameSet told_to;
  std::uint64_t claims = 0;
  TimeSpan seen;
  std::optional<std::uint32_t> least_idle;  // seconds
};

// What is to be said of one rule over the whole run.
struct ReportRule {
  std::array<std::uint64_t, kVerdictNames.size()> verdicts{};
};

struct ReportCapture {
  std::string name;  // printable
  Summary summary;
  std::string error;  // printable; empty: read to its end
};

struct Report {
  std::vector<ReportCapture> captures;
  Summary summary;
  std::vector<ReportCall> calls;
  std::vector<ReportSession> sessions;
  std::vector<ReportFinding> findings;
  std::map<std::string_view, ReportRule> rules;
  std::map<std::pair<std::string, std::string>, ReportPair> pairs;
  std::map<ReportName, ReportAccount> accounts;
  std::map<std::string, NameSet> askers;  // with the rules about patterns that any of their calls met
  std::set<std::string> servers;
  TimeSpan seen;
  // What there was, shown or not.
  std::uint64_t all_calls = 0;
  std::uint64_t all_sessions = 0;
  std::uint64_t all_findings = 0;
  std::uint64_t refused_calls = 0;
  std::uint64_t blind_calls = 0;
  bool parties_cut = false;
};

// What a rule about patterns means of an asker, in a word or two: "sweep".
struct PatternMark {
  std::string_view rule;
  std::string_view word;
  bool is_of_asker = false;  // else of the pair
};
[[nodiscard]] std::vector<PatternMark> MarksOf(const Report& report, const ReportPair& pair);

// "impacket", of "impacket (BloodHound.py, netview.py, smbclient.py)"
[[nodiscard]] std::string_view ShortName(const ClientFamily& family);

// Gathers a run into a report.
class ReportBuilder {
 public:
  explicit ReportBuilder(const ReportLimits& limits = {}) : limits_(limits) {}

  // A call of the capture that is ended next by EndCapture.
  void Add(const Call& call);
  // `name` and `error` may hold any bytes; an empty `error` says that the capture was read to its end.
  void EndCapture(std::string_view name, const Summary& summary, std::string_view error);
  [[nodiscard]] const Report& report() const { return report_; }

 private:
  void AddSessions(const Call& call, const ReportCall& shown);
  void AddFindings(const Call& call, const ReportCall& shown);
  void AddToPair(const ReportCall& shown, const Call& call);
  void AddToAccount(const ReportSession& session, const ReportCall& shown);

  ReportLimits limits_;
  Report report_;
};

}  // namespace sessenum

#endif  // SESSENUM_REPORT_REPORT_H_
