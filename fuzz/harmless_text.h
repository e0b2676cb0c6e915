// What any text must be that names from the wire are part of.
#ifndef SESSENUM_FUZZ_HARMLESS_TEXT_H_
#define SESSENUM_FUZZ_HARMLESS_TEXT_H_

#include <cstdint>
#include <string_view>

#include "base/utf16.h"
#include "fuzz/require.h"

namespace sessenum::fuzz {

// C0 and C1, DEL, and what turns the direction of writing (Unicode TR 36, 3.8): a terminal obeys all of these.
// `allowed` stands between cells; line breaks may be there always.
inline void RequireHarmlessBut(std::string_view text, std::uint32_t allowed) {
  while (!text.empty()) {
    const std::string_view before = text;
    const std::uint32_t c = TakeCodePoint(text);
    Require(c != 0xFFFD || before.starts_with("\xEF\xBF\xBD"), "text is UTF-8");
    Require(c == '\n' || c == allowed || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)),
            "no control character reaches whoever reads");
    Require(!(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069), "no text is turned round");
  }
}

inline void RequireHarmless(std::string_view text) { RequireHarmlessBut(text, '\n'); }

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_HARMLESS_TEXT_H_
