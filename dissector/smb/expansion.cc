#include "smb/expansion.h"

#include <algorithm>
#include <span>

namespace sessenum {

bool Expansion::Write(std::uint8_t byte) {
  if (room_ == 0) return false;
  --room_;
  out_.push_back(byte);
  return true;
}

bool Expansion::Write(Bytes bytes) {
  if (bytes.size() > room_) return false;
  room_ -= bytes.size();
  out_.insert(out_.end(), bytes.begin(), bytes.end());
  return true;
}

bool Expansion::Fill(std::uint8_t byte, std::size_t count) {
  if (count > room_) return false;
  room_ -= count;
  out_.insert(out_.end(), count, byte);
  return true;
}

bool Expansion::Repeat(std::size_t distance, std::size_t length) {
  if (distance == 0 || distance > written() || length > room_) return false;
  room_ -= length;
  const std::size_t at = out_.size();
  out_.resize(at + length);
  const std::span<std::uint8_t> all(out_);
  if (length <= distance) {
    std::ranges::copy(all.subspan(at - distance, length), all.subspan(at).begin());
    return true;
  }
  for (std::size_t i = at; i < all.size(); ++i) all[i] = all[i - distance];  // one at a time: the source grows
  return true;
}

}  // namespace sessenum
