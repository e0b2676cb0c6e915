// LZNT1 undone (MS-XCA 2.5).
#ifndef SESSENUM_SMB_LZNT1_H_
#define SESSENUM_SMB_LZNT1_H_

#include "base/bytes.h"
#include "base/result.h"
#include "smb/expansion.h"

namespace sessenum {

// Decompresses `in` up to its end or its end mark. kMalformed where a chunk has no signature, expands to more than it
// may or than `out` has room for, or a match leads out of it; kTruncated where `in` ends within a chunk.
[[nodiscard]] Status DecompressLznt1(Bytes in, Expansion& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_LZNT1_H_
