// Plain LZ77 undone (MS-XCA 2.4).
#ifndef SESSENUM_SMB_LZ77_H_
#define SESSENUM_SMB_LZ77_H_

#include "base/bytes.h"
#include "base/result.h"
#include "smb/expansion.h"

namespace sessenum {

// Decompresses all of `in`. kMalformed where a match leads outside of what is written, or where there is more than
// `out` has room for; kTruncated where `in` ends within a match.
[[nodiscard]] Status DecompressLz77(Bytes in, Expansion& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_LZ77_H_
