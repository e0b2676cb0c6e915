// What is odd about a stub. The decoder records; whether it breaks a rule is said in rules/.
#ifndef SESSENUM_NDR_ANOMALY_H_
#define SESSENUM_NDR_ANOMALY_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/extent.h"

namespace sessenum {

enum class AnomalyKind : std::uint8_t {
  // The decoder had to stop.
  kTruncated,        // the stub ends inside a field; `expected` bytes were wanted, `seen` were left
  kImpossibleCount,  // a count above 2^31-1 (MS-RPCE 3.1.1.5.3.2.2); `seen` is the count
  kUnknownElements,  // an array under a level that is not listed: the size of its elements is not known
  kTooManySessions,  // more entries than Limits allows to decode
  // The decoder went on.
  kPadding,            // alignment bytes that are not zero: lawful, and a fingerprint
  kRepeatedReferent,   // a referent id for the second time: lawful for unique pointers, and a fingerprint
  kMaxAboveActual,     // a string whose max_count is above its actual_count: lawful, and unusual
  kActualAboveMax,     // a string that is longer than its own maximum
  kStringOffset,       // a string whose offset is not zero
  kZeroActualCount,    // a string without even a terminator
  kUnterminated,       // a string whose last unit is not NUL
  kEmbeddedNul,        // a string with a NUL before its last unit
  kUnpairedSurrogate,  // UTF-16 that is ill-formed
  kLevelMismatch,      // the union's discriminant (`seen`) is not the Level (`expected`)
  kCountMismatch,      // the array's max_count (`seen`) is not EntriesRead (`expected`)
  kNullBuffer,         // EntriesRead (`seen`) is not zero and Buffer is NULL
  kTrailingBytes,      // `seen` bytes after the last parameter
  kBadTrailer,         // a verification trailer that is not well-formed (MS-RPCE 2.2.2.13)
  kNdr64BigEndian,     // NDR64 in big-endian byte order (MS-RPCE 2.2.5 knows only little-endian)
};

// Names as they stand in findings, after "G5-".
inline constexpr std::array<std::string_view, 19> kAnomalyNames = {
    "truncated",         "impossible-count", "unknown-elements",   "too-many-sessions", "padding",
    "repeated-referent", "max-above-actual", "actual-above-max",   "string-offset",     "zero-actual-count",
    "unterminated",      "embedded-nul",     "unpaired-surrogate", "level-mismatch",    "count-mismatch",
    "null-buffer",       "trailing-bytes",   "bad-trailer",        "ndr64-big-endian"};

[[nodiscard]] constexpr std::string_view Name(AnomalyKind kind) {
  return kAnomalyNames[static_cast<std::size_t>(kind)];
}

inline constexpr std::uint32_t kNoElement = UINT32_MAX;

// Names a field of the message: `name` alone, or `name` of array element `element`.
struct FieldRef {
  std::string_view name;  // static storage
  std::uint32_t element = kNoElement;

  friend constexpr bool operator==(const FieldRef&, const FieldRef&) = default;
};

struct Anomaly {
  AnomalyKind kind = AnomalyKind::kTruncated;
  Extent where;  // in the stub
  FieldRef field;
  std::uint64_t seen = 0;
  std::uint64_t expected = 0;
  std::uint32_t times = 1;  // how often it occurred; `where` and `field` are of the first

  friend constexpr bool operator==(const Anomaly&, const Anomaly&) = default;
};

// The anomalies of one stub, in the order in which they were met. Padding and repeated referents are habits of a whole
// implementation: they are kept once, with a count.
class AnomalyList {
 public:
  // `cap`: at most so many entries are kept, one of each kind before a second of any; the rest is counted.
  void Clear(std::size_t cap) {
    entries_.clear();
    cap_ = cap;
    dropped_ = 0;
  }

  void Add(const Anomaly& anomaly) {
    if (IsHabit(anomaly.kind) && Merge(anomaly)) return;
    if (entries_.size() < cap_) {
      entries_.push_back(anomaly);
      return;
    }
    ++dropped_;
    if (!Has(anomaly.kind)) MakeRoomFor(anomaly);
  }

  [[nodiscard]] const std::vector<Anomaly>& entries() const { return entries_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] bool Has(AnomalyKind kind) const {
    for (const Anomaly& entry : entries_) {
      if (entry.kind == kind) return true;
    }
    return false;
  }

 private:
  static constexpr bool IsHabit(AnomalyKind kind) {
    return kind == AnomalyKind::kPadding || kind == AnomalyKind::kRepeatedReferent;
  }
  static constexpr bool IsStop(AnomalyKind kind) { return kind <= AnomalyKind::kTooManySessions; }
  // A kind that comes late is told, however often another came before it: the last repetition yields. Where nothing
  // repeats, why the decoder stopped is told all the same.
  void MakeRoomFor(const Anomaly& anomaly) {
    for (std::size_t i = entries_.size(); i-- > 1;) {
      const auto is_same = [&](const Anomaly& before) { return before.kind == entries_[i].kind; };
      if (!std::any_of(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(i), is_same)) continue;
      entries_[i] = anomaly;
      return;
    }
    if (IsStop(anomaly.kind) && !entries_.empty()) entries_.back() = anomaly;
  }
  bool Merge(const Anomaly& anomaly) {
    for (Anomaly& entry : entries_) {
      if (entry.kind != anomaly.kind) continue;
      entry.times += anomaly.times;
      return true;
    }
    return false;
  }

  std::vector<Anomaly> entries_;
  std::size_t cap_ = SIZE_MAX;
  std::uint64_t dropped_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NDR_ANOMALY_H_
