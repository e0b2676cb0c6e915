#include "smb/smb2_compression.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "smb/expansion.h"
#include "smb/lz4_block.h"
#include "smb/lz77.h"
#include "smb/lz77_huffman.h"
#include "smb/lznt1.h"

namespace sessenum {
namespace {

// MS-SMB2 2.2.42.1; in a chain the last three are the first payload header (MS-SMB2 2.2.42.2.1).
struct Header {
  std::uint32_t original_size = 0;
  std::uint16_t algorithm = 0;
  std::uint16_t flags = 0;
  std::uint32_t offset_or_length = 0;

  [[nodiscard]] bool chained() const { return flags == 1; }
};

Status ReadHeader(ByteReader& in, Header& out) {
  SE_TRY(in.Skip(4));
  SE_TRY(in.Read(out.original_size));
  SE_TRY(in.Read(out.algorithm));
  SE_TRY(in.Read(out.flags));
  SE_TRY(in.Read(out.offset_or_length));
  return out.flags > 1 ? Malformed(in.offset()) : Ok();
}

// MS-SMB2 2.2.42.2.2
Status ReadPattern(Bytes in, Expansion& out) {
  ByteReader reader(in);
  std::uint8_t pattern = 0;
  std::uint32_t repetitions = 0;
  SE_TRY(reader.Read(pattern));
  SE_TRY(reader.Skip(3));
  SE_TRY(reader.Read(repetitions));
  return out.Fill(pattern, repetitions) ? Ok() : Malformed(reader.offset());
}

Status Expand(Smb2CompressionAlgorithm algorithm, Bytes in, Expansion& out) {
  switch (algorithm) {
    case Smb2CompressionAlgorithm::kNone:
      return out.Write(in) ? Ok() : Malformed(0);
    case Smb2CompressionAlgorithm::kLznt1:
      return DecompressLznt1(in, out);
    case Smb2CompressionAlgorithm::kLz77:
      return DecompressLz77(in, out);
    case Smb2CompressionAlgorithm::kLz77Huffman:
      return DecompressLz77Huffman(in, out);
    case Smb2CompressionAlgorithm::kPatternV1:
      return ReadPattern(in, out);
    case Smb2CompressionAlgorithm::kLz4:
      return DecompressLz4Block(in, out);
  }
  return Malformed(0);
}

[[nodiscard]] bool HasOriginalSize(Smb2CompressionAlgorithm algorithm) {
  return algorithm != Smb2CompressionAlgorithm::kNone && algorithm != Smb2CompressionAlgorithm::kPatternV1;
}

// Expands what comes to `size` bytes, neither more nor less. Nothing but it can be looked back at.
Status ExpandTo(std::size_t size, Smb2CompressionAlgorithm algorithm, Bytes in, std::vector<std::uint8_t>& out) {
  Expansion expansion(size, out);
  SE_TRY(Expand(algorithm, in, expansion));
  return expansion.room() == 0 ? Ok() : Malformed(in.size());
}

// A payload of a chain: `left` is how many bytes of the message are still to come.
Status ReadPayload(ByteReader& in, std::size_t& left, std::vector<std::uint8_t>& out) {
  std::uint16_t code = 0;
  std::uint32_t length = 0;
  ByteReader payload{Bytes()};
  SE_TRY(in.Read(code));
  SE_TRY(in.Skip(2));  // Flags
  SE_TRY(in.Read(length));
  SE_TRY(in.Sub(length, payload));
  const auto algorithm = static_cast<Smb2CompressionAlgorithm>(code);
  const std::size_t before = out.size();
  if (HasOriginalSize(algorithm)) {
    std::uint32_t size = 0;
    SE_TRY(payload.Read(size));
    if (size > left) return Malformed(payload.offset());
    SE_TRY(ExpandTo(size, algorithm, payload.rest(), out));
  } else {
    Expansion expansion(left, out);
    SE_TRY(Expand(algorithm, payload.rest(), expansion));
  }
  left -= out.size() - before;
  return Ok();
}

// MS-SMB2 3.1.5.3
Status ReadChain(ByteReader in, std::size_t size, std::vector<std::uint8_t>& out) {
  std::size_t left = size;
  while (in.remaining() > 0) SE_TRY(ReadPayload(in, left, out));
  return left == 0 ? Ok() : Malformed(in.offset());
}

}  // namespace

Status Read(Bytes message, Smb2CompressedHead& out) {
  ByteReader in(message);
  Header header;
  SE_TRY(ReadHeader(in, header));
  const std::size_t offset = header.offset_or_length;
  out.size = header.original_size;
  if (!header.chained()) {
    out.size += offset;
    out.plain = std::min(offset, in.remaining());
  } else if (header.algorithm == static_cast<std::uint16_t>(Smb2CompressionAlgorithm::kNone)) {
    out.plain = std::min(offset, in.remaining());
  }
  return Ok();
}

Status Decompress(Bytes message, std::vector<std::uint8_t>& out) {
  ByteReader in(message);
  ByteReader chain = in;
  Header header;
  SE_TRY(ReadHeader(in, header));
  if (header.chained()) {
    SE_TRY(chain.Skip(8));  // ProtocolId, OriginalCompressedSegmentSize
    return ReadChain(chain, header.original_size, out);
  }
  Bytes plain;
  SE_TRY(in.ReadBytes(header.offset_or_length, plain));
  out.insert(out.end(), plain.begin(), plain.end());
  return ExpandTo(header.original_size, static_cast<Smb2CompressionAlgorithm>(header.algorithm), in.rest(), out);
}

}  // namespace sessenum
