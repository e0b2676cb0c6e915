// The catalogue of rules as the C interface shows it.
#ifndef SESSENUM_ABI_RULE_TABLE_H_
#define SESSENUM_ABI_RULE_TABLE_H_

#include <string_view>
#include <vector>

#include "sessenum/sessenum.h"

namespace sessenum {

// In the order of Catalogue(). Lives as long as the program.
[[nodiscard]] const std::vector<sessenum_rule>& RuleTable();

// The id of a rule of the catalogue, null-terminated, as it stands in RuleTable().
[[nodiscard]] const char* RuleId(std::string_view id);

}  // namespace sessenum

#endif  // SESSENUM_ABI_RULE_TABLE_H_
