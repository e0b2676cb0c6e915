// A rule of the catalogue: what it asks, of whom, and the check that judges a call by it.
#ifndef SESSENUM_RULES_RULE_H_
#define SESSENUM_RULES_RULE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/extent.h"
#include "base/utf16.h"
#include "ndr/anomaly.h"
#include "rules/verdict.h"

namespace sessenum {

struct CallFacts;

enum class Party : std::uint8_t { kClient, kServer };
inline constexpr std::array<std::string_view, 2> kPartyNames = {"client", "server"};
[[nodiscard]] constexpr std::string_view Name(Party party) { return kPartyNames[static_cast<std::size_t>(party)]; }

// What a rule has to see.
enum class Scope : std::uint8_t {
  kStub,      // the bytes of one message
  kRequest,   // a request alone
  kResponse,  // a response alone
  kPair,      // a response with its request
  kSeries,    // calls that continue each other, or that speak of the same sessions
  kBind,      // how the interface was reached
  kCapture,   // all calls of a client
};
inline constexpr std::array<std::string_view, 7> kScopeNames = {"stub",   "request", "response", "pair",
                                                                "series", "bind",    "capture"};
[[nodiscard]] constexpr std::string_view Name(Scope scope) { return kScopeNames[static_cast<std::size_t>(scope)]; }

// NOLINTBEGIN(readability-redundant-member-init): g++ wants them where designated initializers leave members out

// What a check found. The members behind `verdict` are those of a Finding.
struct Ruling {
  Verdict verdict = Verdict::kNotApplicable;
  std::string_view why = {};
  FieldRef field = {};
  Extent where = {};
  std::uint64_t seen = 0;
  std::uint64_t expected = 0;
  std::uint32_t times = 1;
  Utf16View quoted = {};
};

using Check = Ruling (*)(const CallFacts& call);

struct Rule {
  std::string_view id = {};
  std::string_view section = {};  // of the specification
  std::string_view title = {};
  Party party = Party::kServer;
  Scope scope = Scope::kPair;
  std::string_view checks = {};  // what is compared with what; of a rule without a check: why nobody can
  // What each verdict means; empty where the rule never reaches it. Placeholders as in Finding::text.
  std::string_view pass = {};
  std::string_view violation = {};
  std::string_view known = {};
  std::string_view advisory = {};
  // nullptr: a passive observer cannot judge it.
  Check check = nullptr;

  [[nodiscard]] constexpr std::string_view Meaning(Verdict verdict) const {
    switch (verdict) {
      case Verdict::kPass:
        return pass;
      case Verdict::kViolation:
        return violation;
      case Verdict::kKnown:
        return known;
      case Verdict::kAdvisory:
        return advisory;
      case Verdict::kUndecided:  // Ruling::why says it
        return {};
      case Verdict::kNotApplicable:
        return "the condition of this rule does not hold here";
    }
    return {};
  }
};

// NOLINTEND(readability-redundant-member-init)

}  // namespace sessenum

#endif  // SESSENUM_RULES_RULE_H_
