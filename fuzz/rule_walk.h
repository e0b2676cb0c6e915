// What the rules must say of a call of which nothing came before: MS-SRVS 3.1.4.5 and what Samba is known to do
// otherwise, written down once more, and without a line of the rules.
#ifndef SESSENUM_FUZZ_RULE_WALK_H_
#define SESSENUM_FUZZ_RULE_WALK_H_

#include <optional>
#include <string_view>

#include "base/duplex.h"
#include "ndr/anomaly.h"
#include "rules/call_facts.h"
#include "rules/verdict.h"

namespace sessenum::fuzz {

// nullopt for what is not said here: F1, and rules that nobody can check. The server is asked for "\\SRV\IPC$".
[[nodiscard]] std::optional<Verdict> WalkRule(std::string_view id, const CallFacts& call);

// Whether the rule is the client's to keep.
[[nodiscard]] bool IsOfClient(std::string_view id);

// What an oddity of a stub means.
[[nodiscard]] Verdict VerdictOn(AnomalyKind kind);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_RULE_WALK_H_
