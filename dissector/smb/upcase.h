// Upper case as Windows makes it of user names.
#ifndef SESSENUM_SMB_UPCASE_H_
#define SESSENUM_SMB_UPCASE_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace sessenum {

// One UTF-16 unit: the letters of Latin, Greek, Cyrillic and Armenian, and full-width Latin. Others stay as they are.
[[nodiscard]] std::uint16_t Upcase(std::uint16_t unit);

// `text` (UTF-8) as UTF-16LE in upper case.
[[nodiscard]] std::vector<std::uint8_t> UpcaseUtf16(std::string_view text);

}  // namespace sessenum

#endif  // SESSENUM_SMB_UPCASE_H_
