// When a server must refuse a request, and whether it did.
#ifndef SESSENUM_RULES_REFUSAL_H_
#define SESSENUM_RULES_REFUSAL_H_

#include <cstdint>
#include <optional>

#include "rules/call_facts.h"
#include "srvsvc/status.h"

namespace sessenum {

// UTF-16 units of a qualifier, the terminator included (3.1.4.5: "more than 1,024 characters, including the terminating
// null character").
inline constexpr std::uint32_t kMostQualifierUnits = 1024;
[[nodiscard]] inline bool IsTooLong(const NdrString& qualifier) {
  return qualifier.actual_count > kMostQualifierUnits && UnitsOf(qualifier) > kMostQualifierUnits;
}

// Whether an RPC runtime refuses by this fault a stub that it cannot unmarshal (MS-RPCE 3.1.3.5.2, C706 appendix N.2):
// RPC_X_BAD_STUB_DATA, nca_s_fault_invalid_tag, nca_s_fault_invalid_bound.
[[nodiscard]] constexpr bool RefusesStub(std::uint32_t fault) {
  return fault == 0x6F7 || fault == 0x1C000006 || fault == 0x1C000007;
}

// Whether a call was refused for want of a right, by an answer or by a fault.
[[nodiscard]] constexpr bool IsAccessDenied(const std::optional<std::uint32_t>& status,
                                            const std::optional<std::uint32_t>& fault) {
  return status == kErrorAccessDenied || fault == kErrorAccessDenied;
}

// What is wrong with a request, in the sense of 3.1.4.5. Fields that were not reached are not wrong.
struct RequestErrors {
  bool client_name_form = false;    // NERR_InvalidComputer
  bool client_name_length = false;  // ERROR_INVALID_PARAMETER
  bool user_name_length = false;    // ERROR_INVALID_PARAMETER
  bool level = false;               // ERROR_INVALID_LEVEL
  bool may_match_nothing = false;   // NERR_UserNotFound, NERR_ClientNameNotFound

  // Whether `status` is the code of one of them, or one that needs no error of the request: the text gives no order in
  // which a server has to look.
  [[nodiscard]] bool Admit(std::uint32_t status) const;
};

[[nodiscard]] RequestErrors ErrorsOf(const SessionEnumRequest& request);

// Judges a server that must answer `expected` because of an error in the request. `habit`: whether Samba is known to
// answer as if nothing were wrong.
[[nodiscard]] Ruling JudgeRefusal(const CallFacts& call, std::uint32_t expected, bool habit);

}  // namespace sessenum

#endif  // SESSENUM_RULES_REFUSAL_H_
