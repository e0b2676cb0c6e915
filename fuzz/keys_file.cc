// Property: any text is read as keys or refused with the number of a line that is there, and reading it again agrees.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/require.h"
#include "smb/key_store.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sessenum::fuzz::Require;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text is char
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sessenum::KeyStore keys;
  const auto problem = keys.Parse(text);
  sessenum::KeyStore again;
  const auto same = again.Parse(text);
  Require(problem.has_value() == same.has_value(), "reading keys twice agrees");
  if (!problem) return 0;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  Require(problem->line >= 1 && problem->line <= lines, "a problem is on a line that is there");
  Require(problem->line == same->line && problem->reason == same->reason, "reading keys twice agrees");
  Require(!problem->reason.empty(), "a problem has a reason");
  return 0;
}
