#include "output/terminal.h"

#include <array>
#include <cstdint>

#include "base/utf16.h"

namespace sessenum {
namespace {

// Characters that a terminal obeys or does not show.
constexpr bool IsUnprintable(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF0 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

void AppendEscape(std::uint32_t c, std::string& out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const int digits = c < 0x100 ? 2 : (c < 0x10000 ? 4 : 6);
  out += c < 0x100 ? "\\x" : (c < 0x10000 ? "\\u" : "\\U");
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kDigits[(c >> static_cast<unsigned>(shift)) & 0xFU];
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::uint32_t c = TakeCodePoint(text);
    if (IsUnprintable(c)) {
      AppendEscape(c, out);
    } else {
      AppendCodePoint(c, out);
    }
  }
  return out;
}

std::size_t Columns(std::string_view printable) {
  std::size_t columns = 0;
  for (const char c : printable) columns += (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return columns;
}

}  // namespace sessenum
