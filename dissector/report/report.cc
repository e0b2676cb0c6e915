#include "report/report.h"

#include <algorithm>
#include <utility>

#include "base/terminal.h"
#include "output/account.h"
#include "output/address.h"
#include "rules/catalogue.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

ReportName ToName(const NdrString& string) {
  if (!string.decoded()) return {};
  if (string.null()) return {ReportName::State::kNull, {}};
  return {ReportName::State::kText, Printable(ToUtf8(string.text()))};
}

std::optional<std::uint32_t> ToNumber(const NdrU32& number) {
  return number.decoded() ? std::optional(number.value) : std::nullopt;
}

std::string PrintableOr(const std::optional<std::string>& text) { return text ? Printable(*text) : std::string(); }

std::vector<std::uint64_t> Numbers(const std::vector<Frame>& frames, std::size_t most) {
  std::vector<std::uint64_t> numbers;
  for (const Frame& frame : frames) {
    if (numbers.size() == most) break;
    numbers.push_back(frame.number);
  }
  return numbers;
}

// Whether `rule` is about all calls of a client together.
bool IsPattern(std::string_view rule) {
  const Rule* found = FindRule(rule);
  return found != nullptr && found->scope == Scope::kCapture;
}

constexpr std::array<PatternMark, 3> kMarks = {{
    {"D1", "sweep", true},
    {"D2", "watch", false},
    {"D3", "refused by many", true},
}};

// Whether a pattern is complete with the call that `finding` is of.
bool CompletesPattern(const Finding& finding) {
  return finding.verdict == Verdict::kAdvisory && IsPattern(finding.rule);
}

// The words of the patterns that are complete with this call.
std::vector<std::string_view> CompletedBy(const Call& call) {
  std::vector<std::string_view> words;
  for (const PatternMark& mark : kMarks) {
    const auto completes = [&mark](const Finding& finding) {
      return finding.rule == mark.rule && CompletesPattern(finding);
    };
    if (std::any_of(call.findings.begin(), call.findings.end(), completes)) words.push_back(mark.word);
  }
  return words;
}

// What is shown of a call apart from what it disclosed.
ReportCall ToShown(const Call& call, std::size_t most_frames) {
  ReportCall shown;
  shown.time_ns = call.first_frame().time_ns;
  shown.asker = ToText(call.carrier->client.address);
  shown.server = ToText(call.carrier->server.address);
  shown.user = PrintableOr(AccountName(call.carrier->identity));
  shown.workstation = PrintableOr(call.carrier->identity.workstation);
  shown.transport = call.carrier->transport;
  shown.encryption = call.encryption;
  shown.undecoded = call.undecoded;
  if (call.request) shown.request_frames = Numbers(call.request->frames, most_frames);
  if (call.request && call.request->decoded) {
    const SessionEnumRequest& request = call.request->message;
    shown.level = ToNumber(request.info.level);
    shown.client_name = ToName(request.client_name);
    shown.user_name = ToName(request.user_name);
    shown.tool = FamilyOf(request, call.offer);
  }
  if (call.response) shown.answer_frames = Numbers(call.response->frames, most_frames);
  if (call.response && call.response->decoded) {
    const SessionEnumResponse& response = call.response->message;
    shown.status = ToNumber(response.status);
    shown.total_entries = ToNumber(response.total_entries);
    shown.sessions = response.info.container.sessions.size();
    if (!shown.level) shown.level = ToNumber(response.info.level);
  }
  if (call.fault) {
    shown.fault = call.fault->status;
    shown.answer_frames = Numbers(call.fault->frames, most_frames);
  }
  for (const Finding& finding : call.findings) ++shown.verdicts[static_cast<std::size_t>(finding.verdict)];
  shown.marks = CompletedBy(call);
  return shown;
}

// When a server said what it said: at the first packet of its answer.
std::int64_t AnswerTime(const Call& call) {
  if (call.response && !call.response->frames.empty()) return call.response->frames.front().time_ns;
  return call.first_frame().time_ns;
}

ReportSession ToShown(const Session& session, const ReportCall& call, std::int64_t time_ns) {
  ReportSession shown;
  shown.call = call.number;
  shown.time_ns = time_ns;
  shown.cname = ToName(session.cname);
  shown.username = ToName(session.username);
  shown.cltype_name = ToName(session.cltype_name);
  shown.transport = ToName(session.transport);
  shown.num_opens = ToNumber(session.num_opens);
  shown.time = ToNumber(session.time);
  shown.idle_time = ToNumber(session.idle_time);
  shown.user_flags = ToNumber(session.user_flags);
  return shown;
}

// An entry of `map` for `key`; nullptr where there is none and no room for another.
template <typename Map>
typename Map::mapped_type* Entry(Map& map, const typename Map::key_type& key, std::size_t most) {
  const auto found = map.find(key);
  if (found != map.end()) return &found->second;
  return map.size() < most ? &map[key] : nullptr;
}

}  // namespace

