#include "smb/lz4_block.h"

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kShortestMatch = 4;

// A length whose first four bits are `start`: 15 goes on in bytes, up to and including the first that is not 255.
// Stops where it exceeds `most`, so that no run of bytes can wrap it.
Status ReadLength(unsigned start, std::size_t most, ByteReader& in, std::size_t& length) {
  length = start;
  if (start < 15) return Ok();
  std::uint8_t more = 0;
  do {
    SE_TRY(in.Read(more));
    length += more;
    if (length > most) return Malformed(in.offset());
  } while (more == 255);
  return Ok();
}

}  // namespace

Status DecompressLz4Block(Bytes in, Expansion& out) {
  ByteReader reader(in);
  for (;;) {
    std::uint8_t token = 0;
    std::size_t length = 0;
    Bytes literals;
    SE_TRY(reader.Read(token));
    SE_TRY(ReadLength(token >> 4U, out.room(), reader, length));
    SE_TRY(reader.ReadBytes(length, literals));
    if (!out.Write(literals)) return Malformed(reader.offset());
    if (reader.remaining() == 0) return Ok();  // the last sequence has no match

    std::uint16_t distance = 0;
    SE_TRY(reader.Read(distance));
    SE_TRY(ReadLength(token & 0xFU, out.room(), reader, length));
    if (!out.Repeat(distance, length + kShortestMatch)) return Malformed(reader.offset());
  }
}

}  // namespace sessenum
