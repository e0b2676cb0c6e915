// The part of a report that the page's graph and timeline are drawn from, as JSON that can stand in a <script> element.
#ifndef SESSENUM_REPORT_DATA_ISLAND_H_
#define SESSENUM_REPORT_DATA_ISLAND_H_

#include <string>

#include "report/report.h"

namespace sessenum {

// Appends one JSON object: pairs, calls and sessions as {"columns": names, "rows": lists}. Names are those of NDJSON
// where they mean the same; false stands for what an answer does not tell, null for a NULL pointer. Neither "<" nor ">"
// nor "&" stands in it, so that no name can end the element it stands in.
void AppendData(const Report& report, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_REPORT_DATA_ISLAND_H_
