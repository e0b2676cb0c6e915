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
  // The field that was being read last: where a failure belongs.
  [[nodiscard]] const FieldRef& field() const { return field_; }
  // Whether some referent id was not above all ids before it, so that one may stand twice.
  [[nodiscard]] bool referents_may_repeat() const { return referents_may_repeat_; }

  // Structures and unions of NetrSessionEnum align to their pointers: 4 in NDR, 8 in NDR64 (MS-RPCE 2.2.5.3.4.1, .4).
  Status AlignToWord() { return Align(format_.word()); }

  Status U32(NdrU32& out, FieldRef field) {
    field_ = field;
    SE_TRY(Align(4));
    const std::uint32_t at = Here();
    SE_TRY(in_.Read(out.value));
    out.at = at;
    return Ok();
  }

  Status Pointer(NdrPointer& out, FieldRef field) {
    field_ = field;
    SE_TRY(AlignToWord());
    const std::uint32_t at = Here();
    SE_TRY(ReadWord(out.referent));
    out.at = at;
    NoteReferent(out.referent);
    return Ok();
  }

  // The count in front of a conformant array, or one of the three in front of a string.
  Status Count(NdrU32& out, FieldRef field);

  // What the pointer of `string` points to. Nothing where it is NULL.
  Status StringReferent(NdrString& string, FieldRef field);

  // Whether `count` elements of `size` bytes each are still there. To be asked before anything is reserved for them.
  Status Expect(std::uint64_t count, std::uint32_t size, FieldRef field) {
    field_ = field;
    SE_TRY(AlignToWord());
    if (count * size > in_.remaining()) return Truncated(in_.offset(), count * size);
    return count > max_elements_ ? Status{Errc::kLimit, Here(), 0} : Ok();
  }

 private:
  [[nodiscard]] std::uint32_t Here() const { return ClampToU32(in_.offset()); }

  Status Align(std::uint32_t alignment) {
    const std::size_t misfit = in_.offset() & (alignment - 1);
    return misfit == 0 ? Ok() : SkipPadding(alignment - misfit);
  }
  Status SkipPadding(std::size_t size);

  Status ReadWord(std::uint64_t& out) {
    if (format_.syntax == TransferSyntax::kNdr64) return in_.Read(out);
    std::uint32_t narrow = 0;
    SE_TRY(in_.Read(narrow));
    out = narrow;
    return Ok();
  }

  void NoteReferent(std::uint64_t referent) {
    if (referent == 0) return;
    if (referent <= highest_referent_) {
      referents_may_repeat_ = true;
    } else {
      highest_referent_ = referent;
    }
  }

  void NoteStringOddities(const NdrString& string, FieldRef field);
  void NoteTextOddities(const NdrString& string, FieldRef field);

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
