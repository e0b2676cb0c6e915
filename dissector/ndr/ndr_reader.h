// The reading half of the NDR codec. A message's layout is described once, for a codec; this one takes it from bytes.
#ifndef SESSENUM_NDR_NDR_READER_H_
#define SESSENUM_NDR_NDR_READER_H_

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/bytes.h"
#include "base/result.h"
#include "ndr/anomaly.h"
#include "ndr/fields.h"
#include "ndr/format.h"

namespace sessenum {

// Reads the constructs of NDR and NDR64 in either byte order. Alignment counts from the first byte of the stub. Stops
// only where bytes are missing or a count is impossible; everything else that is odd goes to `anomalies`.
class NdrReader {
 public:
  static constexpr bool kReads = true;

  // `stub` and `anomalies` must outlive the reader. An array of more than `max_elements` is refused with kLimit.
  NdrReader(Bytes stub, NdrFormat format, std::size_t max_elements, AnomalyList& anomalies)
      : in_(stub, format.order), format_(format), max_elements_(max_elements), anomalies_(anomalies) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }
  [[nodiscard]] std::size_t offset() const { return in_.offset(); }
  [[nodiscard]] std::size_t remaining() const { return in_.remaining(); }
  [[nodiscard]] AnomalyList& anomalies() { return anomalies_; }
  // Where a failure belongs: the field that could not be read.
  [[nodiscard]] const FieldRef& field() const { return field_; }
  // Whether some referent id was not above all ids before it, so that one may stand twice.
  [[nodiscard]] bool referents_may_repeat() const { return referents_may_repeat_; }

  // Structures and unions of NetrSessionEnum align to their pointers: 4 in NDR, 8 in NDR64 (MS-RPCE 2.2.5.3.4.1, .4).
  [[gnu::always_inline]] Status AlignToWord(const FieldRef& field) {
    return NoteStop(field, Align(format_.word(), field));
  }

  // Inlined, since an array's elements are read by these two.
  [[gnu::always_inline]] Status U32(NdrU32& out, const FieldRef& field) { return NoteStop(field, ReadU32(out, field)); }
  [[gnu::always_inline]] Status Pointer(NdrPointer& out, const FieldRef& field) {
    return NoteStop(field, ReadPointer(out, field));
  }
  // The count in front of a conformant array, or one of the three in front of a string.
  Status Count(NdrU32& out, const FieldRef& field) { return NoteStop(field, ReadCount(out, field)); }

  // What the pointer of `string` points to. Nothing where it is NULL.
  Status StringReferent(NdrString& string, const FieldRef& field) {
    return string.pointer.null() ? Ok() : NoteStop(field, ReadString(string, field));
  }

  // Whether `count` elements of `size` bytes each are still there. To be asked before anything is reserved for them.
  Status Expect(std::uint64_t count, std::uint32_t size, const FieldRef& field) {
    SE_TRY(AlignToWord(field));
    if (count * size > in_.remaining()) return NoteStop(field, Truncated(in_.offset(), count * size));
    return count > max_elements_ ? NoteStop(field, {Errc::kLimit, Here(), 0}) : Ok();
  }

 private:
  // MS-RPCE 3.1.1.5.3.2.2: a count above this is refused by every receiver.
  static constexpr std::uint64_t kHighestCount = 0x7FFFFFFF;

  [[nodiscard]] std::uint32_t Here() const { return ClampToU32(in_.offset()); }

  Status NoteStop(const FieldRef& field, Status status) {
    if (!status.ok()) [[unlikely]]
      field_ = field;
    return status;
  }

  [[gnu::always_inline]] Status Align(std::uint32_t alignment, const FieldRef& field) {
    const std::size_t size = (0 - in_.offset()) & (alignment - 1);
    if (size == 0) return Ok();
    std::uint64_t ahead = 0;
    if (in_.Peek(ahead).ok() && FirstBytes(ahead, size) == 0) return in_.Skip(size);
    return SkipPadding(size, field);
  }
  // The first `size` of the eight bytes that were read as `ahead`, 1 to 7.
  [[nodiscard]] std::uint64_t FirstBytes(std::uint64_t ahead, std::size_t size) const {
    return format_.order == ByteOrder::kLittle ? ahead << (64 - 8 * size) : ahead >> (64 - 8 * size);
  }
  // At the end of the stub, or where it is not zero.
  Status SkipPadding(std::size_t size, const FieldRef& field);

  // The next word of the transfer syntax: 4 bytes or 8.
  [[gnu::always_inline]] Status PeekWord(std::uint64_t& out) const {
    if (format_.syntax == TransferSyntax::kNdr64) return in_.Peek(out);
    std::uint32_t narrow = 0;
    SE_TRY(in_.Peek(narrow));
    out = narrow;
    return Ok();
  }

  [[gnu::always_inline]] Status ReadU32(NdrU32& out, const FieldRef& field) {
    SE_TRY(Align(4, field));
    const std::uint32_t at = Here();
    SE_TRY(in_.Read(out.value));
    out.at = at;
    return Ok();
  }

  [[gnu::always_inline]] Status ReadPointer(NdrPointer& out, const FieldRef& field) {
    SE_TRY(Align(format_.word(), field));
    SE_TRY(PeekWord(out.referent));
    out.at = Here();
    NoteReferent(out.referent);
    return in_.Skip(format_.word());
  }

  Status ReadCount(NdrU32& out, const FieldRef& field) {
    SE_TRY(Align(format_.word(), field));
    std::uint64_t count = 0;
    SE_TRY(PeekWord(count));
    if (count > kHighestCount) [[unlikely]]
      return ImpossibleCount(count, field);
    out = {static_cast<std::uint32_t>(count), Here()};
    return in_.Skip(format_.word());
  }
  Status ImpossibleCount(std::uint64_t count, const FieldRef& field);

  Status ReadString(NdrString& string, const FieldRef& field);
  Status ReadStringCountsOneByOne(NdrString& string, const FieldRef& field);
  [[nodiscard]] bool TakeStringCounts(NdrString& string);

  void NoteReferent(std::uint64_t referent) {
    if (referent == 0) return;
    if (referent <= highest_referent_) {
      referents_may_repeat_ = true;
    } else {
      highest_referent_ = referent;
    }
  }

  void NoteCountOddities(const NdrString& string, const FieldRef& field);
  void NoteTextOddities(const NdrString& string, const FieldRef& field);

  ByteReader in_;
  NdrFormat format_;
  std::size_t max_elements_;
  AnomalyList& anomalies_;
  FieldRef field_;
  std::uint64_t highest_referent_ = 0;
  bool referents_may_repeat_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_NDR_NDR_READER_H_
