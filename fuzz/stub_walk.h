// The two stubs of NetrSessionEnum, walked once more by what the specification says and without a line of the decoder:
// what a decoder has to find in them, and where.
#ifndef SESSENUM_FUZZ_STUB_WALK_H_
#define SESSENUM_FUZZ_STUB_WALK_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/duplex.h"
#include "base/extent.h"
#include "base/result.h"
#include "ndr/anomaly.h"
#include "ndr/format.h"

namespace sessenum::fuzz {

// One field in wire order.
struct WalkedItem {
  enum class Kind : std::uint8_t { kNumber, kPointer, kCount, kString };

  Kind kind = Kind::kNumber;
  std::uint32_t at = 0;      // of a string: its first unit
  std::uint64_t value = 0;   // of a pointer: its referent id; of a string: its actual_count
  std::uint32_t max = 0;     // of a string: max_count
  std::uint32_t offset = 0;  // of a string
  const std::uint8_t* units = nullptr;
};

// A pointer that is not NULL.
struct WalkedReferent {
  std::uint64_t id = 0;
  std::uint32_t at = 0;
  FieldRef field;
};

struct WalkOptions {
  Direction direction = Direction::kToServer;
  NdrFormat format;
  bool unlisted_has_arm = false;  // under a level that is not listed
  std::size_t max_sessions = 0;
};

// What a walk found. Kept and used again, so that walking allocates nothing in the long run.
struct Walked {
  Status status;
  std::uint32_t end = 0;    // where the last parameter ends, or where the walk stopped
  std::uint32_t level = 0;  // the discriminant, once it was read
  bool has_level = false;
  bool stopped_at_array = false;  // of a level that is not listed
  bool counts_agree = false;      // max_count of the array is EntriesRead
  std::vector<WalkedItem> items;
  std::vector<Extent> padding;
  std::vector<Anomaly> anomalies;         // in the order in which they are met; habits once
  std::vector<WalkedReferent> referents;  // by id, and by place where it is the same
};

void Walk(Bytes stub, const WalkOptions& options, Walked& out);

// Whether MS-SRVS 2.2.4.21 lists the level.
[[nodiscard]] bool IsListed(std::uint32_t level);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_STUB_WALK_H_
