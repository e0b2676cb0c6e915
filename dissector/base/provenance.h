// Bytes that know which packets carried them.
#ifndef SESSENUM_BASE_PROVENANCE_H_
#define SESSENUM_BASE_PROVENANCE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace sessenum {

// A packet of the capture.
struct Frame {
  std::uint64_t number = 0;  // from 1, as Wireshark counts; 0 is "no packet"
  std::int64_t time_ns = 0;  // nanoseconds since 1970-01-01 UTC

  friend constexpr bool operator==(const Frame&, const Frame&) = default;
};

// The bytes from `offset` on, up to the next origin, came in `frame`. Several may stand at one offset: then the last
// one brought the bytes, and those before it something that these bytes needed, such as the header in front of them.
struct Origin {
  std::size_t offset = 0;
  Frame frame;
};

// A view of contiguous bytes and of where each came from. Both must outlive it.
class SourcedBytes {
 public:
  SourcedBytes() = default;
  // `origins` are ordered by offset; the first is at or before `base`, the offset at which `bytes` start.
  SourcedBytes(Bytes bytes, std::span<const Origin> origins, std::size_t base = 0)
      : bytes_(bytes), origins_(origins), base_(base) {}

  [[nodiscard]] Bytes bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  // The part from `offset` (at most size()), of at most `length` bytes.
  [[nodiscard]] SourcedBytes Sub(std::size_t offset, std::size_t length = SIZE_MAX) const {
    return {bytes_.subspan(offset, std::min(length, bytes_.size() - offset)), origins_, base_ + offset};
  }

  // Other bytes, as many, that came in the same packets: what these ones were made into.
  [[nodiscard]] SourcedBytes With(Bytes bytes) const { return {bytes, origins_, base_}; }

  // The packet that carried byte `index`; for index == size(), the packet of the last byte. Frame{} without origins.
  [[nodiscard]] Frame FrameAt(std::size_t index) const;

  // Calls `visit(offset in this view, frame)` for each run of bytes that one packet carried, and for each packet that
  // the first of them needed.
  template <typename Visitor>
  void ForEachRun(Visitor&& visit) const {
    for (std::size_t i = FirstOrigin(); i < origins_.size(); ++i) {
      if (bytes_.empty() || (origins_[i].offset >= base_ + bytes_.size() && i != FirstOrigin())) return;
      visit(origins_[i].offset > base_ ? origins_[i].offset - base_ : 0, origins_[i].frame);
    }
  }

 private:
  [[nodiscard]] std::size_t FirstOrigin() const;
  [[nodiscard]] std::size_t OriginIndex(std::size_t offset) const;

  Bytes bytes_;
  std::span<const Origin> origins_;
  std::size_t base_ = 0;
};

// The origins of `data`, a part of `unit`, with every packet of `unit` named as needed. Offsets count from data's
// start.
[[nodiscard]] std::vector<Origin> OriginsWithinUnit(SourcedBytes unit, SourcedBytes data);

// Appends to `frames` every packet that carried a byte of `bytes`, but not one that stands last in it already.
void AppendFrames(SourcedBytes bytes, std::vector<Frame>& frames);

// Owns bytes together with their origins. Used wherever a layer must wait for more.
class SourcedBuffer {
 public:
  void Append(SourcedBytes data);
  // Drops the first `count` bytes (at most size()).
  void Consume(std::size_t count);
  void Clear();

  [[nodiscard]] std::size_t size() const { return bytes_.size() - head_; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  // Bytes that it takes up, with what it knows of their packets.
  [[nodiscard]] std::size_t cost() const { return bytes_.size() + origins_.size() * sizeof(Origin); }
  [[nodiscard]] SourcedBytes View() const { return {Bytes(bytes_).subspan(head_), origins_, head_}; }

  // Offers what is kept followed by `data` to `take`, which returns how many bytes it used; 0 asks for more. What is
  // not used is kept. Bytes are copied only when they must wait.
  template <typename Take>
  void Drain(SourcedBytes data, Take&& take) {
    if (empty()) {
      while (!data.empty()) {
        const std::size_t used = take(data);
        if (used == 0) break;
        data = data.Sub(used);
      }
      Append(data);
      return;
    }
    Append(data);
    while (!empty()) {
      const std::size_t used = take(View());
      if (used == 0) return;
      Consume(used);
    }
  }

 private:
  // An empty buffer that has more room gives it back. Most messages fit.
  static constexpr std::size_t kKeptCapacity = 8'192;

  std::vector<std::uint8_t> bytes_;
  std::vector<Origin> origins_;
  std::size_t head_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_PROVENANCE_H_
