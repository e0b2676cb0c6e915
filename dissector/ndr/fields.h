// The NDR constructs that NetrSessionEnum is made of, each with the place where it stood in the stub.
#ifndef SESSENUM_NDR_FIELDS_H_
#define SESSENUM_NDR_FIELDS_H_

#include <cstdint>

#include "base/extent.h"
#include "base/utf16.h"
#include "ndr/format.h"

namespace sessenum {

// The offset of a field that was not reached.
inline constexpr std::uint32_t kNowhere = UINT32_MAX;

struct NdrU32 {
  std::uint32_t value = 0;
  std::uint32_t at = kNowhere;  // stub offset, bytes

  [[nodiscard]] bool decoded() const { return at != kNowhere; }
  [[nodiscard]] Extent extent() const { return decoded() ? Extent{at, 4} : Extent{}; }
};

// A unique pointer: zero is NULL, any other referent id stands for a value that follows (C706 14.3.10).
struct NdrPointer {
  std::uint64_t referent = 0;
  std::uint32_t at = kNowhere;

  [[nodiscard]] bool decoded() const { return at != kNowhere; }
  [[nodiscard]] bool null() const { return referent == 0; }
  [[nodiscard]] Extent extent(NdrFormat format) const { return decoded() ? Extent{at, format.word()} : Extent{}; }
};

// [unique] DWORD*
struct NdrUniqueU32 {
  NdrPointer pointer;
  NdrU32 value;

  [[nodiscard]] bool decoded() const { return pointer.decoded() && (pointer.null() || value.decoded()); }
};

// [unique, string] wchar_t*: a conformant varying array of UTF-16 units (C706 14.3.4.2). Counts are in units and
// include the terminator.
struct NdrString {
  NdrPointer pointer;
  std::uint32_t max_count = 0;
  std::uint32_t offset = 0;
  std::uint32_t actual_count = 0;
  std::uint32_t units_at = kNowhere;     // stub offset of the first unit
  const std::uint8_t* data = nullptr;    // the units, in the stub or in whatever the model was built from
  ByteOrder order = ByteOrder::kLittle;  // of `data`

  [[nodiscard]] bool null() const { return pointer.null(); }
  [[nodiscard]] bool decoded() const { return pointer.decoded() && (null() || data != nullptr); }

  // All units that were sent, the terminator included.
  [[nodiscard]] Utf16View units() const {
    return data == nullptr ? Utf16View() : Utf16View(Bytes(data, std::size_t{actual_count} * 2), order);
  }
  // What the string says: the units without the terminator, if there is one.
  [[nodiscard]] Utf16View text() const {
    const Utf16View all = units();
    return !all.empty() && all[all.size() - 1] == 0 ? all.First(all.size() - 1) : all;
  }
  // The units in the stub.
  [[nodiscard]] Extent extent() const { return units_at == kNowhere ? Extent{} : Extent{units_at, actual_count * 2}; }

  // A string to be encoded. `units` ends with its terminator and must outlive the result.
  [[nodiscard]] static NdrString Of(Utf16View units) {
    NdrString string;
    string.pointer.referent = 1;
    string.max_count = string.actual_count = static_cast<std::uint32_t>(units.size());
    string.data = units.bytes().data();
    string.order = units.order();
    return string;
  }
};

}  // namespace sessenum

#endif  // SESSENUM_NDR_FIELDS_H_
