// Level: which are refused, what the others return, and whether the fields make sense.
#include <array>

#include "rules/catalogue.h"
#include "rules/finding.h"
#include "rules/refusal.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kGuest = 0x1;         // MS-SRVS 2.2.2.3
constexpr std::uint32_t kNoEncryption = 0x2;  // MS-SRVS 2.2.2.3
constexpr std::uint32_t kMinusOne = 0xFFFFFFFF;

Ruling JudgeUnlistedLevel(const CallFacts& call) {
  if (call.request == nullptr || !call.request->info.level.decoded()) return NoRequest(call);
  if (HasTwoLevels(*call.request)) return Undecided(kTwoLevels);
  if (!ErrorsOf(*call.request).level) return {};
  if (call.fault && RefusesStub(*call.fault)) {
    return {.verdict = Verdict::kKnown, .field = {kFaultField}, .seen = *call.fault};
  }
  return JudgeRefusal(call, kErrorInvalidLevel, /*habit=*/false);
}

Ruling JudgeListedLevel(const CallFacts& call) {
  if (call.request == nullptr || !call.request->info.level.decoded()) return NoRequest(call);
  if (HasTwoLevels(*call.request)) return Undecided(kTwoLevels);
  const std::uint32_t level = call.request->info.level.value;
  if (FindLevel(level) == nullptr) return {};
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  Ruling ruling{.verdict = Verdict::kPass,
                .field = {"status"},
                .where = call.response->status.extent(),
                .seen = *status,
                .expected = level};
  const bool samba_knows = level == 0 || level == 1;
  if (*status == kErrorInvalidLevel) {
    ruling.verdict = samba_knows || !MayBeSamba(call) ? Verdict::kViolation : Verdict::kKnown;
  } else if (*status == kErrorNotSupported) {
    ruling.verdict = MayBeSamba(call) ? Verdict::kKnown : Verdict::kAdvisory;
  }
  return ruling;
}

Ruling JudgeSameLevel(const CallFacts& call) {
  if (call.request == nullptr || !call.request->info.level.decoded()) return NoRequest(call);
  if (call.response == nullptr || !call.response->info.level.decoded()) return NoResponse(call);
  if (HasTwoLevels(*call.request)) return Undecided(kTwoLevels);
  const NdrU32& level = call.response->info.level;
  const std::uint32_t asked = call.request->info.level.value;
  if (level.value != asked && !StatusOf(call)) return NoResponse(call);
  // Of a call that failed the text says nothing.
  if (level.value != asked && !Succeeded(call)) return {};
  return {.verdict = level.value == asked ? Verdict::kPass : Verdict::kViolation,
          .field = {"level"},
          .where = level.extent(),
          .seen = level.value,
          .expected = asked};
}

// Levels 0, 1, 2, 10 and 502 ask the same of a server, each with its own container.
template <std::uint32_t kLevel>
Ruling JudgeContainer(const CallFacts& call) {
  const bool is_asked = call.request != nullptr && call.request->info.level.decoded();
  if (is_asked && call.request->info.level.value != kLevel) return {};
  if (call.response == nullptr || !call.response->info.container_pointer.decoded()) return NoResponse(call);
  if (call.response->info.level.value != kLevel) return {};
  if (!StatusOf(call)) return NoResponse(call);
  if (!Succeeded(call)) return {};
  const NdrPointer& pointer = call.response->info.container_pointer;
  Ruling ruling{.verdict = Verdict::kPass,
                .field = {"container"},
                .where = pointer.extent(call.response->report.format),
                .seen = kLevel};
  if (!pointer.null()) return ruling;
  const bool asked_without = call.request != nullptr && call.request->info.container_pointer.decoded() &&
                             call.request->info.container_pointer.null();
  ruling.verdict = asked_without && MayBeSamba(call) ? Verdict::kKnown : Verdict::kViolation;
  return ruling;
}

Ruling JudgeAgreement(const CallFacts& call) {
  if (!Succeeded(call)) return {};
  const PastFacts& past = call.past;
  if (!past.was_compared) return {};
  if (!past.disagreement) return {.verdict = Verdict::kPass, .field = {"container.sessions"}};
  const PastFacts::Disagreement& other = *past.disagreement;
  return {.verdict = Verdict::kAdvisory,
          .field = {other.field, other.element},
          .where = other.where,
          .seen = other.seen,
          .expected = other.expected};
}

