// Rows of fields: comma-separated for spreadsheets and databases, tab-separated for a shell.
#ifndef SESSENUM_OUTPUT_CSV_H_
#define SESSENUM_OUTPUT_CSV_H_

#include <memory>

#include "output/call_writer.h"

namespace sessenum {

// RFC 4180 with a header line. null is an empty cell, "" a quoted empty one, a list a JSON array. Text that a
// spreadsheet would take for a formula gets an apostrophe in front, and so does text that begins with one. A control
// character is written as an escape. Without fields: those of a call.
[[nodiscard]] std::unique_ptr<CallWriter> MakeCsv(const WriterOptions& options);

// The same rows with tabs and without a header: null is "-", "" is "(empty)", the items of a list are joined by commas.
[[nodiscard]] std::unique_ptr<CallWriter> MakeTabbed(const WriterOptions& options);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_CSV_H_
