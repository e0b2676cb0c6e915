// Text from the wire, made fit for a terminal.
#ifndef SESSENUM_BASE_TERMINAL_H_
#define SESSENUM_BASE_TERMINAL_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace sessenum {

// `text` (any bytes) with everything that could steer a terminal or hide itself written as an escape: control
// characters of ASCII and Latin-1, line separators, bidirectional and zero-width formatting. Ill-formed UTF-8 becomes
// U+FFFD.
[[nodiscard]] std::string Printable(std::string_view text);

// The columns that `printable` takes: two for a wide character (CJK, emoji), none for a combining one.
[[nodiscard]] std::size_t Columns(std::string_view printable);

}  // namespace sessenum

#endif  // SESSENUM_BASE_TERMINAL_H_
