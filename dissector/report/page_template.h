// The page without its contents: page/page.html, built into the program.
#ifndef SESSENUM_REPORT_PAGE_TEMPLATE_H_
#define SESSENUM_REPORT_PAGE_TEMPLATE_H_

#include <string_view>

namespace sessenum {

// Static storage. Each "<!--sessenum:NAME-->" in it stands for a part of the report.
[[nodiscard]] std::string_view PageTemplate();

}  // namespace sessenum

#endif  // SESSENUM_REPORT_PAGE_TEMPLATE_H_
