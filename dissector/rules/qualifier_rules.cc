// ClientName and UserName: which sessions are returned, and which requests refused.
#include <array>

#include "rules/catalogue.h"
#include "rules/names.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

Ruling JudgeBadClientName(const CallFacts& call) {
  if (call.request == nullptr || !call.request->client_name.decoded()) return NoRequest(call);
  if (!ErrorsOf(*call.request).client_name_form) return {};
  return JudgeRefusal(call, kNerrInvalidComputer, MayBeSamba(call));
}

Ruling JudgeLongClientName(const CallFacts& call) {
  if (call.request == nullptr || !call.request->client_name.decoded()) return NoRequest(call);
  if (!ErrorsOf(*call.request).client_name_length) return {};
  return JudgeRefusal(call, kErrorInvalidParameter, MayBeSamba(call));
}

Ruling JudgeLongUserName(const CallFacts& call) {
  if (call.request == nullptr || !call.request->user_name.decoded()) return NoRequest(call);
  if (!ErrorsOf(*call.request).user_name_length) return {};
  return JudgeRefusal(call, kErrorInvalidParameter, MayBeSamba(call));
}

bool IsClientWanted(const Session& session, const NdrString& wanted) {
  return SameComputer(NameOf(session.cname), NameOf(wanted));
}
bool IsUserWanted(const Session& session, const NdrString& wanted) {
  return SameName(NameOf(session.username), NameOf(wanted));
}

// Whether the sessions of this response say anything of its qualifiers.
bool HasSessions(const CallFacts& call) { return Succeeded(call) && !SessionsOf(call).empty(); }

Ruling AtSession(const CallFacts& call, std::uint32_t element, const SessionField& field) {
  const NdrString& name = SessionsOf(call)[element].*field.string;
  return {.field = {field.name, element}, .where = PlaceOf(name, call.response->report.format), .quoted = NameOf(name)};
}

// The first session that `is_wanted` does not want, and how many there are.
template <typename IsWanted>
Ruling FindUnwanted(const CallFacts& call, const SessionField& field, IsWanted&& is_wanted) {
  const std::span<const Session> sessions = SessionsOf(call);
  Ruling ruling{.verdict = Verdict::kPass, .field = {"container.sessions"}};
  for (std::uint32_t i = 0; i < sessions.size(); ++i) {
    if (is_wanted(sessions[i])) continue;
    if (ruling.verdict != Verdict::kPass) {
      ++ruling.times;
      continue;
    }
    ruling = AtSession(call, i, field);
    ruling.verdict = MayBeSamba(call) ? Verdict::kKnown : Verdict::kViolation;
  }
  return ruling;
}

Ruling JudgeReturnedClients(const CallFacts& call) {
  if (call.request == nullptr || !call.request->client_name.decoded()) return NoRequest(call);
  const NdrString& wanted = call.request->client_name;
  if (!IsSpecified(wanted)) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!HasSessions(call)) return {};
  return FindUnwanted(call, kCname, [&](const Session& session) { return IsClientWanted(session, wanted); });
}

bool CarriesUsers(const CallFacts& call) {
  const LevelSpec* level = FindLevel(call.response->info.tag.value);
  if (level == nullptr) return false;
  for (const SessionField& field : level->fields) {
    if (field.name == kUsername.name) return true;
  }
  return false;
}

Ruling JudgeReturnedUsers(const CallFacts& call) {
  if (call.request == nullptr || !call.request->user_name.decoded()) return NoRequest(call);
  const NdrString& wanted = call.request->user_name;
  if (!IsSpecified(wanted)) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!HasSessions(call)) return {};
  if (!CarriesUsers(call)) return Undecided("level 0 carries no user names");
  Ruling ruling = FindUnwanted(call, kUsername, [&](const Session& session) { return IsUserWanted(session, wanted); });
  if (ruling.verdict == Verdict::kPass) return ruling;
  // The text does not say how a name with a domain compares.
  const Ruling lenient = FindUnwanted(call, kUsername, [&](const Session& session) {
    return SameName(UserOf(NameOf(session.username)), UserOf(NameOf(wanted)));
  });
  if (lenient.verdict == Verdict::kPass) ruling.verdict = Verdict::kAdvisory;
  return ruling;
}

