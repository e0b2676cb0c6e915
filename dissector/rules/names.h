// How the names in a call compare.
#ifndef SESSENUM_RULES_NAMES_H_
#define SESSENUM_RULES_NAMES_H_

#include <cstddef>
#include <string_view>

#include "base/utf16.h"
#include "ndr/fields.h"
#include "smb/upcase.h"

namespace sessenum {

inline constexpr std::uint16_t kBackslash = '\\';

[[nodiscard]] inline bool StartsWithTwoBackslashes(Utf16View name) {
  return name.size() >= 2 && name[0] == kBackslash && name[1] == kBackslash;
}

// What a string says to a receiver that takes it as null-terminated, as 3.1.4.5 does: all before the first NUL.
[[nodiscard]] inline Utf16View NameOf(const NdrString& string) {
  const Utf16View text = string.text();
  const std::size_t nul = FindNul(text);
  return nul == kNoUnit ? text : text.First(nul);
}

// Where the string stands in its stub: the units, or the pointer of one that is NULL.
[[nodiscard]] inline Extent PlaceOf(const NdrString& string, NdrFormat format) {
  return string.null() ? string.pointer.extent(format) : string.extent();
}

// Its length in UTF-16 units, the terminator included; 0 for NULL.
[[nodiscard]] inline std::size_t UnitsOf(const NdrString& string) {
  const std::size_t nul = FindNul(string.units());
  return nul == kNoUnit ? string.actual_count : nul + 1;
}

// The name without the backslashes before it.
[[nodiscard]] inline Utf16View WithoutBackslashes(Utf16View name) {
  std::size_t skip = 0;
  while (skip < name.size() && name[skip] == kBackslash) ++skip;
  return {name.bytes().subspan(2 * skip), name.order()};
}

[[nodiscard]] inline bool SameName(Utf16View a, Utf16View b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (Upcase(a[i]) != Upcase(b[i])) return false;
  }
  return true;
}

// Whether both mean one computer: backslashes before it are spelling (Windows writes them, Samba does not).
[[nodiscard]] inline bool SameComputer(Utf16View a, Utf16View b) {
  return SameName(WithoutBackslashes(a), WithoutBackslashes(b));
}

// The user of "DOMAIN\user" or "user@domain"; the name itself where it has no domain.
[[nodiscard]] Utf16View UserOf(Utf16View name);

// Whether `name` may be the host of the share `tree` ("\\HOST\IPC$", UTF-8): their first labels are the same, or one
// of them is an address or nothing.
[[nodiscard]] bool NamesHostOf(Utf16View name, std::string_view tree);

}  // namespace sessenum

#endif  // SESSENUM_RULES_NAMES_H_