Ruling JudgeUserFlags(const CallFacts& call) {
  if (!IsDecoded(call.response)) return call.fault ? Ruling{} : NoResponse(call);
  if (!Succeeded(call)) return {};
  Ruling ruling;
  const std::span<const Session> sessions = SessionsOf(call);
  for (std::uint32_t i = 0; i < sessions.size(); ++i) {
    const NdrU32& flags = sessions[i].user_flags;
    if (!flags.decoded()) return {};
    if (ruling.verdict == Verdict::kNotApplicable) ruling = {.verdict = Verdict::kPass};
    if ((flags.value & ~(kGuest | kNoEncryption)) == 0) continue;
    if (ruling.verdict == Verdict::kViolation) {
      ++ruling.times;
      continue;
    }
    ruling = {
        .verdict = Verdict::kViolation, .field = {kUserFlags.name, i}, .where = flags.extent(), .seen = flags.value};
  }
  return ruling;
}

// How odd the times of a session are.
Verdict JudgeTimesOf(const Session& session, bool may_be_samba) {
  if (session.time.value == kMinusOne) return may_be_samba ? Verdict::kKnown : Verdict::kAdvisory;
  return session.idle_time.value > session.time.value ? Verdict::kAdvisory : Verdict::kPass;
}

Ruling JudgeTimes(const CallFacts& call) {
  if (!IsDecoded(call.response)) return call.fault ? Ruling{} : NoResponse(call);
  Ruling ruling;
  const std::span<const Session> sessions = SessionsOf(call);
  for (std::uint32_t i = 0; i < sessions.size(); ++i) {
    const Session& session = sessions[i];
    if (!session.time.decoded() || !session.idle_time.decoded()) return {};
    if (ruling.verdict == Verdict::kNotApplicable) ruling = {.verdict = Verdict::kPass};
    const Verdict verdict = JudgeTimesOf(session, !call.past.server_writes_backslashes);
    if (verdict == Verdict::kPass) continue;
    if (ruling.verdict != Verdict::kPass) {
      ++ruling.times;
      continue;
    }
    const bool is_time = session.time.value == kMinusOne;
    ruling = {.verdict = verdict,
              .field = {is_time ? kTime.name : kIdleTime.name, i},
              .where = is_time ? session.time.extent() : session.idle_time.extent(),
              .seen = session.idle_time.value,
              .expected = session.time.value};
  }
  return ruling;
}

constexpr std::string_view kContainerChecks =
    "On success the response's union has the container of this level. That each field has the value of the field of "
    "the "
    "same name in SESSION_INFO_502 can be seen only where several levels are asked for: L9.";
constexpr std::string_view kContainerPass = "the response has the container of level {seen}";
constexpr std::string_view kContainerViolation =
    "the call succeeded, and the response has no container at all; the server must fill the one of level {seen}";
constexpr std::string_view kContainerKnown =
    "the call succeeded without a container: Samba returns none where the request brought none";

