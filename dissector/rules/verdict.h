// The verdicts that a rule can reach.
#ifndef SESSENUM_RULES_VERDICT_H_
#define SESSENUM_RULES_VERDICT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sessenum {

enum class Verdict : std::uint8_t {
  kPass,
  kViolation,      // breaks a MUST
  kKnown,          // breaks the text in the way of a known implementation
  kAdvisory,       // worth a look; breaks nothing
  kUndecided,      // the evidence is missing
  kNotApplicable,  // the rule's condition does not hold
};

inline constexpr std::array<std::string_view, 6> kVerdictNames = {"pass",     "violation", "known",
                                                                  "advisory", "undecided", "not_applicable"};

[[nodiscard]] constexpr std::string_view Name(Verdict verdict) {
  return kVerdictNames[static_cast<std::size_t>(verdict)];
}

// Which verdicts become findings.
enum class Telling : std::uint8_t {
  kNotable,  // what somebody should look at
  kAll,      // every verdict, also of rules that nothing breaks
};
[[nodiscard]] constexpr bool IsTold(Verdict verdict, Telling telling) {
  return telling == Telling::kAll || verdict == Verdict::kViolation || verdict == Verdict::kKnown ||
         verdict == Verdict::kAdvisory;
}

// How often each verdict was reached.
using VerdictCounts = std::array<std::uint64_t, kVerdictNames.size()>;

}  // namespace sessenum

#endif  // SESSENUM_RULES_VERDICT_H_