Ruling JudgeAllQualifiers(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const NdrString& client = call.request->client_name;
  const NdrString& user = call.request->user_name;
  if (!IsSpecified(client) || !IsSpecified(user)) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (!HasSessions(call)) return {};
  if (!CarriesUsers(call)) return Undecided("level 0 carries no user names");
  return FindUnwanted(call, kCname, [&](const Session& session) {
    return IsClientWanted(session, client) && SameName(UserOf(NameOf(session.username)), UserOf(NameOf(user)));
  });
}

bool IsNotFound(std::uint32_t status) { return status == kNerrUserNotFound || status == kNerrClientNameNotFound; }

Ruling AtStatus(const CallFacts& call, Verdict verdict) {
  return {.verdict = verdict,
          .field = {"status"},
          .where = call.response->status.extent(),
          .seen = call.response->status.value};
}

Ruling JudgeNothingFound(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  if (!HasQualifier(*call.request)) return {};
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  if (IsNotFound(*status)) return AtStatus(call, Verdict::kPass);
  if (!IsDecoded(call.response)) return NoResponse(call);
  const SessionContainer& container = call.response->info.container;
  if (*status != kNerrSuccess) return {};
  if (!container.entries_read.decoded()) return Undecided(kNoContainer);
  // What TotalEntries counts did match, whatever became of it.
  const bool is_empty =
      container.entries_read.value == 0 && container.sessions.empty() && call.response->total_entries.value == 0;
  if (!is_empty) return {};
  if (HandleOf(call.request->resume_handle).value_or(0) != 0) {
    return Undecided("behind the end of the list, success without entries is asked for (R4)");
  }
  return AtStatus(call, Verdict::kViolation);
}

Ruling JudgeNotFound(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  if (!IsNotFound(*status)) return {};
  return AtStatus(call, HasQualifier(*call.request) ? Verdict::kPass : Verdict::kAdvisory);
}

