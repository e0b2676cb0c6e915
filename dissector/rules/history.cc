#include "rules/history.h"

#include <algorithm>

#include "rules/measure.h"
#include "rules/names.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

// Two calls that are compared with each other lie at most this far apart.
constexpr std::int64_t kComparableNs = 10 * kNanosecondsPerSecond;
// Seconds by which an age may differ: servers round, and answer some time after the request.
constexpr std::uint32_t kAgeSlack = 2;

// FNV-1a. A collision makes two names look like one in a comparison that only ever gives an advisory.
class Digest {
 public:
  void Add(Utf16View text) {
    for (std::size_t i = 0; i < text.size(); ++i) Add(text[i]);
    Add(0xFFFF);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void Add(std::uint16_t unit) { value_ = (value_ ^ unit) * 0x100000001B3U; }

  std::uint64_t value_ = 0xCBF29CE484222325U;
};

std::uint64_t DigestOf(const Session& session) {
  Digest digest;
  digest.Add(WithoutBackslashes(session.cname.text()));
  digest.Add(session.username.text());
  return digest.value();
}

std::vector<std::uint64_t> DigestsOf(std::span<const Session> sessions) {
  std::vector<std::uint64_t> digests(sessions.size());
  std::ranges::transform(sessions, digests.begin(), DigestOf);
  return digests;
}

std::uint32_t AskedHandle(const CallFacts& call) { return HandleOf(call.request->resume_handle).value_or(0); }

// Whether the sessions are all that the server has.
bool IsWholeList(const CallFacts& call) {
  const NdrU32& entries = call.response->info.container.entries_read;
  if (!entries.decoded() || entries.value < call.response->total_entries.value) return false;
  return call.response->status.value == kNerrSuccess && AskedHandle(call) == 0 && !HasQualifier(*call.request);
}

// Samba's age of a session made at this moment.
constexpr std::uint32_t kNoAge = 0xFFFFFFFF;

std::int64_t WindowOf(const CallFacts& call) { return call.thresholds.window_seconds * kNanosecondsPerSecond; }

}  // namespace

CallHistory::CallHistory(Budget& budget)
    : budget_(budget),
      series_(budget.limits().judged_series),
      pairs_(budget.limits().judged_series),
      servers_(budget.limits().judged_series),
      clients_(budget.limits().judged_series) {}

template <typename Key, typename Value>
Value& CallHistory::Get(Memory<Key, Value>& memory, const Key& key) {
  if (Value* found = memory.Find(key)) return *found;
  static_cast<void>(MakeRoom(memory.map, budget_, Cap::kJudgedSeries));
  memory.last = &memory.map.Add(key, Value());
  return *memory.last;
}

CallHistory::SeriesKey CallHistory::KeyOf(const CallFacts& call) {
  Digest qualifiers;
  qualifiers.Add(call.request->client_name.text());
  qualifiers.Add(call.request->user_name.text());
  return {call.client, call.server, call.request->info.level.value, qualifiers.value()};
}

PastFacts CallHistory::Recall(const CallFacts& call) {
  PastFacts past;
  if (const Server* server = servers_.Find(call.server)) {
    past.server_writes_backslashes = server->writes_backslashes;
    past.server_omits_backslashes = server->omits_backslashes;
    past.server_knows_more_levels = server->knows_more_levels;
  }
  // What the call's own answer shows counts too.
  Server own;
  NoteSpelling(call, own);
  past.server_writes_backslashes = past.server_writes_backslashes || own.writes_backslashes;
  past.server_omits_backslashes = past.server_omits_backslashes || own.omits_backslashes;
  past.server_knows_more_levels = past.server_knows_more_levels || own.knows_more_levels;
  Pair& pair = Get(pairs_, {call.client, call.server});
  past.list_size = pair.list_size;
  past.missed_answer = pair.missed_answer;
  CompareLevels(call, pair, past);
  CountPatterns(call, pair, past);
  if (!IsDecoded(call.request)) return past;
  const std::span<const std::uint32_t> given(pair.handles.data(), std::min<std::size_t>(pair.handle_count, kHandles));
  past.handle_was_given = std::ranges::find(given, AskedHandle(call)) != given.end();
  past.handles_forgotten = pair.handle_count >= kHandles;
  RecallPage(call, past);
  return past;
}

