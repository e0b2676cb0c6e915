// A strict reader of the markup that a report is made of, for checking that nothing from outside became part of it.
#ifndef SESSENUM_FUZZ_MARKUP_H_
#define SESSENUM_FUZZ_MARKUP_H_

#include <string>
#include <string_view>
#include <vector>

namespace sessenum::fuzz {

struct Markup {
  std::string problem;             // empty: every element is one of a report's, and closed where it has to be
  std::vector<std::string> ids;    // in the order of the text
  std::vector<std::string> links;  // what each href leads to, without its "#"
};

// Reads the inside of a body. Elements and attributes are known ones, those that could run something are not among
// them; values stand in double quotes; what looks like markup in text or in a value is escaped.
[[nodiscard]] Markup ReadMarkup(std::string_view html);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MARKUP_H_
