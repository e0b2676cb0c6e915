// The writing half of the NDR codec: the same steps as NdrReader, towards bytes.
#ifndef SESSENUM_NDR_NDR_WRITER_H_
#define SESSENUM_NDR_NDR_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_writer.h"
#include "base/result.h"
#include "ndr/anomaly.h"
#include "ndr/fields.h"
#include "ndr/format.h"

namespace sessenum {

enum class Referents : std::uint8_t {
  kAscending,  // 0x20000, 0x20004, ... as Windows numbers them in NDR
  kRecorded,   // as the fields say: what was decoded comes out as it went in
};

// Appends to `out`, which must outlive the writer. A writer cannot fail; it answers Ok() so that one description serves
// both halves. Counts are written as the fields say, lawful or not. Padding is zero.
class NdrWriter {
 public:
  static constexpr bool kReads = false;

  NdrWriter(std::vector<std::uint8_t>& out, NdrFormat format, Referents referents)
      : out_(out, format.order), format_(format), referents_(referents) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }

  Status AlignToWord(const FieldRef& /*name*/) { return Align(format_.word()); }

  Status U32(const NdrU32& field, const FieldRef& /*name*/) {
    SE_TRY(Align(4));
    out_.Write(field.value);
    return Ok();
  }

  Status Pointer(const NdrPointer& field, const FieldRef& /*name*/) {
    SE_TRY(Align(format_.word()));
    WriteWord(field.null() || referents_ == Referents::kRecorded ? field.referent : NextReferent());
    return Ok();
  }

  Status Count(const NdrU32& field, const FieldRef& /*name*/) {
    SE_TRY(Align(format_.word()));
    WriteWord(field.value);
    return Ok();
  }

  Status StringReferent(const NdrString& string, const FieldRef& name);

  Status Expect(std::uint64_t /*count*/, std::uint32_t /*size*/, const FieldRef& /*name*/) {
    return Align(format_.word());
  }

 private:
  static constexpr std::uint64_t kFirstReferent = 0x20000;

  Status Align(std::uint32_t alignment) {
    out_.WriteFill((alignment - (out_.offset() & (alignment - 1))) & (alignment - 1));
    return Ok();
  }
  void WriteWord(std::uint64_t value);
  [[nodiscard]] std::uint64_t NextReferent() { return kFirstReferent + 4 * written_referents_++; }

  ByteWriter out_;
  NdrFormat format_;
  Referents referents_;
  std::uint64_t written_referents_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NDR_NDR_WRITER_H_
