// Whole files, of a size that is bounded.
#ifndef SESSENUM_TOOLS_SESSENUM_INPUT_FILE_H_
#define SESSENUM_TOOLS_SESSENUM_INPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sessenum::tool {

// The bytes of the file (- is standard input); of a longer one more than `most`, and not all. nullopt after an error
// was printed.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> ReadFile(const std::string& path, std::size_t most);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_INPUT_FILE_H_