// The caller has a session itself, so the first page of an unqualified enumeration over SMB is never empty.
Ruling JudgeOwnSession(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const SessionEnumRequest& request = *call.request;
  const bool asks_for_all = !HasQualifier(request) && HandleOf(request.resume_handle).value_or(0) == 0 &&
                            request.preferred_maximum_length.value == kMaxPreferredLength;
  if (!asks_for_all || !call.over_named_pipe) return {};
  if (!IsDecoded(call.response)) return NoResponse(call);
  if (call.response->status.value != kNerrSuccess) return {};
  const NdrU32& entries = call.response->info.container.entries_read;
  if (!entries.decoded()) return Undecided(kNoContainer);
  return {.verdict = entries.value == 0 ? Verdict::kAdvisory : Verdict::kPass,
          .field = {"container.entries_read"},
          .where = entries.extent()};
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "C1",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A ClientName without two leading backslashes is refused with NERR_InvalidComputer",
     .checks =
         "Where P3 is broken, the return value is NERR_InvalidComputer, or the code of another error that applies.",
     .pass = "the malformed ClientName was refused with {seen.status}",
     .violation = "ClientName lacks its two backslashes, so the server must return NERR_InvalidComputer; it returned "
                  "{seen.status}",
     .known = "ClientName lacks its two backslashes, and the server returned {seen.status} instead of "
              "NERR_InvalidComputer: Samba does not look at ClientName",
     .check = JudgeBadClientName},
    {.id = "C2",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A ClientName above 1,024 characters is refused with ERROR_INVALID_PARAMETER",
     .checks = "Where ClientName has more than 1,024 UTF-16 units with its terminator, the return value is "
               "ERROR_INVALID_PARAMETER, or the code of another error that applies. 1,024 are lawful.",
     .pass = "the overlong ClientName was refused with {seen.status}",
     .violation = "ClientName is longer than 1,024 characters, so the server must return ERROR_INVALID_PARAMETER; it "
                  "returned {seen.status}",
     .known = "ClientName is longer than 1,024 characters, and the server returned {seen.status} instead of "
              "ERROR_INVALID_PARAMETER: Samba does not look at ClientName",
     .check = JudgeLongClientName},
    {.id = "C3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A UserName above 1,024 characters is refused with ERROR_INVALID_PARAMETER",
     .checks = "As C2, for UserName.",
     .pass = "the overlong UserName was refused with {seen.status}",
     .violation = "UserName is longer than 1,024 characters, so the server must return ERROR_INVALID_PARAMETER; it "
                  "returned {seen.status}",
     .known = "UserName is longer than 1,024 characters, and the server returned {seen.status} instead of "
              "ERROR_INVALID_PARAMETER: Samba does not look at UserName",
     .check = JudgeLongUserName},
    {.id = "C4",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Every returned session comes from the computer that ClientName asks for",
     .checks = "Where ClientName is given, each cname equals it, without regard to case and leading backslashes.",
     .pass = "every session comes from the computer that was asked for",
     .violation = "the request asked for the sessions of one computer, and got one from {quoted} ({times} that do not "
                  "match)",
     .known = "the request asked for the sessions of one computer, and got one from {quoted} ({times} that do not "
              "match): Samba ignores ClientName and returns every session",
     .check = JudgeReturnedClients},
    {.id = "C5",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Every returned session belongs to the user that UserName asks for",
     .checks = "Where UserName is given, each username equals it, without regard to case.",
     .pass = "every session belongs to the user that was asked for",
     .violation = "the request asked for the sessions of one user, and got one of {quoted} ({times} that do not match)",
     .known = "the request asked for the sessions of one user, and got one of {quoted} ({times} that do not match): "
              "Samba ignores UserName and returns every session",
     .advisory = "{quoted} is the user that was asked for only if domains are left out of account",
     .check = JudgeReturnedUsers},
    {.id = "C6",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Only sessions that match all qualifiers are returned",
     .checks = "Where both qualifiers are given, each session matches both.",
     .pass = "every session matches both qualifiers",
     .violation = "the request gave a computer and a user; a session from {quoted} does not match both{such}",
     .known = "the request gave a computer and a user; a session from {quoted} does not match both{such}: Samba "
              "ignores both",
     .check = JudgeAllQualifiers},
    {.id = "C7",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Where nothing matches the qualifiers the call fails",
     .checks = "A call with a qualifier does not succeed without entries; it fails with NERR_UserNotFound or "
               "NERR_ClientNameNotFound, either of which will do.",
     .pass = "nothing matched, and the call failed with {seen.status}",
     .violation = "nothing matched the qualifiers, so the server must return NERR_UserNotFound or "
                  "NERR_ClientNameNotFound; it returned NERR_Success and no entry",
     .check = JudgeNothingFound},
    {.id = "C8",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Nothing is reported missing that was not asked for",
     .checks = "NERR_UserNotFound and NERR_ClientNameNotFound answer requests with a qualifier.",
     .pass = "{seen.status} answers a request with a qualifier",
     .advisory = "the server returned {seen.status}, and the request names neither a user nor a computer",
     .check = JudgeNotFound},
    {.id = "C9",
     .section = "MS-SRVS 3.1.4.5",
     .title = "Qualifiers play no part in the value of ResumeHandle",
     .scope = Scope::kSeries,
     .checks = "Not observable: what the value stands for is the server's own affair."},
    {.id = "C10",
     .section = "MS-SRVS 3.1.4.5; MS-CIFS 3.3.4.14, MS-SMB2 3.3.4.18",
     .title = "Every session in SessionList is queried, and each valid one returned",
     .checks = "The list is the server's; one thing is known of it. A caller over SMB has a session itself, so that an "
               "enumeration of everything is not empty.",
     .pass = "the list is not empty",
     .advisory = "the enumeration of all sessions came back empty, though the caller's own must be among them: the "
                 "server hides sessions, or does not know them",
     .check = JudgeOwnSession},
});

}  // namespace

std::span<const Rule> QualifierRules() { return kRules; }

}  // namespace sessenum
