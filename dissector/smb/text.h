// Names as SMB sends them.
#ifndef SESSENUM_SMB_TEXT_H_
#define SESSENUM_SMB_TEXT_H_

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/limits.h"

namespace sessenum {

enum class SmbCharset : bool { kOem, kUtf16 };

// Returns `text` as UTF-8, cut at Limits::smb_name_bytes. Which code page OEM text is in the wire does not say: its
// bytes above 0x7F become U+FFFD.
[[nodiscard]] std::string DecodeName(Bytes text, SmbCharset charset, Budget& budget);

// Returns the name of the pipe that a client opens as `path`: lower case (ASCII), without leading backslashes and
// "PIPE\".
[[nodiscard]] std::string PipeName(std::string_view path);

}  // namespace sessenum

#endif  // SESSENUM_SMB_TEXT_H_
