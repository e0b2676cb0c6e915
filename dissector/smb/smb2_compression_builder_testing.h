// Builds compressed SMB2 messages for tests. The payloads have the form of their algorithm; few are smaller for it.
#ifndef SESSENUM_SMB_SMB2_COMPRESSION_BUILDER_TESTING_H_
#define SESSENUM_SMB_SMB2_COMPRESSION_BUILDER_TESTING_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "smb/smb2_builder_testing.h"
#include "smb/smb2_compression.h"

namespace sessenum::smb2 {

using Algorithm = Smb2CompressionAlgorithm;

// `bytes`, as literals alone. For kPatternV1 they are all the first one, for kLz4 they are 15 at least.
inline Buffer Pack(Algorithm algorithm, const Buffer& bytes) {
  Buffer out;
  ByteWriter to(out);
  switch (algorithm) {
    case Algorithm::kNone:
      return bytes;
    case Algorithm::kLznt1:
      for (std::size_t at = 0; at < bytes.size(); at += 4'096) {
        const Bytes chunk = Bytes(bytes).subspan(at, std::min<std::size_t>(4'096, bytes.size() - at));
        to.Write(static_cast<std::uint16_t>(0x3000U | (chunk.size() - 1)));
        to.WriteBytes(chunk);
      }
      return out;
    case Algorithm::kLz77:
      for (std::size_t at = 0; at < bytes.size(); at += 32) {
        to.Write<std::uint32_t>(0);
        to.WriteBytes(Bytes(bytes).subspan(at, std::min<std::size_t>(32, bytes.size() - at)));
      }
      return out;
    case Algorithm::kLz77Huffman:  // all literals, and no match, have a code of eight bits
      to.WriteFill(128, 0x88);
      to.WriteFill(128);
      for (std::size_t at = 0; at < bytes.size() + 4; at += 2) {
        to.Write(at + 1 < bytes.size() ? bytes[at + 1] : std::uint8_t{0});
        to.Write(at < bytes.size() ? bytes[at] : std::uint8_t{0});
      }
      return out;
    case Algorithm::kPatternV1:
      to.Write(bytes.at(0));
      to.WriteFill(3);
      to.Write(static_cast<std::uint32_t>(bytes.size()));
      return out;
    case Algorithm::kLz4:
      to.WriteFill(1, 0xF0);
      to.WriteFill((bytes.size() - 15) / 255, 0xFF);
      to.Write(static_cast<std::uint8_t>((bytes.size() - 15) % 255));
      to.WriteBytes(bytes);
      return out;
  }
  return out;
}

inline Buffer CompressionHeader(std::uint32_t original_size) {
  Buffer out;
  ByteWriter to(out);
  to.WriteBytes(Buffer{0xFC, 'S', 'M', 'B'});
  to.Write(original_size);
  return out;
}

// MS-SMB2 2.2.42.1. `original_size` is what `packed` is said to expand to.
inline Buffer Unchained(Algorithm algorithm, std::uint32_t original_size, const Buffer& plain, const Buffer& packed) {
  Buffer out = CompressionHeader(original_size);
  ByteWriter to(out);
  to.Write(static_cast<std::uint16_t>(algorithm));
  to.Write<std::uint16_t>(0);
  to.Write(static_cast<std::uint32_t>(plain.size()));
  to.WriteBytes(plain);
  to.WriteBytes(packed);
  return out;
}

// All but the first `plain` bytes of `message` compressed.
inline Buffer Unchained(Algorithm algorithm, const Buffer& message, std::size_t plain = 0) {
  const auto cut = message.begin() + static_cast<std::ptrdiff_t>(plain);
  return Unchained(algorithm, static_cast<std::uint32_t>(message.size() - plain), Buffer(message.begin(), cut),
                   Pack(algorithm, Buffer(cut, message.end())));
}

// A payload of a chain (MS-SMB2 2.2.42.2.1), with its OriginalPayloadSize where the algorithm has one.
inline Buffer Payload(Algorithm algorithm, std::uint32_t original_size, const Buffer& packed) {
  const bool sized = algorithm != Algorithm::kNone && algorithm != Algorithm::kPatternV1;
  Buffer out;
  ByteWriter to(out);
  to.Write(static_cast<std::uint16_t>(algorithm));
  to.Write<std::uint16_t>(0);
  to.Write(static_cast<std::uint32_t>(packed.size() + (sized ? 4 : 0)));
  if (sized) to.Write(original_size);
  to.WriteBytes(packed);
  return out;
}
inline Buffer Payload(Algorithm algorithm, const Buffer& bytes) {
  return Payload(algorithm, static_cast<std::uint32_t>(bytes.size()), Pack(algorithm, bytes));
}

// MS-SMB2 2.2.42.2
inline Buffer Chained(std::uint32_t original_size, const std::vector<Buffer>& payloads) {
  Buffer out = CompressionHeader(original_size);
  for (const Buffer& payload : payloads) out.insert(out.end(), payload.begin(), payload.end());
  if (out.size() > 10) out[10] = 1;  // SMB2_COMPRESSION_FLAG_CHAINED, in the first alone
  return out;
}

}  // namespace sessenum::smb2

#endif  // SESSENUM_SMB_SMB2_COMPRESSION_BUILDER_TESTING_H_
