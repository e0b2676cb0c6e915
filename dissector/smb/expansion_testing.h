// Runs a decompressor, and damages what it is given.
#ifndef SESSENUM_SMB_EXPANSION_TESTING_H_
#define SESSENUM_SMB_EXPANSION_TESTING_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "smb/expansion.h"

namespace sessenum {

using Decompressor = Status (*)(Bytes, Expansion&);

struct Expanded {
  Status status;
  std::string text;
  std::size_t capacity = 0;  // bytes that the output took up
};

inline Expanded Expand(Decompressor decompress, Bytes in, std::size_t size) {
  std::vector<std::uint8_t> out;
  Expansion expansion(size, out);
  Expanded expanded;
  expanded.status = decompress(in, expansion);
  expanded.text.assign(out.begin(), out.end());
  expanded.capacity = out.capacity();
  EXPECT_EQ(expansion.written(), out.size());
  EXPECT_EQ(expansion.room(), size - out.size());
  return expanded;
}

inline std::string Repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

// Whatever `in` is cut to yields a part of `text`, and whichever byte of it is changed, no more than its size.
inline void ExpectDamageIsSurvived(Decompressor decompress, const std::vector<std::uint8_t>& in,
                                   const std::string& text) {
  ASSERT_TRUE(Expand(decompress, in, text.size()).status.ok());
  for (std::size_t kept = 0; kept < in.size(); ++kept) {
    const std::vector<std::uint8_t> cut(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(kept));
    const Expanded expanded = Expand(decompress, cut, text.size());
    EXPECT_EQ(expanded.text, text.substr(0, expanded.text.size())) << kept;
  }
  for (std::size_t at = 0; at < in.size(); ++at) {
    for (const unsigned flip : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 255U}) {
      std::vector<std::uint8_t> changed = in;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
      EXPECT_LE(Expand(decompress, changed, text.size()).text.size(), text.size());
    }
  }
}

}  // namespace sessenum

#endif  // SESSENUM_SMB_EXPANSION_TESTING_H_
