#include "ndr/ndr_writer.h"

namespace sessenum {

void NdrWriter::WriteWord(std::uint64_t value) {
  if (format_.syntax == TransferSyntax::kNdr64) {
    out_.Write(value);
  } else {
    out_.Write(static_cast<std::uint32_t>(value));
  }
}

Status NdrWriter::StringReferent(const NdrString& string, const FieldRef& /*name*/) {
  if (string.null()) return Ok();
  SE_TRY(Align(format_.word()));
  WriteWord(string.max_count);
  WriteWord(string.offset);
  WriteWord(string.actual_count);
  const Utf16View units = string.units();
  if (units.order() == format_.order) {
    out_.WriteBytes(units.bytes());
    return Ok();
  }
  for (std::size_t i = 0; i < units.size(); ++i) out_.Write(units[i]);
  return Ok();
}

}  // namespace sessenum
