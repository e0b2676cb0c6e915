#include "net/held_segments.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sessenum {
namespace {

// What a piece costs beside its bytes: the map's node and two blocks of memory. Without it, segments of one byte would
// take two hundred times the memory of their cap.
constexpr std::size_t kPieceOverhead = 192;

std::size_t CostOf(SourcedBytes data) {
  std::size_t cost = kPieceOverhead + data.size();
  data.ForEachRun([&cost](std::size_t, const Frame&) { cost += sizeof(Origin); });
  return cost;
}

}  // namespace

HeldSegments::Pieces::iterator HeldSegments::CoveringOrNext(std::uint64_t at) {
  const auto next = pieces_.upper_bound(at);
  if (next == pieces_.begin()) return next;
  const auto before = std::prev(next);
  return before->second.length > at - before->first ? before : next;
}

void HeldSegments::Insert(Pieces::iterator before, std::uint64_t at, Piece piece) {
  cost_ += piece.cost;
  budget_.flow_bytes_held += piece.cost;
  pieces_.emplace_hint(before, at, std::move(piece));
}

void HeldSegments::Add(std::uint64_t at, SourcedBytes data, const Arrival& arrival, DifferingSpan& differing) {
  auto next = CoveringOrNext(at);
  while (!data.empty()) {
    std::size_t step = data.size();
    if (next != pieces_.end() && next->first <= at) {
      const auto into = static_cast<std::size_t>(at - next->first);
      step = static_cast<std::size_t>(std::min<std::uint64_t>(step, next->second.length - into));
      const Bytes held = next->second.bytes.View().bytes();
      if (!held.empty()) differing.Compare(held.subspan(into, step), data.bytes().first(step), at);
      ++next;
    } else {
      if (next != pieces_.end()) step = static_cast<std::size_t>(std::min<std::uint64_t>(step, next->first - at));
      const SourcedBytes part = data.Sub(0, step);
      Piece piece{{}, step, arrival.frame, arrival.after, CostOf(part)};
      piece.bytes.Append(part);
      Insert(next, at, std::move(piece));
    }
    at += step;
    data = data.Sub(step);
  }
}

// Going on behind the next piece would let a packet of a few captured bytes that claims 64 KiB walk every piece.
void HeldSegments::AddCut(std::uint64_t at, std::uint64_t length, const Arrival& arrival) {
  const auto next = CoveringOrNext(at);
  if (next != pieces_.end()) {
    if (next->first <= at) return;
    length = std::min(length, next->first - at);
  }
  Insert(next, at, Piece{{}, length, arrival.frame, arrival.after, kPieceOverhead});
}

HeldSegments::Piece HeldSegments::TakeFirst() {
  const auto first = pieces_.begin();
  Piece piece = std::move(first->second);
  pieces_.erase(first);
  cost_ -= piece.cost;
  budget_.flow_bytes_held -= piece.cost;
  return piece;
}

}  // namespace sessenum