void CallHistory::RecallPage(const CallFacts& call, PastFacts& past) {
  const Series* series = series_.Find(KeyOf(call));
  if (series == nullptr) return;
  PastFacts::Page& page = past.page.emplace(series->page);
  page.same_pipe = series->pipe == call.pipe;
  if (page.status != kErrorMoreData) return;
  const std::span<const std::uint64_t> last(series->last.data(), series->last_count);
  const std::span<const Session> sessions = SessionsOf(call);
  for (const Session& session : sessions.first(std::min(sessions.size(), kSampled))) {
    if (std::ranges::find(last, DigestOf(session)) != last.end()) ++page.repeated;
  }
}

void CallHistory::CompareLevels(const CallFacts& call, const Pair& pair, PastFacts& past) {
  if (pair.sample_count == 0 || !Succeeded(call) || !IsRecent(pair.time_ns, call.time_ns, kComparableNs)) return;
  if (call.response->info.tag.value == pair.level) return;
  const auto elapsed =
      static_cast<std::uint32_t>(std::max<std::int64_t>(call.time_ns - pair.time_ns, 0) / kNanosecondsPerSecond);
  const std::span<const Sample> samples(pair.samples.data(), pair.sample_count);
  const std::span<const Session> all = SessionsOf(call);
  const std::span<const Session> sessions = all.first(std::min(all.size(), kSampled));
  const std::vector<std::uint64_t> digests = DigestsOf(sessions);
  for (std::uint32_t i = 0; i < sessions.size(); ++i) {
    const Session& session = sessions[i];
    const std::uint64_t who = digests[i];
    // Of several sessions of one user on one computer nobody can tell which is which.
    if (std::ranges::count(samples, who, &Sample::who) != 1 || std::ranges::count(digests, who) != 1) continue;
    const Sample& sample = *std::ranges::find(samples, who, &Sample::who);
    past.was_compared = true;
    if (past.disagreement) return;
    if (sample.has_flags && session.user_flags.decoded() && session.user_flags.value != sample.user_flags) {
      past.disagreement = {i, session.user_flags.value, sample.user_flags, session.user_flags.extent(),
                           kUserFlags.name};
    } else if (sample.has_time && session.time.decoded() && session.time.value != kNoAge) {
      const bool fits = std::uint64_t{session.time.value} + kAgeSlack >= sample.time &&
                        session.time.value <= std::uint64_t{sample.time} + elapsed + kAgeSlack;
      if (!fits) past.disagreement = {i, session.time.value, sample.time, session.time.extent(), kTime.name};
    }
  }
}

void CallHistory::CountPatterns(const CallFacts& call, Pair& pair, PastFacts& past) {
  const std::int64_t window = WindowOf(call);
  Client& client = Get(clients_, call.client);
  past.is_new_server = !pair.asked_ns || !IsRecent(*pair.asked_ns, call.time_ns, window);
  if (past.is_new_server) {
    pair.asked_ns = call.time_ns;
    past.servers_asked = client.asked.Add(call.time_ns, window);
  }
  const bool is_first_page = call.request == nullptr || AskedHandle(call) == 0;
  if (is_first_page) {
    past.calls_to_server = pair.calls.Add(call.time_ns, window);
    if (past.calls_to_server >= call.thresholds.repeats) pair.calls.Clear();
  }
  const bool is_refused = IsAccessDenied(StatusOf(call), call.fault);
  past.is_new_refusal = is_refused && (!pair.refused_ns || !IsRecent(*pair.refused_ns, call.time_ns, window));
  if (past.is_new_refusal) {
    pair.refused_ns = call.time_ns;
    past.servers_refusing = client.refusing.Add(call.time_ns, window);
  }
  if (call.family == nullptr) return;
  past.is_new_family = std::ranges::find(client.families, call.family->name) == client.families.end();
  if (past.is_new_family) client.families.push_back(call.family->name);
}

