// HTML into which nothing from outside gets unescaped.
#ifndef SESSENUM_REPORT_HTML_H_
#define SESSENUM_REPORT_HTML_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sessenum {

// Appends to `out`, which must outlive it.
class Html {
 public:
  explicit Html(std::string& out) : out_(out) {}

  // Markup of our own: string literals, never a value.
  Html& Markup(std::string_view markup) {
    out_.append(markup);
    return *this;
  }
  // A value, in an element or in a quoted attribute.
  Html& Text(std::string_view text) {
    for (const char c : text) {
      const std::string_view escape = EscapeOf(c);
      if (escape.empty()) {
        out_.push_back(c);
      } else {
        out_.append(escape);
      }
    }
    return *this;
  }
  Html& Number(std::uint64_t number) {
    out_.append(std::to_string(number));
    return *this;
  }
  // <td class="...">text</td>
  Html& Cell(std::string_view text, std::string_view kind = "") { return OpenCell(kind).Text(text).Markup("</td>"); }
  Html& OpenCell(std::string_view kind = "") {
    if (kind.empty()) return Markup("<td>");
    return Markup("<td class=\"").Text(kind).Markup("\">");
  }

 private:
  static std::string_view EscapeOf(char c) {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&#39;";
      default:
        return {};
    }
  }

  std::string& out_;
};

}  // namespace sessenum

#endif  // SESSENUM_REPORT_HTML_H_
