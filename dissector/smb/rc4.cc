#include "smb/rc4.h"

#include <cstddef>
#include <utility>

namespace sessenum {

Rc4::Rc4(Bytes key) {
  for (std::size_t i = 0; i < state_.size(); ++i) state_[i] = static_cast<std::uint8_t>(i);
  std::uint8_t j = 0;
  for (std::size_t i = 0; i < state_.size(); ++i) {
    j = static_cast<std::uint8_t>(j + state_[i] + key[i % key.size()]);
    std::swap(state_[i], state_[j]);
  }
}

void Rc4::Apply(std::span<std::uint8_t> data) {
  for (std::uint8_t& byte : data) {
    i_ = static_cast<std::uint8_t>(i_ + 1);
    j_ = static_cast<std::uint8_t>(j_ + state_[i_]);
    std::swap(state_[i_], state_[j_]);
    byte = static_cast<std::uint8_t>(byte ^ state_[static_cast<std::uint8_t>(state_[i_] + state_[j_])]);
  }
}

}  // namespace sessenum