bool ReportCall::refused() const { return IsAccessDenied(status, fault); }

std::vector<PatternMark> MarksOf(const Report& report, const ReportPair& pair) {
  std::vector<PatternMark> marks;
  const auto asker = report.askers.find(pair.asker);
  for (const PatternMark& mark : kMarks) {
    const bool is_of_asker = asker != report.askers.end() && asker->second.names().contains(std::string(mark.rule));
    const bool is_of_pair = pair.marks.names().contains(std::string(mark.rule));
    if (is_of_pair || (mark.is_of_asker && is_of_asker)) marks.push_back(mark);
  }
  return marks;
}

std::string_view ShortName(const ClientFamily& family) { return family.name.substr(0, family.name.find(" (")); }

void NameSet::Add(const std::string& name, std::size_t most) {
  if (name.empty() || names_.contains(name)) return;
  if (names_.size() < most) {
    names_.insert(name);
  } else {
    is_cut_ = true;
  }
}

void TimeSpan::Add(std::int64_t time_ns) {
  first_ns = any ? std::min(first_ns, time_ns) : time_ns;
  last_ns = any ? std::max(last_ns, time_ns) : time_ns;
  any = true;
}

void ReportBuilder::Add(const Call& call) {
  ReportCall shown = ToShown(call, limits_.listed);
  shown.number = ++report_.all_calls;
  shown.capture = report_.captures.size();
  report_.seen.Add(shown.time_ns);
  if (shown.refused()) ++report_.refused_calls;
  if (shown.undecoded) ++report_.blind_calls;
  AddToPair(shown, call);
  AddSessions(call, shown);
  AddFindings(call, shown);
  if (report_.calls.size() < limits_.calls) report_.calls.push_back(std::move(shown));
}

void ReportBuilder::AddSessions(const Call& call, const ReportCall& shown) {
  if (!call.response || !call.response->decoded) return;
  const std::int64_t time_ns = AnswerTime(call);
  for (const Session& session : call.response->message.info.container.sessions) {
    ReportSession told = ToShown(session, shown, time_ns);
    ++report_.all_sessions;
    AddToAccount(told, shown);
    if (report_.sessions.size() < limits_.sessions) report_.sessions.push_back(std::move(told));
  }
}

void ReportBuilder::AddFindings(const Call& call, const ReportCall& shown) {
  for (const Finding& finding : call.findings) {
    ++report_.all_findings;
    ++report_.rules[finding.rule].verdicts[static_cast<std::size_t>(finding.verdict)];
    if (report_.findings.size() >= limits_.findings) continue;
    report_.findings.push_back({shown.number, finding.rule, finding.verdict, finding.party(), FieldPath(finding),
                                finding.frame, finding.where, Printable(Message(finding))});
  }
}

void ReportBuilder::AddToPair(const ReportCall& shown, const Call& call) {
  ReportPair* pair = Entry(report_.pairs, {shown.asker, shown.server}, limits_.parties);
  report_.parties_cut = report_.parties_cut || pair == nullptr;
  if (pair == nullptr) return;
  NameSet& asker_marks = report_.askers[shown.asker];
  report_.servers.insert(shown.server);
  pair->asker = shown.asker;
  pair->server = shown.server;
  pair->users.Add(shown.user, limits_.listed);
  pair->workstations.Add(shown.workstation, limits_.listed);
  if (shown.tool != nullptr) pair->tools.Add(std::string(ShortName(*shown.tool)), limits_.listed);
  for (const Finding& finding : call.findings) {
    if (CompletesPattern(finding)) {
      pair->marks.Add(std::string(finding.rule), limits_.listed);
      asker_marks.Add(std::string(finding.rule), limits_.listed);
    }
  }
  ++pair->calls;
  if (shown.refused()) ++pair->refused;
  if (shown.undecoded) ++pair->blind;
  pair->sessions += shown.sessions;
  pair->seen.Add(shown.time_ns);
}

void ReportBuilder::AddToAccount(const ReportSession& session, const ReportCall& shown) {
  if (session.username.state != ReportName::State::kText) return;
  ReportAccount* account = Entry(report_.accounts, session.username, limits_.parties);
  report_.parties_cut = report_.parties_cut || account == nullptr;
  if (account == nullptr) return;
  account->name = session.username;
  account->workstations.Add(session.cname.text, limits_.listed);
  account->servers.Add(shown.server, limits_.listed);
  account->told_to.Add(shown.asker, limits_.listed);
  ++account->claims;
  account->seen.Add(session.time_ns);
  if (session.idle_time && (!account->least_idle || *session.idle_time < *account->least_idle)) {
    account->least_idle = session.idle_time;
  }
}

void ReportBuilder::EndCapture(std::string_view name, const Summary& summary, std::string_view error) {
  report_.captures.push_back({Printable(name), summary, Printable(error)});
  report_.summary += summary;
}

}  // namespace sessenum
