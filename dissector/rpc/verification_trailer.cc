#include "rpc/verification_trailer.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/byte_reader.h"
#include "base/result.h"

namespace sessenum {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature = {0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71};
constexpr std::uint16_t kCommandEnd = 0x4000;

// Old Windows clients put up to 15 bytes of residue before the trailer; a generous multiple of that bounds the search.
constexpr std::size_t kSearchWindow = 1024;

// Commands are little-endian whatever the PDU says (MS-RPCE 2.2.2.13.2).
Status ReadCommands(ByteReader& in, std::uint32_t& commands) {
  std::uint16_t command = 0;
  while ((command & kCommandEnd) == 0) {
    std::uint16_t length = 0;
    SE_TRY(in.Read(command));
    SE_TRY(in.Read(length));
    SE_TRY(in.Skip(length));
    ++commands;
  }
  return Ok();
}

}  // namespace

std::optional<VerificationTrailer> FindVerificationTrailer(Bytes stub, std::uint32_t from) {
  const std::size_t start = (std::size_t{from} + 3) / 4 * 4;
  for (std::size_t at = start; at + kSignature.size() <= stub.size() && at - start < kSearchWindow; at += 4) {
    if (!std::equal(kSignature.begin(), kSignature.end(), stub.begin() + static_cast<std::ptrdiff_t>(at))) continue;
    ByteReader in(stub.subspan(at + kSignature.size()), ByteOrder::kLittle, at + kSignature.size());
    VerificationTrailer trailer;
    trailer.well_formed = ReadCommands(in, trailer.commands).ok();
    trailer.where = {ClampToU32(at), ClampToU32(in.offset() - at)};
    return trailer;
  }
  return std::nullopt;
}

}  // namespace sessenum
