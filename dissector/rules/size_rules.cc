// PreferedMaximumLength, EntriesRead and TotalEntries.
#include <array>

#include "rules/catalogue.h"
#include "rules/measure.h"

namespace sessenum {
namespace {

Ruling AtTotal(const CallFacts& call, Verdict verdict) {
  const SessionEnumResponse& response = *call.response;
  return {.verdict = verdict,
          .field = {"total_entries"},
          .where = response.total_entries.extent(),
          .seen = response.total_entries.value,
          .expected = response.info.container.entries_read.value};
}

Ruling AtStatus(const CallFacts& call, Verdict verdict) {
  Ruling ruling = AtTotal(call, verdict);
  ruling.field = {"status"};
  ruling.where = call.response->status.extent();
  return ruling;
}

bool HasHandle(const CallFacts& call) {
  return call.request != nullptr && HandleOf(call.request->resume_handle).value_or(0) != 0;
}

bool LacksContainer(const CallFacts& call) { return !call.response->info.container.entries_read.decoded(); }

Ruling JudgeUnlimited(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  if (call.request->preferred_maximum_length.value != kMaxPreferredLength) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!Succeeded(call)) return {};
  return AtStatus(call, call.response->status.value == kErrorMoreData ? Verdict::kViolation : Verdict::kPass);
}

Ruling JudgeMoreData(const CallFacts& call) {
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!Succeeded(call)) return {};
  if (LacksContainer(call)) return Undecided(kNoContainer);
  const std::uint32_t total = call.response->total_entries.value;
  const std::uint32_t read = call.response->info.container.entries_read.value;
  const bool says_more = call.response->status.value == kErrorMoreData;
  if (says_more) return AtStatus(call, total <= read ? Verdict::kViolation : Verdict::kPass);
  if (total <= read) return AtStatus(call, Verdict::kPass);
  const bool is_habit = MayBeSamba(call) && HasHandle(call);
  if (is_habit) return AtStatus(call, Verdict::kKnown);
  // Where nothing at all came the server may count what it does not show to this caller.
  return AtStatus(call, read == 0 ? Verdict::kAdvisory : Verdict::kViolation);
}

Ruling JudgeRoom(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const std::uint32_t most = call.request->preferred_maximum_length.value;
  if (most == kMaxPreferredLength) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  const LevelSpec* level = FindLevel(call.response->info.tag.value);
  if (!Succeeded(call) || level == nullptr) return {};
  std::uint64_t bytes = 0;
  for (const Session& session : SessionsOf(call)) bytes += LeastBytesOf(session, level->fields);
  Ruling ruling{.verdict = Verdict::kPass,
                .field = {"container.entries_read"},
                .where = call.response->info.container.entries_read.extent(),
                .seen = bytes,
                .expected = most};
  // Samba returns everything whatever the maximum.
  const bool returns_all = call.response->status.value == kNerrSuccess;
  if (bytes > most) ruling.verdict = returns_all && MayBeSamba(call) ? Verdict::kKnown : Verdict::kAdvisory;
  return ruling;
}

Ruling JudgeTotal(const CallFacts& call) {
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!Succeeded(call)) return {};
  if (LacksContainer(call)) return Undecided(kNoContainer);
  const std::uint32_t total = call.response->total_entries.value;
  return AtTotal(call, total < call.response->info.container.entries_read.value ? Verdict::kViolation : Verdict::kPass);
}

Ruling JudgeErrorWithEntries(const CallFacts& call) {
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (Succeeded(call)) return {};
  Ruling ruling = AtStatus(call, SessionsOf(call).empty() ? Verdict::kPass : Verdict::kAdvisory);
  ruling.seen = call.response->status.value;
  ruling.expected = SessionsOf(call).size();
  return ruling;
}

Ruling JudgeTotalOfSeries(const CallFacts& call) {
  const auto& page = call.past.page;
  if (!Succeeded(call) || !IsDecoded(call.response)) return {};
  if (!ContinuesPage(call) || !HasHandle(call)) return {};
  const std::uint32_t expected = page->total_entries - std::min(page->total_entries, page->entries_read);
  Ruling ruling = AtTotal(call, Verdict::kPass);
  ruling.expected = expected;
  if (ruling.seen == expected) return ruling;
  const bool is_whole_list = ruling.seen == page->total_entries;
  ruling.verdict = is_whole_list && MayBeSamba(call) ? Verdict::kKnown : Verdict::kAdvisory;
  return ruling;
}

