#include "rules/names.h"

#include <algorithm>
#include <string>

namespace sessenum {

Utf16View UserOf(Utf16View name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '@') return name.First(i);
    if (name[i] == kBackslash) return {name.bytes().subspan(2 * (i + 1)), name.order()};
  }
  return name;
}

namespace {

// An address says nothing of a name.
bool IsAddress(std::string_view host) {
  return host.find_first_not_of("0123456789.") == std::string_view::npos || host.find(':') != std::string_view::npos ||
         host.find("ipv6-literal") != std::string_view::npos;
}

std::string_view FirstLabel(std::string_view host) { return host.substr(0, host.find('.')); }

bool SameText(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return Upcase(static_cast<std::uint16_t>(static_cast<unsigned char>(c) & 0x7FU)); };
  return std::ranges::equal(a, b, {}, fold, fold);
}

}  // namespace

bool NamesHostOf(Utf16View name, std::string_view tree) {
  const std::size_t start = tree.find_first_not_of('\\');
  if (start == std::string_view::npos) return true;
  const std::string_view host = tree.substr(start, tree.find('\\', start) - start);
  const std::string named = ToUtf8(WithoutBackslashes(name));
  if (named.empty() || IsAddress(named) || IsAddress(host)) return true;
  return SameText(FirstLabel(named), FirstLabel(host));
}

}  // namespace sessenum
