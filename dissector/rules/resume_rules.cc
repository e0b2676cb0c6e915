// ResumeHandle: what is passed in, what comes back, and whether pages continue each other.
#include <array>

#include "rules/catalogue.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

std::uint32_t AskedHandle(const CallFacts& call) { return HandleOf(call.request->resume_handle).value_or(0); }

Ruling AtAskedHandle(const CallFacts& call, Verdict verdict) {
  const NdrUniqueU32& handle = call.request->resume_handle;
  return {.verdict = verdict, .field = {"resume_handle"}, .where = handle.value.extent(), .seen = handle.value.value};
}

Ruling AtGivenHandle(const CallFacts& call, Verdict verdict) {
  const NdrUniqueU32& handle = call.response->resume_handle;
  const Extent where =
      handle.pointer.null() ? handle.pointer.extent(call.response->report.format) : handle.value.extent();
  return {.verdict = verdict, .field = {"resume_handle"}, .where = where, .seen = handle.value.value};
}

Ruling JudgeFirstHandle(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  if (call.past.page) return {};
  if (AskedHandle(call) == 0) return AtAskedHandle(call, Verdict::kPass);
  if (call.past.handle_was_given) return AtAskedHandle(call, Verdict::kPass);
  return AtAskedHandle(call, Verdict::kAdvisory);
}

Ruling JudgePassedBack(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const auto& page = call.past.page;
  if (!page) return {};
  const std::uint32_t handle = AskedHandle(call);
  if (handle == 0) return {};
  if (ContinuesPage(call)) return AtAskedHandle(call, Verdict::kPass);
  if (call.past.handle_was_given) {
    // A page that was under way is left for an earlier one: lawful once more from there, and not what the text asks.
    const bool leaves_page = page->same_pipe && page->status == kErrorMoreData && page->given_handle.value_or(0) != 0;
    return AtAskedHandle(call, leaves_page ? Verdict::kAdvisory : Verdict::kPass);
  }
  // Other programs of the client may have asked on pipes that the capture does not hold.
  const bool is_certain = page->same_pipe && page->status == kErrorMoreData && page->given_handle &&
                          !call.past.handles_forgotten && !call.past.missed_answer;
  Ruling ruling = AtAskedHandle(call, is_certain ? Verdict::kViolation : Verdict::kAdvisory);
  ruling.expected = page->given_handle.value_or(0);
  return ruling;
}

Ruling JudgePresence(const CallFacts& call) {
  if (call.request == nullptr || !call.request->resume_handle.decoded()) return NoRequest(call);
  if (call.response == nullptr || !call.response->resume_handle.pointer.decoded()) return NoResponse(call);
  const bool same = call.request->resume_handle.pointer.null() == call.response->resume_handle.pointer.null();
  return AtGivenHandle(call, same ? Verdict::kPass : Verdict::kViolation);
}

Ruling JudgeNonZero(const CallFacts& call) {
  if (call.request == nullptr || !call.request->resume_handle.decoded()) return NoRequest(call);
  if (call.request->resume_handle.pointer.null()) return {};
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  const auto handle = HandleOf(call.response->resume_handle);
  if (*status != kErrorMoreData || !handle) return {};
  return AtGivenHandle(call, *handle == 0 ? Verdict::kViolation : Verdict::kPass);
}

Ruling JudgeBehindTheEnd(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const std::uint32_t handle = AskedHandle(call);
  if (handle == 0) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!call.past.list_size) return Undecided("how long the server's list is was not seen");
  const std::uint32_t status = call.response->status.value;
  if (handle < *call.past.list_size || (!IsSuccess(status) && ErrorsOf(*call.request).Admit(status))) return {};
  const NdrU32& read = call.response->info.container.entries_read;
  Ruling ruling{.verdict = Verdict::kPass, .field = {"container.entries_read"}, .where = read.extent(), .seen = handle};
  ruling.expected = *call.past.list_size;
  const std::uint32_t entries = call.response->info.container.entries_read.value;
  if (entries != 0 || call.response->status.value != kNerrSuccess) ruling.verdict = Verdict::kAdvisory;
  ruling.times = entries;
  return ruling;
}

Ruling JudgeOverlap(const CallFacts& call) {
  if (!IsDecoded(call.request) || !IsDecoded(call.response) || !Succeeded(call) || !ContinuesPage(call)) return {};
  return {.verdict = call.past.page->repeated == 0 ? Verdict::kPass : Verdict::kAdvisory,
          .field = {"container.sessions"},
          .where = call.response->info.container.entries_read.extent(),
          .times = call.past.page->repeated};
}

Ruling JudgeAdvance(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const std::uint32_t asked = AskedHandle(call);
  if (asked == 0) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  const auto given = HandleOf(call.response->resume_handle);
  const bool has_page = call.response->status.value == kErrorMoreData && !SessionsOf(call).empty();
  if (!has_page || !given) return {};
  return AtGivenHandle(call, *given == asked ? Verdict::kViolation : Verdict::kPass);
}

