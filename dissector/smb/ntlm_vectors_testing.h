// The messages of MS-NLMP 4.2: user "User" of "Domain" with the password "Password".
#ifndef SESSENUM_SMB_NTLM_VECTORS_TESTING_H_
#define SESSENUM_SMB_NTLM_VECTORS_TESTING_H_

#include <cstdint>
#include <vector>

#include "smb/hex_testing.h"

namespace sessenum {

inline std::vector<std::uint8_t> ChallengeToken() {
  return FromHex("4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef");
}

// 4.2.4.3: NTLMv2 with key exchange; the session key is 16 times 0x55.
inline std::vector<std::uint8_t> AuthenticateTokenV2() {
  return FromHex(
      "4e544c4d53535000 03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000 100010005c000000"
      "10001000d8000000 35828ae2 0501280a0000000f 44006f006d00610069006e00 5500730065007200"
      "43004f004d0050005500540045005200 86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"
      "68cd0ab851e51c96aabc927bebef6a1c 01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000"
      "02000c0044006f006d00610069006e00 01000c00530065007200760065007200 0000000000000000"
      "c5dad2544fc9799094ce1ce90bc9d03e");
}

// 4.2.3.3: NTLMv1 with extended session security, without key exchange.
inline std::vector<std::uint8_t> AuthenticateTokenV1() {
  return FromHex(
      "4e544c4d53535000 03000000 180018006c000000 1800180084000000 0c000c0048000000 0800080054000000 100010005c000000"
      "000000009c000000 35820882 0501280a0000000f 44006f006d00610069006e00 5500730065007200"
      "43004f004d0050005500540045005200 aaaaaaaaaaaaaaaa00000000000000000000000000000000"
      "7537f803ae367128ca458204bde7caf81e97ed2683267232");
}

}  // namespace sessenum

#endif  // SESSENUM_SMB_NTLM_VECTORS_TESTING_H_
