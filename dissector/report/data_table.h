// A table that can be filtered and sorted by style sheet alone: radio buttons choose, and each row carries its classes
// and its rank under each order. A script may take over and offer more.
#ifndef SESSENUM_REPORT_DATA_TABLE_H_
#define SESSENUM_REPORT_DATA_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/html.h"

namespace sessenum {

// The style sheet knows as many.
inline constexpr std::size_t kMostFilters = 6;
inline constexpr std::size_t kMostOrders = 4;
// Rows that are laid out at once; ranks have two digits of base 32. Those behind wait in a <template> for the script.
inline constexpr std::size_t kRowsWithoutScript = 1'000;

// NOLINTBEGIN(readability-redundant-member-init): g++ wants them where designated initializers leave members out

struct DataColumn {
  std::string_view label;
  std::string_view kind = {};   // class of its cells
  std::string_view about = {};  // what it means, for the heading's title
};

struct DataCell {
  std::string markup = {};
  std::string classes = {};                 // besides the kind of its column
  std::optional<std::uint64_t> value = {};  // what the script sorts it by, where its text does not say
};

struct DataRow {
  std::string id = {};                   // of the element; empty: none
  std::vector<DataCell> cells = {};      // as many as columns
  std::uint32_t filters = 0;             // bit i: it is shown under filter i
  std::vector<std::string> orders = {};  // what it is sorted by under each order

  // The next cell, to be written into until another is asked for.
  Html Cell() { return Html(cells.emplace_back().markup); }
  void Cell(std::string_view text) { Cell().Text(text); }
};

// NOLINTEND(readability-redundant-member-init)

struct DataTable {
  std::string_view id;
  std::string_view caption;
  std::vector<DataColumn> columns;
  std::vector<std::string_view> filters;  // labels; "all" is given always
  std::vector<std::string_view> orders;   // labels; the first order is that of the rows
  std::string_view natural_order;         // label of the order of the rows
  std::vector<DataRow> rows;
  std::uint64_t all = 0;  // rows that there are, in this table or not
  std::string_view noun;  // what a row is
};

// Appends the table with its controls.
void AppendTable(const DataTable& table, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_REPORT_DATA_TABLE_H_
