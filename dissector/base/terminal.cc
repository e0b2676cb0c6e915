#include "base/terminal.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf16.h"

namespace sessenum {
namespace {

// Characters that a terminal obeys or does not show.
constexpr bool IsUnprintable(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF0 && c <= 0xFFFB) || (c >= 0x13430 && c <= 0x1343F) || (c >= 0x1BCA0 && c <= 0x1BCA3) ||
         (c >= 0x1D173 && c <= 0x1D17A) || (c >= 0xE0000 && c <= 0xE0FFF);
}

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
};

// What terminals draw in two columns: the blocks of East Asian Wide and Fullwidth (UAX #11), emoji among them.
constexpr std::array<CodePoints, 16> kWide = {{{0x1100, 0x115F},
                                               {0x2E80, 0x303E},
                                               {0x3041, 0x3247},
                                               {0x3250, 0x4DBF},
                                               {0x4E00, 0xA4CF},
                                               {0xA960, 0xA97F},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE10, 0xFE19},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0xFFE0, 0xFFE6},
                                               {0x16FE0, 0x1B2FF},
                                               {0x1F300, 0x1F64F},
                                               {0x1F900, 0x1F9FF},
                                               {0x20000, 0x3FFFD}}};

// What they draw on top of the character before.
constexpr std::array<CodePoints, 4> kCombining = {
    {{0x0300, 0x036F}, {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

template <std::size_t N>
bool IsIn(const std::array<CodePoints, N>& table, std::uint32_t c) {
  return std::ranges::any_of(table, [c](const CodePoints& range) { return c >= range.first && c <= range.last; });
}

void AppendEscape(std::uint32_t c, std::string& out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const int digits = c < 0x100 ? 2 : (c < 0x10000 ? 4 : 6);
  out.append("\\").append(1, digits == 2 ? 'x' : (digits == 4 ? 'u' : 'U'));
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
  while (!printable.empty()) {
    const std::uint32_t c = TakeCodePoint(printable);
    if (!IsIn(kCombining, c)) columns += IsIn(kWide, c) ? 2U : 1U;
  }
  return columns;
}

}  // namespace sessenum
