// UUIDs and interface identifiers as DCE/RPC carries them.
#ifndef SESSENUM_RPC_UUID_H_
#define SESSENUM_RPC_UUID_H_

#include <array>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/result.h"

namespace sessenum {

// C706 appendix A: the first three members are integers in the byte order of the PDU.
struct Uuid {
  std::uint32_t time_low = 0;
  std::uint16_t time_mid = 0;
  std::uint16_t time_hi_and_version = 0;
  std::array<std::uint8_t, 8> rest{};

  friend constexpr bool operator==(const Uuid&, const Uuid&) = default;
};

// p_syntax_id_t (C706 12.6.3.1): an interface or a transfer syntax, with its version.
struct SyntaxId {
  Uuid uuid;
  std::uint16_t major = 0;
  std::uint16_t minor = 0;

  friend constexpr bool operator==(const SyntaxId&, const SyntaxId&) = default;
};

// MS-SRVS 1.9
inline constexpr SyntaxId kSrvsvcInterface{
    {0x4b324fc8, 0x1670, 0x01d3, {0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88}}, 3, 0};
// C706 appendix I
inline constexpr SyntaxId kNdrSyntax{
    {0x8a885d04, 0x1ceb, 0x11c9, {0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60}}, 2, 0};
// MS-RPCE 2.2.4.12
inline constexpr SyntaxId kNdr64Syntax{
    {0x71710533, 0xbeba, 0x4937, {0x83, 0x19, 0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36}}, 1, 0};

// Whether `syntax` stands for bind-time feature negotiation (MS-RPCE 2.2.2.14): the last eight bytes are a bit mask.
[[nodiscard]] constexpr bool IsFeatureNegotiation(const SyntaxId& syntax) {
  return syntax.uuid.time_low == 0x6cb71c2c && syntax.uuid.time_mid == 0x9812 &&
         syntax.uuid.time_hi_and_version == 0x4540;
}

[[nodiscard]] inline Status ReadUuid(ByteReader& in, Uuid& out) {
  SE_TRY(in.Read(out.time_low));
  SE_TRY(in.Read(out.time_mid));
  SE_TRY(in.Read(out.time_hi_and_version));
  for (std::uint8_t& byte : out.rest) SE_TRY(in.Read(byte));
  return Ok();
}

// The version's low half is the major number (C706 12.6.3.1).
[[nodiscard]] inline Status ReadSyntaxId(ByteReader& in, SyntaxId& out) {
  std::uint32_t version = 0;
  SE_TRY(ReadUuid(in, out.uuid));
  SE_TRY(in.Read(version));
  out.major = static_cast<std::uint16_t>(version & 0xFFFFU);
  out.minor = static_cast<std::uint16_t>(version >> 16U);
  return Ok();
}

}  // namespace sessenum

#endif  // SESSENUM_RPC_UUID_H_
