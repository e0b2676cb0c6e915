// What a decompressor writes to: it can look back at what it has written, and never exceeds what was asked for.
#ifndef SESSENUM_SMB_EXPANSION_H_
#define SESSENUM_SMB_EXPANSION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace sessenum {

// Appends to a buffer that grows only as bytes are written, whatever size was declared.
class Expansion {
 public:
  // `out` must outlive the expansion; what it holds already is left alone and cannot be looked back at. No more than
  // `size` bytes are appended.
  Expansion(std::size_t size, std::vector<std::uint8_t>& out) : out_(out), start_(out.size()), room_(size) {}

  [[nodiscard]] std::size_t written() const { return out_.size() - start_; }
  // How many bytes may still be written.
  [[nodiscard]] std::size_t room() const { return room_; }

  // Each returns false, and writes nothing, where there is no room for all.
  [[nodiscard]] bool Write(std::uint8_t byte);
  [[nodiscard]] bool Write(Bytes bytes);
  [[nodiscard]] bool Fill(std::uint8_t byte, std::size_t count);
  // Writes `length` bytes again, from `distance` bytes back; they may reach into what this very call writes. False also
  // where `distance` is 0 or leads before the first byte.
  [[nodiscard]] bool Repeat(std::size_t distance, std::size_t length);

 private:
  std::vector<std::uint8_t>& out_;
  std::size_t start_;
  std::size_t room_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_EXPANSION_H_
