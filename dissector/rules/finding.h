// What the validator says of a call.
#ifndef SESSENUM_RULES_FINDING_H_
#define SESSENUM_RULES_FINDING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/duplex.h"
#include "base/extent.h"
#include "ndr/anomaly.h"

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

struct Finding {
  std::string_view rule;  // static storage
  Verdict verdict = Verdict::kPass;
  Direction message = Direction::kToServer;  // kToServer: of the request, by the client; kToClient: of the response
  FieldRef field;
  Extent where;            // in the stub
  std::uint64_t seen = 0;  // what the rule's message speaks of
  std::uint64_t expected = 0;
  std::uint32_t times = 1;
  std::uint64_t frame = 0;  // the packet that carried the first byte; 0 until it is known

  [[nodiscard]] std::string_view party() const { return message == Direction::kToServer ? "client" : "server"; }
};

// How often each verdict was reached.
using VerdictCounts = std::array<std::uint64_t, kVerdictNames.size()>;

// The field as a path: "response.container.sessions[3].cname".
[[nodiscard]] std::string FieldPath(const Finding& finding);

// What was seen and what is asked, for a person who has not read the specification.
[[nodiscard]] std::string Message(const Finding& finding);

}  // namespace sessenum

#endif  // SESSENUM_RULES_FINDING_H_
