// How the interface is reached, who may use it, and how a call may fail.
#include <algorithm>
#include <array>
#include <cstddef>

#include "rules/catalogue.h"
#include "rules/finding.h"
#include "rules/refusal.h"
#include "rules/well_formed.h"

namespace sessenum {
namespace {

Ruling JudgeBinding(const CallFacts& call) {
  if (!call.interface) return Undecided("no bind was captured");
  Ruling ruling{.verdict = Verdict::kPass, .seen = call.interface->major, .expected = kSrvsvcInterface.major};
  if (call.interface->major != kSrvsvcInterface.major) {
    ruling.verdict = Verdict::kViolation;
  } else if (!call.over_named_pipe) {
    ruling.verdict = Verdict::kAdvisory;
  }
  return ruling;
}

// Whether the runtime may refuse the request, which was captured whole.
bool MayBeRefusedByTheRuntime(const SessionEnumRequest& request) {
  if (!request.report.status.ok() || FindLevel(request.info.level.value) == nullptr) return true;
  return std::ranges::any_of(request.report.anomalies.entries(), [](const Anomaly& anomaly) {
    return WellFormedRules()[static_cast<std::size_t>(anomaly.kind)].verdict == Verdict::kViolation;
  });
}

Ruling JudgeFault(const CallFacts& call) {
  if (!call.fault) return StatusOf(call) ? Ruling{.verdict = Verdict::kPass} : NoResponse(call);
  Ruling ruling{.verdict = Verdict::kAdvisory, .field = {kFaultField}, .seen = *call.fault};
  if (*call.fault == kErrorAccessDenied) ruling.verdict = Verdict::kKnown;
  if (RefusesStub(*call.fault)) {
    const bool is_seen = call.request != nullptr && (call.request_whole || IsDecoded(call.request));
    if (!is_seen) return NoRequest(call);
    if (MayBeRefusedByTheRuntime(*call.request)) ruling.verdict = Verdict::kPass;
  }
  return ruling;
}

Ruling JudgeStatusValue(const CallFacts& call) {
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  constexpr std::uint32_t kHighestWin32Code = 0xFFFF;
  return {.verdict = *status <= kHighestWin32Code ? Verdict::kPass : Verdict::kAdvisory,
          .field = {"status"},
          .where = call.response->status.extent(),
          .seen = *status};
}

Ruling JudgeAccess(const CallFacts& call) {
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  Ruling ruling{
      .verdict = Verdict::kPass, .field = {"status"}, .where = call.response->status.extent(), .seen = *status};
  if (*status == kErrorAccessDenied) return ruling;
  if (!IsSuccess(*status)) return {};
  if (!call.is_nobody) return Undecided("who the caller is was not captured");
  if (!*call.is_nobody) return Undecided("what the caller may do is known to the server alone");
  ruling.verdict = Verdict::kAdvisory;
  return ruling;
}

Ruling JudgeNamedCode(const CallFacts& call) {
  if (!IsDecoded(call.request)) return NoRequest(call);
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  if (*status != kNerrInvalidComputer && *status != kErrorInvalidParameter) return {};
  return {.verdict = ErrorsOf(*call.request).Admit(*status) ? Verdict::kPass : Verdict::kAdvisory,
          .field = {"status"},
          .where = call.response->status.extent(),
          .seen = *status};
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "G1",
     .section = "MS-SRVS 1.9, 2.1",
     .title = "The interface is srvsvc 3.0 on the named pipe \\PIPE\\srvsvc",
     .party = Party::kClient,
     .scope = Scope::kBind,
     .checks = "The version in the bind, and the transport that carried it.",
     .pass = "srvsvc 3.0 over a named pipe",
     .violation = "the client bound to version {seen} of srvsvc; there is {expected} only",
     .advisory = "the call came over plain TCP; the protocol knows named pipes only, and Windows does not offer srvsvc "
                 "on TCP: an unusual server, or a relay",
     .check = JudgeBinding},
    {.id = "G2",
     .section = "MS-SRVS 3.1.4",
     .title = "The method fails by its return value, not by an exception",
     .scope = Scope::kPair,
     .checks =
         "A fault is one of the RPC runtime's, for a request that it could not unmarshal: a rule of G5 is broken, or "
         "Level does not exist.",
     .pass = "no fault, or one that the request called for",
     .known = "the fault ERROR_ACCESS_DENIED: Windows and Samba refuse so for the sake of RPC security, before the "
              "method runs",
     .advisory = "fault {seen} for a request with which nothing is wrong: a failure of the method belongs into its "
                 "return value. Whether the method or the runtime raised it cannot be seen",
     .check = JudgeFault},
    {.id = "G3",
     .section = "MS-SRVS 3.1.4.5",
     .title = "The return value is a Win32 or NERR code",
     .scope = Scope::kResponse,
     .checks = "The value is at most 0xFFFF: NTSTATUS and HRESULT values are above it.",
     .pass = "the return value is a NET_API_STATUS",
     .advisory =
         "the return value {seen.status} has the shape of an NTSTATUS or HRESULT: callers of this method expect "
         "a Win32 or NERR code and will not know it",
     .check = JudgeStatusValue},
    {.id = "G4",
     .section = "MS-SRVS 3.2.3, 3.2.4",
     .title = "The client makes the RPC connection and hands on results unchanged",
     .party = Party::kClient,
     .scope = Scope::kBind,
     .checks = "Not observable: what becomes of the results happens inside the client."},
    {.id = "X1",
     .section = "MS-SRVS 3.1.4.5",
     .title = "A code that the text ties to an error of the request comes with that error",
     .checks =
         "NERR_InvalidComputer answers a ClientName without backslashes, ERROR_INVALID_PARAMETER a qualifier that is "
         "too long. Where several errors apply any of them will do. ERROR_INVALID_LEVEL is L2's.",
     .pass = "the request has the error that {seen.status} stands for",
     .advisory = "the server returned {seen.status}, and the request has no error that the text ties to it: the server "
                 "has reasons of its own",
     .check = JudgeNamedCode},
    {.id = "A1",
     .section = "MS-SRVS 3.1.4.5",
     .title = "The server checks whether the caller may do this",
     .scope = Scope::kPair,
     .checks = "Nobody (a guest or anonymous session) gets an answer. Whether others have the right is known to the "
               "server alone: Windows before 10 1607 and Server 2019 answers every user at levels 0 and 10.",
     .pass = "the server refused the call for want of rights",
     .advisory = "a guest or anonymous session was given the list of sessions",
     .check = JudgeAccess},
});

}  // namespace

std::span<const Rule> AccessRules() { return kRules; }

}  // namespace sessenum
