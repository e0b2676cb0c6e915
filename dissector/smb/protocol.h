// The four kinds of message that SMB carries, told apart by their first bytes.
#ifndef SESSENUM_SMB_PROTOCOL_H_
#define SESSENUM_SMB_PROTOCOL_H_

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace sessenum {

enum class SmbProtocol : std::uint8_t {
  kSmb1 = 0xFF,         // MS-CIFS 2.2.3.1
  kSmb2 = 0xFE,         // MS-SMB2 2.2.1
  kTransform = 0xFD,    // MS-SMB2 2.2.41: encrypted
  kCompression = 0xFC,  // MS-SMB2 2.2.42
  kNone = 0,
};

inline constexpr std::size_t kSmb1HeaderSize = 32;
inline constexpr std::size_t kSmb2HeaderSize = 64;
inline constexpr std::size_t kTransformHeaderSize = 52;
inline constexpr std::size_t kCompressionHeaderSize = 16;

// The protocol of a message that starts with `bytes`; kNone where the first four say none.
[[nodiscard]] constexpr SmbProtocol ProtocolOf(Bytes bytes) {
  if (bytes.size() < 4 || bytes[0] < 0xFC || bytes[1] != 'S' || bytes[2] != 'M' || bytes[3] != 'B') {
    return SmbProtocol::kNone;
  }
  return static_cast<SmbProtocol>(bytes[0]);
}

// The fewest bytes that a message of `protocol` can have.
[[nodiscard]] constexpr std::size_t LeastSize(SmbProtocol protocol) {
  switch (protocol) {
    case SmbProtocol::kSmb1:
      return kSmb1HeaderSize + 3;  // WordCount and ByteCount
    case SmbProtocol::kSmb2:
      return kSmb2HeaderSize;
    case SmbProtocol::kTransform:
      return kTransformHeaderSize;
    case SmbProtocol::kCompression:
      return kCompressionHeaderSize;
    case SmbProtocol::kNone:
      break;
  }
  return 0;
}

}  // namespace sessenum

#endif  // SESSENUM_SMB_PROTOCOL_H_
