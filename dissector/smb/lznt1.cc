#include "smb/lznt1.h"

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kChunkSize = 4'096;  // expanded
constexpr std::size_t kShortestMatch = 3;

// A chunk that is being expanded. Matches do not lead out of it.
class Chunk {
 public:
  explicit Chunk(Expansion& out) : out_(out), start_(out.written()) {}

  [[nodiscard]] bool Write(Bytes bytes) { return bytes.size() <= kChunkSize - size() && out_.Write(bytes); }
  // `match`: a distance and a length. The more is written, the more of the 16 bits are the distance's, from 4 to 12.
  [[nodiscard]] bool Repeat(std::uint16_t match) {
    unsigned distance_bits = 4;
    while (size() > std::size_t{1} << distance_bits) ++distance_bits;
    const unsigned length_bits = 16 - distance_bits;
    const std::size_t distance = (std::size_t{match} >> length_bits) + 1;
    const std::size_t length = (match & ((std::size_t{1} << length_bits) - 1)) + kShortestMatch;
    return distance <= size() && length <= kChunkSize - size() && out_.Repeat(distance, length);
  }

 private:
  [[nodiscard]] std::size_t size() const { return out_.written() - start_; }

  Expansion& out_;
  std::size_t start_;
};

// One byte of flags, lowest first, and up to eight items: a literal, or a match where the flag is set.
Status ReadGroup(ByteReader& in, Chunk& chunk) {
  std::uint8_t flags = 0;
  SE_TRY(in.Read(flags));
  for (unsigned item = 0; item < 8 && in.remaining() > 0; ++item) {
    if ((flags & 1U << item) != 0) {
      std::uint16_t match = 0;
      SE_TRY(in.Read(match));
      if (!chunk.Repeat(match)) return Malformed(in.offset());
    } else {
      Bytes literal;
      SE_TRY(in.ReadBytes(1, literal));
      if (!chunk.Write(literal)) return Malformed(in.offset());
    }
  }
  return Ok();
}

Status ReadChunk(std::uint16_t header, ByteReader& in, Expansion& out) {
  constexpr unsigned kSignature = 3;
  if ((header >> 12U & 7U) != kSignature) return Malformed(in.offset());
  ByteReader data{Bytes()};
  SE_TRY(in.Sub((header & 0xFFFU) + 1U, data));
  Chunk chunk(out);
  const bool compressed = (header & 0x8000U) != 0;
  if (!compressed) return chunk.Write(data.rest()) ? Ok() : Malformed(data.offset());
  while (data.remaining() > 0) SE_TRY(ReadGroup(data, chunk));
  return Ok();
}

}  // namespace

Status DecompressLznt1(Bytes in, Expansion& out) {
  ByteReader reader(in);
  while (reader.remaining() > 0) {
    std::uint16_t header = 0;
    SE_TRY(reader.Read(header));
    if (header == 0) return Ok();  // MS-XCA 2.5.1.1: End_of_buffer
    SE_TRY(ReadChunk(header, reader, out));
  }
  return Ok();
}

}  // namespace sessenum
