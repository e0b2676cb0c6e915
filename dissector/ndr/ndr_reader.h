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
#include "ndr/plain_string.h"

namespace sessenum {

// The referent ids of a message, in wire order. Most writers count upwards; others give every pointer the same.
class ReferentOrder {
 public:
  void Note(const NdrPointer& pointer, const FieldRef& field) {
    if (pointer.referent > highest_) {
      highest_ = pointer.referent;
    } else if (!pointer.null()) {
      NoteNotAbove(pointer, field);
    }
  }

  // Whether no id is below one before it. Else only a search can tell which stand twice.
  [[nodiscard]] bool never_falls() const { return never_falls_; }
  // Where ids never fall: how often one stood that stood before, and the first such pointer.
  [[nodiscard]] std::uint32_t repetitions() const { return repetitions_; }
  [[nodiscard]] const NdrPointer& first_repeated() const { return first_repeated_; }
  [[nodiscard]] const FieldRef& first_field() const { return first_field_; }

 private:
  void NoteNotAbove(const NdrPointer& pointer, const FieldRef& field) {
    if (pointer.referent < highest_) never_falls_ = false;
    if (repetitions_++ != 0) return;
    first_repeated_ = pointer;
    first_field_ = field;
  }

  std::uint64_t highest_ = 0;
  bool never_falls_ = true;
  std::uint32_t repetitions_ = 0;
  NdrPointer first_repeated_;
  FieldRef first_field_;
};

// Reads the elements of an array that is all there. They hold U32s and pointers, with no padding between them.
template <typename Format>
class NdrElementReader {
 public:
  // `bytes` starts at stub offset `at`, aligned to a word; `referents` are those before it.
  NdrElementReader(Bytes bytes, std::uint32_t at, const ReferentOrder& referents)
      : bytes_(bytes.data()), at_(at), referents_(referents) {}

  [[nodiscard]] const ReferentOrder& referents() const { return referents_; }

  static Status AlignToWord(const FieldRef& /*field*/) { return Ok(); }
  Status U32(NdrU32& out, const FieldRef& /*field*/) {
    out = {Take<std::uint32_t>(), at_};
    at_ += sizeof(std::uint32_t);
    return Ok();
  }
  Status Pointer(NdrPointer& out, const FieldRef& field) {
    out = {Take<typename Format::Word>(), at_};
    at_ += sizeof(typename Format::Word);
    referents_.Note(out, field);
    return Ok();
  }

 private:
  template <typename T>
  T Take() {
    const T value = LoadInteger<T>(bytes_, Format::order);
    bytes_ += sizeof(T);
    return value;
  }

  const std::uint8_t* bytes_;
  std::uint32_t at_;
  ReferentOrder referents_;
};

template <typename Format>
class NdrReferentReader;

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
  [[nodiscard]] const ReferentOrder& referents() const { return referents_; }

  // Structures and unions of NetrSessionEnum align to their pointers: 4 in NDR, 8 in NDR64 (MS-RPCE 2.2.5.3.4.1, .4).
  [[gnu::always_inline]] Status AlignToWord(const FieldRef& field) {
    return NoteStop(field, Align(format_.word(), field));
  }

  Status U32(NdrU32& out, const FieldRef& field) { return NoteStop(field, ReadU32(out, field)); }
  Status Pointer(NdrPointer& out, const FieldRef& field) { return NoteStop(field, ReadPointer(out, field)); }
  // The count in front of a conformant array, or one of the three in front of a string.
  Status Count(NdrU32& out, const FieldRef& field) { return NoteStop(field, ReadCount(out, field)); }

  // What the pointer of `string` points to. Nothing where it is NULL.
  Status StringReferent(NdrString& string, const FieldRef& field);

  // Whether `count` elements of `size` bytes each are still there. To be asked before anything is reserved for them.
  Status Expect(std::uint64_t count, std::uint32_t size, const FieldRef& field) {
    SE_TRY(AlignToWord(field));
    if (count * size > in_.remaining()) return NoteStop(field, Truncated(in_.offset(), count * size));
    return count > max_elements_ ? NoteStop(field, {Errc::kLimit, Here(), 0}) : Ok();
  }

  // Calls `read` with an NdrElementReader of the next `size` bytes, which Expect has seen to be there.
  template <typename Read>
  Status Elements(std::size_t size, Read&& read) {
    const std::uint32_t at = Here();
    Bytes bytes;
    SE_TRY(in_.ReadBytes(size, bytes));
    return WithFixedFormat(format_, [&](auto fixed) {
      NdrElementReader<decltype(fixed)> elements(bytes, at, referents_);
      const Status status = read(elements);
      referents_ = elements.referents();
      return status;
    });
  }

  // Calls `read` with an NdrReferentReader of what follows.
  template <typename Read>
  Status Referents(Read&& read) {
    return WithFixedFormat(format_, [&](auto fixed) {
      NdrReferentReader<decltype(fixed)> referents(*this);
      const Status status = read(referents);
      return status.ok() ? in_.SkipTo(referents.offset()) : status;
    });
  }

 private:
  template <typename Format>
  friend class NdrReferentReader;

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
    referents_.Note(out, field);
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

  // The string at `offset`, whatever it is like: says where it stops and why, and what is odd.
  Status ReadStringAt(std::size_t offset, NdrString& string, const FieldRef& field) {
    SE_TRY(in_.SkipTo(offset));
    return NoteStop(field, ReadString(string, field));
  }
  Status ReadString(NdrString& string, const FieldRef& field);
  void NoteCountOddities(const NdrString& string, const FieldRef& field);
  void NoteTextOddities(const NdrString& string, const FieldRef& field);

  ByteReader in_;
  NdrFormat format_;
  std::size_t max_elements_;
  AnomalyList& anomalies_;
  FieldRef field_;
  ReferentOrder referents_;
};

// Reads strings one after the other. An odd one it leaves to the NdrReader.
template <typename Format>
class NdrReferentReader {
 public:
  explicit NdrReferentReader(NdrReader& in)
      : in_(in), stub_(in.in_.rest().data() - in.offset(), in.offset() + in.remaining()), offset_(in.offset()) {}

  // In the stub: behind the last string.
  [[nodiscard]] std::size_t offset() const { return offset_; }

  // As NdrReader's.
  Status StringReferent(NdrString& string, const FieldRef& field) {
    if (string.pointer.null()) return Ok();
    if (const std::size_t end = TakePlainString<Format>(stub_, offset_, string); end != 0) [[likely]] {
      offset_ = end;
      return Ok();
    }
    const Status status = in_.ReadStringAt(offset_, string, field);
    offset_ = in_.offset();
    return status;
  }

 private:
  NdrReader& in_;
  Bytes stub_;
  std::size_t offset_;
};

}  // namespace sessenum

#endif  // SESSENUM_NDR_NDR_READER_H_
