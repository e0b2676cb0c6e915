// LZ77 with Huffman codes undone (MS-XCA 2.2).
#ifndef SESSENUM_SMB_LZ77_HUFFMAN_H_
#define SESSENUM_SMB_LZ77_HUFFMAN_H_

#include "base/bytes.h"
#include "base/result.h"
#include "smb/expansion.h"

namespace sessenum {

// Decompresses `in` until `out` is full: the stream has no end of its own, and what follows is not looked at.
// kMalformed where a table is no complete code or a match leads outside of what is written; kTruncated where `in` ends
// before `out` is full.
[[nodiscard]] Status DecompressLz77Huffman(Bytes in, Expansion& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_LZ77_HUFFMAN_H_
