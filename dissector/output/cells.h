// Values as cells of logs that are separated by tabs.
#ifndef SESSENUM_OUTPUT_CELLS_H_
#define SESSENUM_OUTPUT_CELLS_H_

#include <string>
#include <string_view>

#include "output/fields.h"

namespace sessenum {

inline constexpr std::string_view kUnsetCell = "-";
inline constexpr std::string_view kEmptyCell = "(empty)";

// Appends `value` as a cell: null is "-", an empty text or list "(empty)", items are joined by commas. `escape` makes
// text fit; text that would then read as one of these marks, and a comma within a list, get an escape of their own.
void AppendCell(const FieldValue& value, std::string (*escape)(std::string_view), std::string& out);

// As Zeek's logs escape: every byte of what cannot be shown as \xHH, a backslash as two.
[[nodiscard]] std::string ZeekEscaped(std::string_view text);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_CELLS_H_
