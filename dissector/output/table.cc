#include "output/table.h"

#include <algorithm>

#include "base/terminal.h"

namespace sessenum {
namespace {

// Beyond this a cell pushes the rest of its row aside rather than widening the whole table.
constexpr std::size_t kWidest = 40;

std::vector<std::size_t> Widths(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(kWidest, Columns(row[i])));
    }
  }
  return widths;
}

}  // namespace

void AppendTable(const std::vector<TableRow>& rows, std::string_view indent, std::string& out) {
  const std::vector<std::size_t> widths = Widths(rows);
  for (const TableRow& row : rows) {
    out += indent;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 == row.size()) break;
      const std::size_t columns = Columns(row[i]);
      out.append(columns < widths[i] ? widths[i] - columns + 2 : 2, ' ');
    }
    out += '\n';
  }
}

}  // namespace sessenum
