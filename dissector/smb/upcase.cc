#include "smb/upcase.h"

#include <array>
#include <cstddef>

#include "base/utf16.h"

namespace sessenum {
namespace {

// Every `step`-th unit from `first` to `last` is a lower-case letter, whose capital stands `delta` before it.
struct LowerRun {
  std::uint16_t first;
  std::uint16_t last;
  std::uint16_t step;
  int delta;
};

constexpr std::array<LowerRun, 29> kLowerRuns = {{
    {0x0061, 0x007A, 1, 32}, {0x00E0, 0x00F6, 1, 32}, {0x00F8, 0x00FE, 1, 32}, {0x00FF, 0x00FF, 1, -121},
    {0x0101, 0x012F, 2, 1},  {0x0133, 0x0137, 2, 1},  {0x013A, 0x0148, 2, 1},  {0x014B, 0x0177, 2, 1},
    {0x017A, 0x017E, 2, 1},  {0x03AC, 0x03AC, 1, 38}, {0x03AD, 0x03AF, 1, 37}, {0x03B1, 0x03C1, 1, 32},
    {0x03C2, 0x03C2, 1, 31}, {0x03C3, 0x03CB, 1, 32}, {0x03CC, 0x03CC, 1, 64}, {0x03CD, 0x03CE, 1, 63},
    {0x0430, 0x044F, 1, 32}, {0x0450, 0x045F, 1, 80}, {0x0461, 0x0481, 2, 1},  {0x048B, 0x04BF, 2, 1},
    {0x04C2, 0x04CE, 2, 1},  {0x04CF, 0x04CF, 1, 15}, {0x04D1, 0x0513, 2, 1},  {0x0561, 0x0586, 1, 48},
    {0x1E01, 0x1E95, 2, 1},  {0x1EA1, 0x1EFF, 2, 1},  {0x2170, 0x217F, 1, 16}, {0x24D0, 0x24E9, 1, 26},
    {0xFF41, 0xFF5A, 1, 32},
}};

}  // namespace

std::uint16_t Upcase(std::uint16_t unit) {
  for (const LowerRun& run : kLowerRuns) {
    if (unit < run.first) return unit;
    if (unit <= run.last)
      return (unit - run.first) % run.step == 0 ? static_cast<std::uint16_t>(unit - run.delta) : unit;
  }
  return unit;
}

std::vector<std::uint8_t> UpcaseUtf16(std::string_view text) {
  std::vector<std::uint8_t> units = Utf8ToUtf16(text, ByteOrder::kLittle);
  for (std::size_t i = 0; i + 1 < units.size(); i += 2) {
    const auto unit = LoadInteger<std::uint16_t>(&units[i], ByteOrder::kLittle);
    StoreInteger(Upcase(unit), ByteOrder::kLittle, &units[i]);
  }
  return units;
}

}  // namespace sessenum
