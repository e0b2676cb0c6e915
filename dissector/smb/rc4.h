// RC4, which NTLM seals with (MS-NLMP 3.4.3).
#ifndef SESSENUM_SMB_RC4_H_
#define SESSENUM_SMB_RC4_H_

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace sessenum {

// One key stream. A copy goes on from where the original stands.
class Rc4 {
 public:
  // `key` has 1 to 256 bytes.
  explicit Rc4(Bytes key);

  // Combines `data` with the next bytes of the key stream: sealing and unsealing are the same.
  void Apply(std::span<std::uint8_t> data);

 private:
  std::array<std::uint8_t, 256> state_{};
  std::uint8_t i_ = 0;
  std::uint8_t j_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_RC4_H_
