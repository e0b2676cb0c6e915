// What MS-SRVS 3.1.4.5 asks of a request by itself.
#include <algorithm>
#include <array>

#include "rules/catalogue.h"
#include "rules/names.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

Ruling JudgeServerName(const CallFacts& call) {
  if (call.request == nullptr || !call.request->server_name.decoded()) return NoRequest(call);
  const NdrString& name = call.request->server_name;
  Ruling ruling{.verdict = Verdict::kKnown,
                .field = {"server_name"},
                .where = PlaceOf(name, call.request->report.format),
                .quoted = NameOf(name)};
  if (!StartsWithTwoBackslashes(name.text())) return ruling;
  ruling.verdict = call.tree && !NamesHostOf(NameOf(name), *call.tree) ? Verdict::kAdvisory : Verdict::kPass;
  return ruling;
}

Ruling JudgeClientNameForm(const CallFacts& call) {
  if (call.request == nullptr || !call.request->client_name.decoded()) return NoRequest(call);
  const NdrString& name = call.request->client_name;
  Ruling ruling{.verdict = Verdict::kPass,
                .field = {"client_name"},
                .where = PlaceOf(name, call.request->report.format),
                .quoted = NameOf(name)};
  if (IsSpecified(name) && !StartsWithTwoBackslashes(name.text())) ruling.verdict = Verdict::kViolation;
  return ruling;
}

Ruling JudgeLevel(const CallFacts& call) {
  if (call.request == nullptr || !call.request->info.level.decoded()) return NoRequest(call);
  const NdrU32& level = call.request->info.level;
  return {.verdict = FindLevel(level.value) != nullptr ? Verdict::kPass : Verdict::kViolation,
          .field = {"level"},
          .where = level.extent(),
          .seen = level.value};
}

Ruling JudgeQualifierLengths(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  for (const auto& [string, name] : {std::pair(&call.request->client_name, std::string_view("client_name")),
                                     std::pair(&call.request->user_name, std::string_view("user_name"))}) {
    if (!IsTooLong(*string)) continue;
    return {.verdict = Verdict::kAdvisory,
            .field = {name},
            .where = string->extent(),
            .seen = UnitsOf(*string),
            .expected = kMostQualifierUnits};
  }
  return {.verdict = Verdict::kPass, .field = {"client_name"}};
}

Ruling JudgeInputContainer(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const SessionContainer& container = call.request->info.container;
  const bool is_empty = container.entries_read.value == 0 && container.sessions.empty();
  return {.verdict = is_empty ? Verdict::kPass : Verdict::kAdvisory,
          .field = {"container.entries_read"},
          .where = container.entries_read.extent(),
          .seen = std::max<std::uint64_t>(container.entries_read.value, container.sessions.size())};
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "P1",
     .section = "MS-SRVS 2.2.1.1, 3.1.4.5",
     .title = "ServerName names the server, with two leading backslashes",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks = "ServerName starts with \\\\ and names the host of the share that the pipe was opened on. How the "
               "client maps it to a binding handle happens inside the client.",
     .pass = "ServerName names the server",
     .known = "ServerName is NULL, empty or lacks its two backslashes, as impacket, go-smb, nmap and programs that use "
              "netapi32 send it; servers ignore it",
     .advisory = "ServerName {quoted} is another host than the one that the pipe was opened on: an alias, or a stub "
                 "made for somebody else",
     .check = JudgeServerName},
    {.id = "P2",
     .section = "MS-SRVS 3.1.4.5",
     .title = "The server ignores ServerName",
     .scope = Scope::kSeries,
     .checks = "Not observable: only two calls at the same moment that differ in nothing else could refute it."},
    {.id = "P3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ClientName is empty or starts with two backslashes",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks = "ClientName is NULL or empty, or its first two UTF-16 units are backslashes.",
     .pass = "ClientName is empty or starts with \\\\",
     .violation = "ClientName {quoted} does not start with \\\\, as every computer name here must: a correct server "
                  "refuses the call and says nothing about the computer that was meant",
     .check = JudgeClientNameForm},
    {.id = "P4",
     .section = "MS-SRVS 2.2.4.21, 3.1.4.5",
     .title = "Level is 0, 1, 2, 10 or 502",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks = "Level is one of the five that exist.",
     .pass = "Level {seen} exists",
     .violation = "Level {seen} does not exist; 0, 1, 2, 10 and 502 do",
     .check = JudgeLevel},
    {.id = "P7",
     .section = "MS-SRVS 3.1.4.5",
     .title = "ClientName and UserName have at most 1,024 characters",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks =
         "Neither string has more than 1,024 UTF-16 units, its terminator included. The duty to refuse longer ones "
         "is the server's (C2, C3).",
     .pass = "neither qualifier is longer than 1,024 characters",
     .advisory = "the name has {seen} characters with its terminator; a server must refuse more than {expected}, and a "
                 "genuine name is nowhere near: a probe, or a defect of the client",
     .check = JudgeQualifierLengths},
    {.id = "P8",
     .section = "MS-SRVS 3.1.4.5",
     .title = "The container of a request is empty",
     .party = Party::kClient,
     .scope = Scope::kRequest,
     .checks = "EntriesRead is 0 and there is no entry. The text does not ask for it; servers ignore the input.",
     .pass = "the request's container is empty",
     .advisory = "the request brings {seen} entries along, which no server looks at: leftover memory of the client, or "
                 "a test of the server's decoder",
     .check = JudgeInputContainer},
});

}  // namespace

std::span<const Rule> RequestRules() { return kRules; }

}  // namespace sessenum
