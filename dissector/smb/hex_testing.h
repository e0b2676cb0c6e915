// Bytes written as hex digits, as specifications print them.
#ifndef SESSENUM_SMB_HEX_TESTING_H_
#define SESSENUM_SMB_HEX_TESTING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace sessenum {

// Blanks are passed over.
inline std::vector<std::uint8_t> FromHex(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

template <std::size_t N>
std::array<std::uint8_t, N> ArrayFromHex(std::string_view text) {
  const std::vector<std::uint8_t> bytes = FromHex(text);
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N && i < bytes.size(); ++i) out[i] = bytes[i];
  return out;
}

inline std::string ToHex(Bytes bytes) {
  std::string text;
  for (const unsigned byte : bytes) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace sessenum

#endif  // SESSENUM_SMB_HEX_TESTING_H_
