#include "rules/refusal.h"

#include "rules/names.h"

namespace sessenum {

bool RequestErrors::Admit(std::uint32_t status) const {
  switch (status) {
    case kErrorAccessDenied:
    case kErrorNotEnoughMemory:
    case kErrorNotSupported:
    case kNerrServerNotStarted:
      return true;
    case kNerrInvalidComputer:
      return client_name_form;
    case kErrorInvalidParameter:
      return client_name_length || user_name_length;
    case kErrorInvalidLevel:
      return level;
    case kNerrUserNotFound:
    case kNerrClientNameNotFound:
      return may_match_nothing;
    default:
      return false;
  }
}

RequestErrors ErrorsOf(const SessionEnumRequest& request) {
  RequestErrors errors;
  const NdrString& client = request.client_name;
  errors.client_name_form = IsSpecified(client) && !StartsWithTwoBackslashes(client.text());
  errors.client_name_length = IsTooLong(client);
  errors.user_name_length = IsTooLong(request.user_name);
  errors.may_match_nothing = HasQualifier(request);
  errors.level = request.info.level.decoded() && FindLevel(request.info.level.value) == nullptr;
  return errors;
}

Ruling JudgeRefusal(const CallFacts& call, std::uint32_t expected, bool habit) {
  const auto status = StatusOf(call);
  if (!status) return NoResponse(call);
  Ruling ruling{.verdict = Verdict::kViolation,
                .field = {"status"},
                .where = call.response->status.extent(),
                .seen = *status,
                .expected = expected};
  if (*status == expected || ErrorsOf(*call.request).Admit(*status)) ruling.verdict = Verdict::kPass;
  // What the status refuses may stand where the request was not read.
  const bool may_be_due = !IsSuccess(*status) && !IsDecoded(call.request);
  if (ruling.verdict == Verdict::kViolation && may_be_due) return NoRequest(call);
  if (IsSuccess(*status) && habit) ruling.verdict = Verdict::kKnown;
  return ruling;
}

}  // namespace sessenum
