// A report as one HTML file that needs nothing else.
#ifndef SESSENUM_REPORT_PAGE_H_
#define SESSENUM_REPORT_PAGE_H_

#include <string>
#include <string_view>

#include "report/report.h"

namespace sessenum {

struct PageOptions {
  std::string_view title;      // any bytes; empty: a title of our own
  std::string_view generator;  // "sessenum 0.1.0"
};

// Appends the page.
void AppendPage(const Report& report, const PageOptions& options, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_REPORT_PAGE_H_
