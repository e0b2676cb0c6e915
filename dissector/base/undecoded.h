// Why something that was on the wire is not in the output. "Not seen" is never "wrong".
#ifndef SESSENUM_BASE_UNDECODED_H_
#define SESSENUM_BASE_UNDECODED_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sessenum {

enum class Undecoded : std::uint8_t {
  kEncrypted,   // no key that fits
  kCompressed,  // in a form that is not unpacked
  kTruncated,   // the capture kept only the start of a packet (snaplen)
  kGap,         // the capture lost packets
  kMalformed,   // all bytes are there and they cannot be decoded
  kNoBind,      // no bind was captured and the bytes fit no transfer syntax
};

inline constexpr std::array<std::string_view, 6> kUndecodedNames = {"encrypted", "compressed", "truncated",
                                                                    "gap",       "malformed",  "no_bind"};

[[nodiscard]] constexpr std::string_view Name(Undecoded why) { return kUndecodedNames[static_cast<std::size_t>(why)]; }

}  // namespace sessenum

#endif  // SESSENUM_BASE_UNDECODED_H_