constexpr auto kRules = std::to_array<Rule>({
    {.id = "L1",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A level that does not exist is refused with ERROR_INVALID_LEVEL",
     .checks =
         "Where Level is none of 0, 1, 2, 10, 502, the return value is ERROR_INVALID_LEVEL, or the code of another "
         "error that applies.",
     .pass = "the level that does not exist was refused with {seen.status}",
     .violation = "the level does not exist, so the server must return ERROR_INVALID_LEVEL; it returned {seen.status}",
     .known = "the RPC runtime refused the level with a fault: the union of Microsoft's IDL has no arm for it, so that "
              "the method is never reached",
     .check = JudgeUnlistedLevel},
    {.id = "L2",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A level that exists is not refused as if it did not",
     .checks = "Where Level is 0, 1, 2, 10 or 502, the return value is not ERROR_INVALID_LEVEL.",
     .pass = "level {expected} was not refused as invalid",
     .violation = "level {expected} exists, and the server returned ERROR_INVALID_LEVEL",
     .known = "level {expected} exists, and the server returned {seen.status}: Samba's smbd knows levels 0 and 1 only, "
              "its AD server none",
     .advisory = "level {expected} exists, and the server returned {seen.status}",
     .check = JudgeListedLevel},
    {.id = "L3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "The response has the level of the request",
     .checks = "On success, Level in the response equals Level in the request. That the union agrees with it is "
               "G5-level-mismatch.",
     .pass = "the response has level {expected}, as asked",
     .violation = "the request asked for level {expected}, the response has level {seen}: a client that trusts its own "
                  "level reads the entries wrongly",
     .check = JudgeSameLevel},
    {.id = "L4",
     .section = "MS-SRVS 2.2.4.11, 2.2.4.16, 3.1.4.5",
     .title = "Level 0 fills SESSION_INFO_0_CONTAINER",
     .checks = kContainerChecks,
     .pass = kContainerPass,
     .violation = kContainerViolation,
     .known = kContainerKnown,
     .check = JudgeContainer<0>},
    {.id = "L5",
     .section = "MS-SRVS 2.2.4.12, 2.2.4.17, 3.1.4.5",
     .title = "Level 1 fills SESSION_INFO_1_CONTAINER",
     .checks = kContainerChecks,
     .pass = kContainerPass,
     .violation = kContainerViolation,
     .known = kContainerKnown,
     .check = JudgeContainer<1>},
    {.id = "L6",
     .section = "MS-SRVS 2.2.4.13, 2.2.4.18, 3.1.4.5",
     .title = "Level 2 fills SESSION_INFO_2_CONTAINER",
     .checks = kContainerChecks,
     .pass = kContainerPass,
     .violation = kContainerViolation,
     .known = kContainerKnown,
     .check = JudgeContainer<2>},
    {.id = "L7",
     .section = "MS-SRVS 2.2.4.14, 2.2.4.19, 3.1.4.5",
     .title = "Level 10 fills SESSION_INFO_10_CONTAINER",
     .checks = kContainerChecks,
     .pass = kContainerPass,
     .violation = kContainerViolation,
     .known = kContainerKnown,
     .check = JudgeContainer<10>},
    {.id = "L8",
     .section = "MS-SRVS 2.2.4.15, 2.2.4.20, 3.1.4.5",
     .title = "Level 502 fills SESSION_INFO_502_CONTAINER",
     .checks = kContainerChecks,
     .pass = kContainerPass,
     .violation = kContainerViolation,
     .known = kContainerKnown,
     .check = JudgeContainer<502>},
    {.id = "L9",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A session is the same at every level",
     .scope = Scope::kSeries,
     .checks = "Where one client asks one server at two levels within ten seconds, sessions of the same computer and "
               "user have the same flags and, the time between the calls allowed for, the same age.",
     .pass = "the sessions agree with those that another level returned seconds ago",
     .advisory =
         "another level returned {expected} here seconds ago, this one {seen}: every level is asked to show the "
         "same session",
     .check = JudgeAgreement},
    {.id = "T1",
     .section = "MS-SRVS 2.2.2.3, 2.2.4.12",
     .title = "user_flags knows two bits",
     .scope = Scope::kResponse,
     .checks = "On success, no bit but SESS_GUEST (1) and SESS_NOENCRYPTION (2) is set. None of them is lawful too: "
               "servers set 0 for "
               "who is no guest.",
     .pass = "no unknown bit is set",
     .violation = "user_flags is {seen}; only 1 (guest) and 2 (no encryption) exist{such}",
     .check = JudgeUserFlags},
    {.id = "T3",
     .section = "MS-SRVS 2.2.4.12 to 2.2.4.15",
     .title = "Times are seconds, and nobody is idle for longer than connected",
     .scope = Scope::kResponse,
     .checks = "idle_time is not above time, and time is not -1.",
     .pass = "the times are possible",
     .known = "time is 4294967295, that is -1: Samba computes it so for a session made at this moment{such}",
     .advisory = "a session of {expected} seconds has been idle for {seen}{such}",
     .check = JudgeTimes},
});

}  // namespace

std::span<const Rule> LevelRules() { return kRules; }

}  // namespace sessenum