Ruling JudgeFilledPage(const CallFacts& call) {
  const auto& page = call.past.page;
  if (!Succeeded(call) || !IsDecoded(call.response) || !ContinuesPage(call) || !HasHandle(call)) return {};
  const LevelSpec* level = FindLevel(call.response->info.tag.value);
  if (level == nullptr || SessionsOf(call).empty() || page->maximum_length == kMaxPreferredLength) return {};
  const std::uint64_t with_next = page->most_bytes + MostBytesOf(SessionsOf(call).front(), level->fields);
  return {.verdict = with_next <= page->maximum_length ? Verdict::kAdvisory : Verdict::kPass,
          .field = {"container.sessions"},
          .where = call.response->info.container.entries_read.extent(),
          .seen = with_next,
          .expected = page->maximum_length};
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "S1",
     .section = "MS-SRVS 2.2.2.2, 3.1.4.5",
     .title = "MAX_PREFERRED_LENGTH returns everything",
     .checks = "Where PreferedMaximumLength is 0xFFFFFFFF, the return value is not ERROR_MORE_DATA.",
     .pass = "everything was asked for, and nothing was held back",
     .violation =
         "the request sets no limit (PreferedMaximumLength 0xFFFFFFFF), so the server must return everything; it "
         "returned {expected} of {seen} entries and ERROR_MORE_DATA",
     .check = JudgeUnlimited},
    {.id = "S2",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ERROR_MORE_DATA says that there is more, and NERR_Success that there is not",
     .scope = Scope::kResponse,
     .checks = "TotalEntries is above EntriesRead with ERROR_MORE_DATA, and not with NERR_Success.",
     .pass = "the return value agrees with the counts",
     .violation =
         "{expected} entries came of {seen}, and the return value says otherwise: the caller misses sessions, or "
         "asks again in vain",
     .known = "{expected} entries came of {seen}, and the return value says that these are all: Samba counts the whole "
              "list wherever the caller resumes",
     .advisory = "no entry came, the server counts {seen}, and the return value says that this is all",
     .check = JudgeMoreData},
    {.id = "S3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "No more is returned than PreferedMaximumLength allows",
     .checks =
         "The entries, counted as the most frugal server would (structures of 32 bits and their strings), take at "
         "most PreferedMaximumLength bytes. Whether they are as many as would fit is not observable but for S7.",
     .pass = "the entries may fit into PreferedMaximumLength",
     .known = "the entries take at least {seen} bytes, and the request allows {expected}: Samba ignores "
              "PreferedMaximumLength",
     .advisory = "the entries take at least {seen} bytes, and the request allows {expected}",
     .check = JudgeRoom},
    {.id = "S4",
     .section = "MS-SRVS 3.1.4.5",
     .title = "TotalEntries counts the entries that are returned too",
     .scope = Scope::kResponse,
     .checks = "TotalEntries is at least EntriesRead.",
     .pass = "TotalEntries {seen} covers the {expected} entries",
     .violation = "TotalEntries is {seen}, and {expected} entries came: it must count all that could be returned from "
                  "here on",
     .check = JudgeTotal},
    {.id = "S5",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A call that fails returns no sessions",
     .scope = Scope::kResponse,
     .checks = "With an error, the container has no entries. The text leaves it undefined.",
     .pass = "the call failed, and returned nothing",
     .advisory =
         "the call failed with {seen.status}, and {expected} sessions came all the same: the caller was told what "
         "it was refused",
     .check = JudgeErrorWithEntries},
    {.id = "S6",
     .section = "MS-SRVS 3.1.4.5",
     .title = "TotalEntries falls from page to page",
     .scope = Scope::kSeries,
     .checks = "Where the call continues another, TotalEntries is what the page before left. The list may have changed "
               "meanwhile.",
     .pass = "TotalEntries is what the page before left",
     .known =
         "TotalEntries is {seen} again, though {expected} were left: Samba counts the whole list wherever the caller "
         "resumes",
     .advisory = "the page before left {expected} entries, and TotalEntries is {seen}: sessions came or went, or the "
                 "server counts otherwise",
     .check = JudgeTotalOfSeries},
    {.id = "S7",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A page is as full as PreferedMaximumLength allows",
     .scope = Scope::kSeries,
     .checks =
         "Where the call continues another, its first entry would not have fitted into the page before, counted as "
         "the roomiest server would (structures of 64 bits, everything aligned).",
     .pass = "the page before had no room for the first entry of this one",
     .advisory =
         "with the first entry of this page the one before would take {seen} bytes at most, and {expected} were "
         "allowed: a server must return as many as fit",
     .check = JudgeFilledPage},
});

}  // namespace

std::span<const Rule> SizeRules() { return kRules; }

}  // namespace sessenum
