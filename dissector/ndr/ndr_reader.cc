#include "ndr/ndr_reader.h"

#include <algorithm>

namespace sessenum {
namespace {

Extent UnitExtent(const NdrString& string, std::size_t index) {
  return {string.units_at + static_cast<std::uint32_t>(index * 2), 2};
}

}  // namespace

Status NdrReader::SkipPadding(std::size_t size, const FieldRef& field) {
  const std::uint32_t at = Here();
  Bytes padding;
  SE_TRY(in_.ReadBytes(size, padding));
  if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) {
    anomalies_.Add({AnomalyKind::kPadding, {at, ClampToU32(size)}, field, padding[0], 0});
  }
  return Ok();
}

Status NdrReader::ImpossibleCount(std::uint64_t count, const FieldRef& field) {
  anomalies_.Add({AnomalyKind::kImpossibleCount, {Here(), format_.word()}, field, count, kHighestCount});
  return Malformed(in_.offset());
}

Status NdrReader::StringReferent(NdrString& string, const FieldRef& field) {
  return Referents([&](auto& referents) { return referents.StringReferent(string, field); });
}

// Says where it stopped and why, and what is odd.
Status NdrReader::ReadString(NdrString& string, const FieldRef& field) {
  SE_TRY(Align(format_.word(), field));
  NdrU32 max_count;
  NdrU32 offset;
  NdrU32 actual_count;
  SE_TRY(ReadCount(max_count, field));
  SE_TRY(ReadCount(offset, field));
  SE_TRY(ReadCount(actual_count, field));
  string.max_count = max_count.value;
  string.offset = offset.value;
  string.actual_count = actual_count.value;
  const std::uint32_t units_at = Here();
  Bytes units;
  SE_TRY(in_.ReadBytes(std::size_t{string.actual_count} * 2, units));
  string.units_at = units_at;
  string.data = units.data();
  string.order = format_.order;
  NoteCountOddities(string, field);
  NoteTextOddities(string, field);
  return Ok();
}

void NdrReader::NoteCountOddities(const NdrString& string, const FieldRef& field) {
  const std::uint32_t word = format_.word();
  const std::uint32_t counts_at = string.units_at - 3 * word;
  if (string.max_count > string.actual_count) {
    anomalies_.Add({AnomalyKind::kMaxAboveActual, {counts_at, word}, field, string.max_count, string.actual_count});
  }
  if (string.max_count < string.actual_count) {
    anomalies_.Add(
        {AnomalyKind::kActualAboveMax, {counts_at + 2 * word, word}, field, string.actual_count, string.max_count});
  }
  if (string.offset != 0) {
    anomalies_.Add({AnomalyKind::kStringOffset, {counts_at + word, word}, field, string.offset, 0});
  }
}

void NdrReader::NoteTextOddities(const NdrString& string, const FieldRef& field) {
  const Utf16View units = string.units();
  if (units.empty()) {
    const std::uint32_t word = format_.word();
    anomalies_.Add({AnomalyKind::kZeroActualCount, {string.units_at - word, word}, field, 0, 1});
    return;
  }
  if (const std::uint16_t last = units[units.size() - 1]; last != 0) {
    anomalies_.Add({AnomalyKind::kUnterminated, UnitExtent(string, units.size() - 1), field, last, 0});
  }
  const Utf16View text = string.text();
  if (const std::size_t nul = FindNul(text); nul != kNoUnit) {
    anomalies_.Add({AnomalyKind::kEmbeddedNul, UnitExtent(string, nul), field, nul, text.size()});
  }
  if (const std::size_t lone = FindUnpairedSurrogate(text); lone != kNoUnit) {
    anomalies_.Add({AnomalyKind::kUnpairedSurrogate, UnitExtent(string, lone), field, text[lone], 0});
  }
}

}  // namespace sessenum
