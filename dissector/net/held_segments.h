// Stream bytes that wait for what comes before them.
#ifndef SESSENUM_NET_HELD_SEGMENTS_H_
#define SESSENUM_NET_HELD_SEGMENTS_H_

#include <cstddef>
#include <cstdint>
#include <map>

#include "base/limits.h"
#include "base/provenance.h"
#include "net/differing_span.h"

namespace sessenum {

// Disjoint pieces of one direction, by stream position; the first copy of a byte is kept. Every step is logarithmic in
// the pieces, plus the captured bytes that it looks at.
class HeldSegments {
 public:
  struct Piece {
    SourcedBuffer bytes;       // empty: cut away by snaplen
    std::uint64_t length = 0;  // bytes on the wire
    Frame frame;               // the packet that brought it
    std::uint64_t after = 0;   // its sender had all bytes of the peer before this position
    std::size_t cost = 0;
  };
  // What brought a piece: the packet, and what that acknowledged.
  struct Arrival {
    Frame frame;
    std::uint64_t after = 0;
  };

  // Charges `budget`, which must outlive this, for what is held.
  explicit HeldSegments(Budget& budget) : budget_(budget) {}
  HeldSegments(const HeldSegments&) = delete;
  HeldSegments& operator=(const HeldSegments&) = delete;
  ~HeldSegments() { budget_.flow_bytes_held -= cost_; }

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  // Position of the first piece, and the piece; not for an empty map.
  [[nodiscard]] std::uint64_t begin() const { return pieces_.begin()->first; }
  [[nodiscard]] const Piece& first() const { return pieces_.begin()->second; }
  // Bytes held, with the cost of keeping them.
  [[nodiscard]] std::size_t cost() const { return cost_; }

  // Keeps what of `data`, at stream position `at`, is not held yet, and compares the rest into `differing`.
  void Add(std::uint64_t at, SourcedBytes data, const Arrival& arrival, DifferingSpan& differing);
  // Notes that `length` bytes at `at` were cut away by snaplen, up to the next piece that is held.
  void AddCut(std::uint64_t at, std::uint64_t length, const Arrival& arrival);
  // Gives the first piece; not for an empty map.
  [[nodiscard]] Piece TakeFirst();

 private:
  using Pieces = std::map<std::uint64_t, Piece>;

  // The piece that covers `at`, or else the first behind it.
  [[nodiscard]] Pieces::iterator CoveringOrNext(std::uint64_t at);
  void Insert(Pieces::iterator before, std::uint64_t at, Piece piece);

  Budget& budget_;
  Pieces pieces_;
  std::size_t cost_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_HELD_SEGMENTS_H_