Ruling JudgeProgress(const CallFacts& call) {
  if (!IsDecoded(call.request) || !IsDecoded(call.response) || !ContinuesPage(call)) return {};
  if (call.response->status.value != kErrorMoreData) return {};
  const bool stands_still =
      SessionsOf(call).empty() || HandleOf(call.response->resume_handle) == call.past.page->given_handle;
  return AtGivenHandle(call, stands_still ? Verdict::kAdvisory : Verdict::kPass);
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "P5",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ResumeHandle is zero on the first call",
     .party = Party::kClient,
     .scope = Scope::kSeries,
     .checks =
         "Where the capture holds no earlier call of the enumeration, ResumeHandle is NULL, zero, or a value that "
         "the server gave to this client. A handle may stem from before the capture, so that it is no violation.",
     .pass = "the enumeration starts at the beginning, or where an earlier one ended",
     .advisory = "the first call that was captured resumes at {seen}, which the server never gave in this capture: the "
                 "enumeration began before it, or the client made the value up",
     .check = JudgeFirstHandle},
    {.id = "P6",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ResumeHandle is passed back unchanged",
     .party = Party::kClient,
     .scope = Scope::kSeries,
     .checks = "After ERROR_MORE_DATA, the next call of the same level and qualifiers has the handle that the server "
               "returned, or zero to start again.",
     .pass = "the handle is one that the server gave",
     .violation = "the server returned the handle {expected} to continue with, and the client passes {seen}: what the "
                  "values mean is the server's own affair, so nobody can tell what this skips or repeats",
     .advisory = "the handle {seen} is not the one that the server gave last: an earlier one, or none that the capture "
                 "shows",
     .check = JudgePassedBack},
    {.id = "R1",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Where ResumeHandle is NULL, none is returned",
     .checks = "The pointer is NULL in the response exactly where it is NULL in the request.",
     .pass = "the handle is there, or not, in both directions",
     .violation = "ResumeHandle is NULL in one direction and not in the other: where the client passes none the server "
                  "must store none, and where it passes one it must get one back",
     .check = JudgePresence},
    {.id = "R2",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ERROR_MORE_DATA comes with a handle that is not zero",
     .checks = "Where the client passes a ResumeHandle and gets ERROR_MORE_DATA, the value returned is not zero.",
     .pass = "the handle to continue with is {seen}",
     .violation =
         "the server says that there is more, and returns the handle 0: the client that continues with it starts "
         "from the beginning, without end",
     .check = JudgeNonZero},
    {.id = "R3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Without a handle the enumeration starts at the beginning of SessionList",
     .scope = Scope::kSeries,
     .checks = "Not observable: what the beginning of the server's list is does not travel, and the list changes."},
    {.id = "R4",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A handle behind the end of the list returns NERR_Success and nothing",
     .scope = Scope::kSeries,
     .checks =
         "Where the handle is not below the number of sessions that a complete enumeration just returned, the call "
         "succeeds without entries. Windows returns handles that are no index, so that it is no violation.",
     .pass = "behind the end of the list nothing came",
     .advisory =
         "the handle {seen} is not below the {expected} sessions that the server has, and {times} entries came: "
         "the list grew, or the handle is no index into it",
     .check = JudgeBehindTheEnd},
    {.id = "R5",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A page continues behind the one before",
     .scope = Scope::kSeries,
     .checks = "Where the call continues another, none of its first 16 sessions stood among the last 16 of the page "
               "before. The text itself calls duplicates possible, since the list changes.",
     .pass = "no session stands in both pages",
     .advisory = "{times} sessions of this page stood in the one before: the list changed between the calls, or the "
                 "server starts at the wrong place",
     .check = JudgeOverlap},
    {.id = "R6",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ERROR_MORE_DATA moves the handle",
     .checks = "Where the client passes a handle and gets entries and ERROR_MORE_DATA, the handle returned is another. "
               "Which one is called implementation-specific by one sentence of the text, and an index by another.",
     .pass = "the handle moved on to {seen}",
     .violation = "entries came, and the handle is {seen} as before: it must stand for the last entry returned, so the "
                  "client will get the same page again",
     .check = JudgeAdvance},
    {.id = "R9",
     .section = "MS-SRVS 3.1.4.5",
     .title = "An enumeration makes progress",
     .scope = Scope::kSeries,
     .checks = "A page that ends with ERROR_MORE_DATA brings entries and another handle than the page before.",
     .pass = "the enumeration moves on",
     .advisory = "the server says that there is more, and the enumeration stands still: a client that believes it asks "
                 "for ever",
     .check = JudgeProgress},
});

}  // namespace

std::span<const Rule> ResumeRules() { return kRules; }

}  // namespace sessenum
