// Compressed SMB 3.1.1 messages (MS-SMB2 2.2.42).
#ifndef SESSENUM_SMB_SMB2_COMPRESSION_H_
#define SESSENUM_SMB_SMB2_COMPRESSION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace sessenum {

// MS-SMB2 2.2.3.1.3
enum class Smb2CompressionAlgorithm : std::uint16_t {
  kNone = 0,
  kLznt1 = 1,
  kLz77 = 2,
  kLz77Huffman = 3,
  kPatternV1 = 4,
  kLz4 = 5,
};

// What a compressed message says of itself.
struct Smb2CompressedHead {
  std::uint64_t size = 0;  // bytes of the whole message inside
  std::size_t plain = 0;   // how many of them stand as they are, from kCompressionHeaderSize on
};
// `message` starts with the compression header. kMalformed where the header is of neither form.
[[nodiscard]] Status Read(Bytes message, Smb2CompressedHead& out);

// Appends the message inside `message`, which starts with the compression header, to `out`. What was appended before a
// failure means nothing. kMalformed also where it does not come to just the size that the header says. At most that
// many bytes are written, and none is reserved: the size is the caller's to limit.
[[nodiscard]] Status Decompress(Bytes message, std::vector<std::uint8_t>& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_COMPRESSION_H_