void CallHistory::Record(const CallFacts& call) {
  NoteSpelling(call, Get(servers_, call.server));
  Pair& pair = Get(pairs_, {call.client, call.server});
  NoteHandle(call, pair);
  pair.missed_answer = pair.missed_answer || (!IsDecoded(call.response) && !call.fault);
  RecordSamples(call, pair);
  if (!IsDecoded(call.request) || !IsDecoded(call.response) || !Succeeded(call)) return;
  if (IsWholeList(call)) pair.list_size = call.response->info.container.entries_read.value;
  RecordPage(call);
}

void CallHistory::NoteSpelling(const CallFacts& call, Server& server) {
  constexpr std::uint32_t kHighestOfSamba = 1;
  const bool is_filled = Succeeded(call) && !call.response->info.container_pointer.null();
  if (is_filled && call.response->info.level.value > kHighestOfSamba) server.knows_more_levels = true;
  const std::span<const Session> sessions = SessionsOf(call);
  for (const Session& session : sessions.first(std::min(sessions.size(), kSampled))) {
    if (session.cname.text().empty()) continue;
    (StartsWithTwoBackslashes(session.cname.text()) ? server.writes_backslashes : server.omits_backslashes) = true;
  }
}

void CallHistory::NoteHandle(const CallFacts& call, Pair& pair) {
  if (call.response == nullptr) return;
  const auto handle = HandleOf(call.response->resume_handle);
  if (!handle || *handle == 0) return;
  const std::span<const std::uint32_t> given(pair.handles.data(), std::min<std::size_t>(pair.handle_count, kHandles));
  if (std::ranges::find(given, *handle) != given.end()) return;
  pair.handles[pair.handle_count % kHandles] = *handle;
  // Beyond the first round only the place in the ring counts.
  pair.handle_count = pair.handle_count + 1 < 2 * kHandles ? pair.handle_count + 1 : kHandles;
}

void CallHistory::RecordSamples(const CallFacts& call, Pair& pair) {
  const std::span<const Session> sessions = SessionsOf(call);
  if (!Succeeded(call) || sessions.empty()) return;
  pair.level = call.response->info.tag.value;
  pair.time_ns = call.time_ns;
  pair.sample_count = 0;
  for (const Session& session : sessions.first(std::min(sessions.size(), kSampled))) {
    if (!session.cname.decoded() || !session.username.decoded()) continue;
    pair.samples[pair.sample_count++] = {DigestOf(session), session.time.value, session.user_flags.value,
                                         session.time.decoded() && session.time.value != kNoAge,
                                         session.user_flags.decoded()};
  }
}

void CallHistory::RecordPage(const CallFacts& call) {
  const SessionEnumResponse& response = *call.response;
  Series& series = Get(series_, KeyOf(call));
  series.pipe = call.pipe;
  PastFacts::Page& page = series.page;
  page.status = response.status.value;
  page.asked_handle = HandleOf(call.request->resume_handle);
  page.given_handle = HandleOf(response.resume_handle);
  page.total_entries = response.total_entries.value;
  page.entries_read = response.info.container.entries_read.value;
  page.maximum_length = call.request->preferred_maximum_length.value;
  page.most_bytes = 0;
  series.last_count = 0;
  const LevelSpec* level = FindLevel(response.info.tag.value);
  // Only a page that is to be continued is ever compared.
  if (page.status != kErrorMoreData || level == nullptr) return;
  const std::span<const Session> sessions = SessionsOf(call);
  for (const Session& session : sessions) page.most_bytes += MostBytesOf(session, level->fields);
  for (const Session& session : sessions.last(std::min(sessions.size(), kSampled))) {
    series.last[series.last_count++] = DigestOf(session);
  }
}

}  // namespace sessenum
