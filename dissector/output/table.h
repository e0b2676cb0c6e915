// A plain table: columns as wide as they need to be.
#ifndef SESSENUM_OUTPUT_TABLE_H_
#define SESSENUM_OUTPUT_TABLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sessenum {

using TableRow = std::vector<std::string>;

// Appends `rows`, the first of which holds the headings, with `indent` before each line. Cells are printable text.
void AppendTable(const std::vector<TableRow>& rows, std::string_view indent, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_TABLE_H_
