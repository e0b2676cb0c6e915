// Every rule of MS-SRVS 3.1.4.5 and of the sections that it uses.
#ifndef SESSENUM_RULES_CATALOGUE_H_
#define SESSENUM_RULES_CATALOGUE_H_

#include <span>
#include <string_view>
#include <vector>

#include "rules/call_facts.h"
#include "rules/rule.h"

namespace sessenum {

// The rules by subject. The rules of the stub's form are in well_formed.h.
[[nodiscard]] std::span<const Rule> AccessRules();
[[nodiscard]] std::span<const Rule> RequestRules();
[[nodiscard]] std::span<const Rule> QualifierRules();
[[nodiscard]] std::span<const Rule> LevelRules();
[[nodiscard]] std::span<const Rule> SizeRules();
[[nodiscard]] std::span<const Rule> ResumeRules();
[[nodiscard]] std::span<const Rule> PatternRules();

// All of them and those of the stub's form, in the order in which findings come. Lives as long as the program.
[[nodiscard]] const std::vector<Rule>& Catalogue();

// nullptr: there is none of this id (compared without regard to case).
[[nodiscard]] const Rule* FindRule(std::string_view id);

}  // namespace sessenum

#endif  // SESSENUM_RULES_CATALOGUE_H_
