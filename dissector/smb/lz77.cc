#include "smb/lz77.h"

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kShortestMatch = 3;
constexpr std::uint32_t kMaxInToken = 7;    // of three bits: four more follow
constexpr std::uint32_t kMaxInNibble = 15;  // a byte follows
constexpr std::uint32_t kMaxInByte = 255;   // two bytes follow; if they are 0, four

// The lengths of matches. Two long ones share a byte, the earlier taking its lower half.
class MatchLengths {
 public:
  // `token`: the length in the match itself. `in` stands behind it.
  Status Read(std::uint32_t token, ByteReader& in, std::size_t& length) {
    std::uint32_t value = token;
    if (token == kMaxInToken) {
      SE_TRY(ReadNibble(in, value));
      if (value == kMaxInNibble) SE_TRY(ReadRest(in, value));
      value += kMaxInToken;
    }
    length = std::size_t{value} + kShortestMatch;
    return Ok();
  }

 private:
  Status ReadNibble(ByteReader& in, std::uint32_t& value) {
    if (half_used_) {
      value = shared_ >> 4U;
    } else {
      SE_TRY(in.Read(shared_));
      value = shared_ & 0xFU;
    }
    half_used_ = !half_used_;
    return Ok();
  }

  // What is read is counted from the shortest match, not from the sum of what stood before.
  static Status ReadRest(ByteReader& in, std::uint32_t& value) {
    std::uint8_t byte = 0;
    SE_TRY(in.Read(byte));
    value = byte + kMaxInNibble;
    if (byte != kMaxInByte) return Ok();
    std::uint16_t word = 0;
    SE_TRY(in.Read(word));
    value = word;
    if (word == 0) SE_TRY(in.Read(value));
    if (value < kMaxInNibble + kMaxInToken) return Malformed(in.offset());
    value -= kMaxInToken;
    return Ok();
  }

  std::uint8_t shared_ = 0;
  bool half_used_ = false;
};

Status ReadMatch(ByteReader& in, MatchLengths& lengths, Expansion& out) {
  std::uint16_t token = 0;
  std::size_t length = 0;
  SE_TRY(in.Read(token));
  SE_TRY(lengths.Read(token & kMaxInToken, in, length));
  return out.Repeat((token >> 3U) + 1U, length) ? Ok() : Malformed(in.offset());
}

}  // namespace

// The end may come at any item: flags that are left over stand for nothing.
Status DecompressLz77(Bytes in, Expansion& out) {
  ByteReader reader(in);
  MatchLengths lengths;
  while (reader.remaining() > 0) {
    std::uint32_t flags = 0;
    SE_TRY(reader.Read(flags));
    for (std::uint32_t flag = 1U << 31U; flag != 0 && reader.remaining() > 0; flag >>= 1U) {
      if ((flags & flag) != 0) {
        SE_TRY(ReadMatch(reader, lengths, out));
        continue;
      }
      std::uint8_t literal = 0;
      SE_TRY(reader.Read(literal));
      if (!out.Write(literal)) return Malformed(reader.offset());
    }
  }
  return Ok();
}

}  // namespace sessenum
