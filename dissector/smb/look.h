// What a single message says of its connection.
#ifndef SESSENUM_SMB_LOOK_H_
#define SESSENUM_SMB_LOOK_H_

#include <optional>

#include "base/bytes.h"
#include "smb/connection.h"

namespace sessenum {

// SmbMessageDirection for a message without its framing header.
[[nodiscard]] std::optional<Direction> MessageDirection(Bytes message);

}  // namespace sessenum

#endif  // SESSENUM_SMB_LOOK_H_
