// How targets that feed several streams or messages read their input: a chain of pieces, each with a byte of its own.
#ifndef SESSENUM_FUZZ_PIECES_H_
#define SESSENUM_FUZZ_PIECES_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace sessenum::fuzz {

// One piece: a byte that says what it is, two that give its length (little-endian, cut at the end), the bytes.
struct Piece {
  std::uint8_t kind = 0;
  Bytes bytes;
};

// Calls `visit(piece)` for each piece of `input`.
template <typename Visitor>
void ForEachPiece(Bytes input, Visitor&& visit) {
  while (input.size() >= 3) {
    const std::size_t announced = input[1] + std::size_t{256} * input[2];
    const std::size_t size = std::min(announced, input.size() - 3);
    visit(Piece{input[0], input.subspan(3, size)});
    input = input.subspan(3 + size);
  }
}

// Sizes that follow from a seed, the same for the same one.
class Sizes {
 public:
  explicit Sizes(std::uint32_t seed) : state_(seed) {}

  // From 1 to `most`, and at most `left`.
  [[nodiscard]] std::size_t Next(std::size_t most, std::size_t left) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return std::min(left, 1 + (state_ >> 16U) % most);
  }

 private:
  std::uint32_t state_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_PIECES_H_
