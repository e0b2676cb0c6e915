#include "base/provenance.h"

#include <algorithm>

namespace sessenum {

std::size_t SourcedBytes::OriginIndex(std::size_t offset) const {
  const auto after = std::upper_bound(origins_.begin(), origins_.end(), offset,
                                      [](std::size_t at, const Origin& origin) { return at < origin.offset; });
  return after == origins_.begin() ? 0 : static_cast<std::size_t>(after - origins_.begin()) - 1;
}

std::size_t SourcedBytes::FirstOrigin() const {
  std::size_t first = OriginIndex(base_);
  while (first > 0 && origins_[first].offset == base_ && origins_[first - 1].offset == base_) --first;
  return first;
}

Frame SourcedBytes::FrameAt(std::size_t index) const {
  if (origins_.empty()) return {};
  const std::size_t last = bytes_.empty() ? 0 : bytes_.size() - 1;
  return origins_[OriginIndex(base_ + std::min(index, last))].frame;
}

std::vector<Origin> OriginsWithinUnit(SourcedBytes unit, SourcedBytes data) {
  std::vector<Origin> origins;
  unit.ForEachRun([&origins](std::size_t, const Frame& frame) { origins.push_back({0, frame}); });
  data.ForEachRun([&origins](std::size_t offset, const Frame& frame) { origins.push_back({offset, frame}); });
  return origins;
}

void AppendFrames(SourcedBytes bytes, std::vector<Frame>& frames) {
  bytes.ForEachRun([&frames](std::size_t, const Frame& frame) {
    if (frames.empty() || frames.back() != frame) frames.push_back(frame);
  });
}

void SourcedBuffer::Append(SourcedBytes data) {
  if (data.empty()) return;
  const std::size_t at = bytes_.size();
  data.ForEachRun([&](std::size_t offset, const Frame& frame) {
    if (origins_.empty() || origins_.back().frame != frame) origins_.push_back({at + offset, frame});
  });
  bytes_.insert(bytes_.end(), data.bytes().begin(), data.bytes().end());
}

void SourcedBuffer::Consume(std::size_t count) {
  head_ += count;
  if (head_ == bytes_.size()) {
    Clear();
    return;
  }
  // Moving the rest down only once half is dead keeps the cost of many small messages linear.
  if (head_ < bytes_.size() / 2) return;
  const auto first_live = std::upper_bound(origins_.begin(), origins_.end(), head_,
                                           [](std::size_t at, const Origin& origin) { return at < origin.offset; });
  if (first_live != origins_.begin()) origins_.erase(origins_.begin(), first_live - 1);
  for (Origin& origin : origins_) origin.offset = origin.offset > head_ ? origin.offset - head_ : 0;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

void SourcedBuffer::Clear() {
  // There may be one in each of 65,536 connections.
  if (bytes_.capacity() > kKeptCapacity) bytes_ = std::vector<std::uint8_t>();
  if (origins_.capacity() > kKeptCapacity / sizeof(Origin)) origins_ = std::vector<Origin>();
  bytes_.clear();
  origins_.clear();
  head_ = 0;
}

}  // namespace sessenum
