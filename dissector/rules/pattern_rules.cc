// What a client's calls amount to: marks of software, and of an inventory of the network. Never proof of anything.
#include <array>

#include "rules/catalogue.h"

namespace sessenum {
namespace {

Ruling JudgeFamily(const CallFacts& call) {
  if (call.request == nullptr) return NoRequest(call);
  if (call.family == nullptr) return {};
  const bool is_news = !call.family->is_built_in && call.past.is_new_family;
  return {.verdict = is_news ? Verdict::kAdvisory : Verdict::kPass, .why = call.family->name};
}

// Said at the threshold, at twice, four times, eight times the threshold: a large number is not told by each step.
bool IsMilestone(std::uint32_t count, std::uint32_t threshold) {
  if (threshold == 0 || count == 0 || count % threshold != 0) return false;
  const std::uint32_t times = count / threshold;
  return (times & (times - 1)) == 0;
}

Ruling JudgeSweep(const CallFacts& call) {
  const PastFacts& past = call.past;
  if (!past.is_new_server || !IsMilestone(past.servers_asked, call.thresholds.sweep_servers)) {
    return {.verdict = Verdict::kPass};
  }
  return {.verdict = Verdict::kAdvisory, .seen = past.servers_asked, .expected = call.thresholds.window_seconds};
}

Ruling JudgeRepeats(const CallFacts& call) {
  const std::uint32_t calls = call.past.calls_to_server;
  if (calls == 0 || calls != call.thresholds.repeats) return {.verdict = Verdict::kPass};
  return {.verdict = Verdict::kAdvisory, .seen = calls, .expected = call.thresholds.window_seconds};
}

Ruling JudgeRefusals(const CallFacts& call) {
  if (!StatusOf(call) && !call.fault) return NoResponse(call);
  const PastFacts& past = call.past;
  if (!past.is_new_refusal || !IsMilestone(past.servers_refusing, call.thresholds.refusing_servers)) {
    return {.verdict = Verdict::kPass};
  }
  return {.verdict = Verdict::kAdvisory, .seen = past.servers_refusing, .expected = call.thresholds.window_seconds};
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "F1",
     .section = "no specification: habits of software",
     .title = "The request looks like software that is known",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks =
         "Transfer syntaxes offered, form of ServerName, NULL against empty qualifiers, pointer ids and alignment "
         "bytes. Said once for each client and family, and only of families that no operating system ships.",
     .pass = "the request has the habits of software that is known",
     .advisory = "the request has the habits of software that no operating system ships, and which anybody can imitate",
     .check = JudgeFamily},
    {.id = "D1",
     .section = "no specification: patterns of use",
     .title = "One client asks many servers",
     .party = Party::kClient,
     .scope = Scope::kCapture,
     .checks = "The number of servers that one client asked within the window (5 in 300 seconds unless set otherwise). "
               "Collectors for attack graphs do so; so do inventory and monitoring.",
     .pass = "the client asked few servers of late",
     .advisory =
         "this client has asked {seen} servers within {expected} seconds who is logged on: a sweep, as collectors "
         "for attack graphs make it, or an inventory",
     .check = JudgeSweep},
    {.id = "D2",
     .section = "no specification: patterns of use",
     .title = "One client asks one server again and again",
     .party = Party::kClient,
     .scope = Scope::kCapture,
     .checks =
         "The number of first pages that one client asked one server for within the window (10 in 300 seconds unless "
         "set otherwise).",
     .pass = "the client asked this server rarely of late",
     .advisory = "this client has asked this server {seen} times within {expected} seconds: somebody watches who comes "
                 "and goes",
     .check = JudgeRepeats},
    {.id = "D3",
     .section = "no specification: patterns of use",
     .title = "Many servers refuse one client",
     .party = Party::kClient,
     .scope = Scope::kCapture,
     .checks =
         "The number of servers that refused one client with ERROR_ACCESS_DENIED within the window (3 in 300 seconds "
         "unless set otherwise).",
     .pass = "few servers refused the client of late",
     .advisory =
         "{seen} servers have refused this client within {expected} seconds: it asks without having the right to",
     .check = JudgeRefusals},
});

}  // namespace

std::span<const Rule> PatternRules() { return kRules; }

}  // namespace sessenum
