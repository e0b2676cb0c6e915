// The LZ4 block format undone, as LZ4's own description has it (doc/lz4_Block_format.md).
#ifndef SESSENUM_SMB_LZ4_BLOCK_H_
#define SESSENUM_SMB_LZ4_BLOCK_H_

#include "base/bytes.h"
#include "base/result.h"
#include "smb/expansion.h"

namespace sessenum {

// Decompresses all of `in`, one block without a frame. kMalformed where a match leads outside of what is written, or
// where there is more than `out` has room for; kTruncated where `in` does not end behind literals.
[[nodiscard]] Status DecompressLz4Block(Bytes in, Expansion& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_LZ4_BLOCK_H_
