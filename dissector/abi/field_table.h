// The fields of the two messages under the names and numbers of the C interface.
#ifndef SESSENUM_ABI_FIELD_TABLE_H_
#define SESSENUM_ABI_FIELD_TABLE_H_

#include <cstddef>
#include <vector>

#include "sessenum/sessenum.h"
#include "srvsvc/session.h"

namespace sessenum {

inline constexpr std::size_t kFieldCount = SESSENUM_RULE + 1;

// One entry for each sessenum_field_id, in their order. Lives as long as the program.
[[nodiscard]] const std::vector<sessenum_field>& FieldTable();

// The number of a field of the level table.
[[nodiscard]] sessenum_field_id IdOf(const SessionField& field);

}  // namespace sessenum

#endif  // SESSENUM_ABI_FIELD_TABLE_H_
