#include "ndr/ndr_reader.h"

#include <algorithm>

namespace sessenum {
namespace {

// MS-RPCE 3.1.1.5.3.2.2: a count above this is refused by every receiver.
constexpr std::uint64_t kHighestCount = 0x7FFFFFFF;

// Whether some unit but the last is NUL, or any is half of a surrogate pair. No branch in the loop: nearly every string
// is plain, and only the others deserve a closer look.
bool NeedsCloserLook(Utf16View units) {
  unsigned odd = 0;
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    const unsigned unit = units[i];
    odd |= static_cast<unsigned>(unit == 0) | static_cast<unsigned>((unit & 0xF800U) == 0xD800U);
  }
  if (units.empty()) return false;
  return odd != 0 || (units[units.size() - 1] & 0xF800U) == 0xD800U;
}

Extent UnitExtent(const NdrString& string, std::size_t index) {
  return {string.units_at + static_cast<std::uint32_t>(index * 2), 2};
}

}  // namespace

Status NdrReader::SkipPadding(std::size_t size) {
  const std::uint32_t at = Here();
  Bytes padding;
  SE_TRY(in_.ReadBytes(size, padding));
  if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) {
    anomalies_.Add({AnomalyKind::kPadding, {at, ClampToU32(size)}, field_, padding[0], 0});
  }
  return Ok();
}

Status NdrReader::Count(NdrU32& out, FieldRef field) {
  field_ = field;
  SE_TRY(AlignToWord());
  const std::uint32_t at = Here();
  std::uint64_t count = 0;
  ByteReader ahead = in_;
  SE_TRY(ReadWord(count));
  if (count > kHighestCount) [[unlikely]] {
    in_ = ahead;
    anomalies_.Add({AnomalyKind::kImpossibleCount, {at, format_.word()}, field, count, kHighestCount});
    return Malformed(at);
  }
  out = {static_cast<std::uint32_t>(count), at};
  return Ok();
}

Status NdrReader::StringReferent(NdrString& string, FieldRef field) {
  if (string.pointer.null()) return Ok();
  NdrU32 max_count;
  NdrU32 offset;
  NdrU32 actual_count;
  SE_TRY(Count(max_count, field));
  SE_TRY(Count(offset, field));
  SE_TRY(Count(actual_count, field));
  const std::uint32_t units_at = Here();
  Bytes units;
  SE_TRY(in_.ReadBytes(std::size_t{actual_count.value} * 2, units));
  string.max_count = max_count.value;
  string.offset = offset.value;
  string.actual_count = actual_count.value;
  string.units_at = units_at;
  string.data = units.data();
  string.order = format_.order;
  NoteStringOddities(string, field);
  return Ok();
}

void NdrReader::NoteStringOddities(const NdrString& string, FieldRef field) {
  const std::uint32_t word = format_.word();
  const std::uint32_t counts_at = string.units_at - 3 * word;
  if (string.max_count > string.actual_count) [[unlikely]] {
    anomalies_.Add({AnomalyKind::kMaxAboveActual, {counts_at, word}, field, string.max_count, string.actual_count});
  }
  if (string.max_count < string.actual_count) [[unlikely]] {
    anomalies_.Add(
        {AnomalyKind::kActualAboveMax, {counts_at + 2 * word, word}, field, string.actual_count, string.max_count});
  }
  if (string.offset != 0) [[unlikely]] {
    anomalies_.Add({AnomalyKind::kStringOffset, {counts_at + word, word}, field, string.offset, 0});
  }
  if (string.actual_count == 0) [[unlikely]] {
    anomalies_.Add({AnomalyKind::kZeroActualCount, {counts_at + 2 * word, word}, field, 0, 1});
    return;
  }
  const Utf16View units = string.units();
  if (const std::uint16_t last = units[units.size() - 1]; last != 0) [[unlikely]] {
    anomalies_.Add({AnomalyKind::kUnterminated, UnitExtent(string, units.size() - 1), field, last, 0});
  }
  if (NeedsCloserLook(units)) [[unlikely]]
    NoteTextOddities(string, field);
}

void NdrReader::NoteTextOddities(const NdrString& string, FieldRef field) {
  const Utf16View text = string.text();
  if (const std::size_t nul = FindNul(text); nul != kNoUnit) {
    anomalies_.Add({AnomalyKind::kEmbeddedNul, UnitExtent(string, nul), field, nul, text.size()});
  }
  if (const std::size_t lone = FindUnpairedSurrogate(text); lone != kNoUnit) {
    anomalies_.Add({AnomalyKind::kUnpairedSurrogate, UnitExtent(string, lone), field, text[lone], 0});
  }
}

}  // namespace sessenum
