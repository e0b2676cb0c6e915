#include "ndr/ndr_reader.h"

#include <algorithm>

namespace sessenum {
namespace {

// Four units at a time, as they lie in memory: their order does not matter, for what is looked for has a byte of its
// own.
constexpr std::uint64_t InEachUnit(std::uint16_t unit) { return std::uint64_t{unit} * 0x0001'0001'0001'0001U; }

// Non-zero where some unit of four is zero.
constexpr std::uint64_t ZeroUnits(std::uint64_t units) {
  return (units - InEachUnit(0x0001)) & ~units & InEachUnit(0x8000);
}

// Non-zero where some unit of four is NUL or half of a surrogate pair (0xD800 to 0xDFFF).
std::uint64_t OddUnits(std::uint64_t units, ByteOrder order) {
  const std::uint16_t mask = order == kNativeOrder ? 0xF800 : 0x00F8;
  const std::uint16_t surrogate = order == kNativeOrder ? 0xD800 : 0x00D8;
  return ZeroUnits(units) | ZeroUnits((units & InEachUnit(mask)) ^ InEachUnit(surrogate));
}

// Calls `test` with four units at a time, the last four perhaps for the second time, and ORs what it says. `text` has
// four units at least.
template <typename Test>
std::uint64_t OverAllUnits(Bytes text, Test&& test) {
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  const std::uint8_t* const last = text.data() + text.size() - kStep;
  std::uint64_t any = test(LoadInteger<std::uint64_t>(last, kNativeOrder));
  for (const std::uint8_t* at = text.data(); at < last; at += kStep) {
    any |= test(LoadInteger<std::uint64_t>(at, kNativeOrder));
  }
  return any;
}

bool HasOddUnit(Bytes text, ByteOrder order) {
  if (text.size() < sizeof(std::uint64_t)) {
    std::uint64_t odd = 0;
    for (std::size_t at = 0; at < text.size(); at += 2) {
      odd |= OddUnits(InEachUnit(LoadInteger<std::uint16_t>(text.data() + at, kNativeOrder)), order);
    }
    return odd != 0;
  }
  // Nearly all text is ASCII without NUL, which takes less to see: high bits, and the borrow of 0 - 1.
  const std::uint64_t beyond_ascii = InEachUnit(order == kNativeOrder ? 0xFF80 : 0x80FF);
  const auto is_other = [&](std::uint64_t units) {
    return (units & beyond_ascii) | ((units - InEachUnit(1)) & InEachUnit(0x8000));
  };
  if (OverAllUnits(text, is_other) == 0) return false;
  return OverAllUnits(text, [&](std::uint64_t units) { return OddUnits(units, order); }) != 0;
}

// Whether `units` are anything but some text without NUL and surrogates, and a NUL behind it: nearly every string is
// just that, and only the others deserve a closer look.
bool IsOdd(Bytes units, ByteOrder order) {
  if (units.size() < 2) return true;
  const Bytes text = units.first(units.size() - 2);
  return LoadInteger<std::uint16_t>(text.data() + text.size(), kNativeOrder) != 0 || HasOddUnit(text, order);
}

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

// All three at once where they are there and possible; else nothing is read.
bool NdrReader::TakeStringCounts(NdrString& string) {
  const std::size_t word = format_.word();
  if (3 * word > in_.remaining()) return false;
  const std::uint8_t* from = in_.rest().data();
  const auto load = [&](std::size_t index) -> std::uint64_t {
    return word == 8 ? LoadInteger<std::uint64_t>(from + 8 * index, format_.order)
                     : LoadInteger<std::uint32_t>(from + 4 * index, format_.order);
  };
  const std::uint64_t max_count = load(0);
  const std::uint64_t offset = load(1);
  const std::uint64_t actual_count = load(2);
  if (((max_count | offset | actual_count) & ~kHighestCount) != 0) return false;
  string.max_count = static_cast<std::uint32_t>(max_count);
  string.offset = static_cast<std::uint32_t>(offset);
  string.actual_count = static_cast<std::uint32_t>(actual_count);
  return in_.Skip(3 * word).ok();
}

// Says at which of the three it stopped, and why.
Status NdrReader::ReadStringCountsOneByOne(NdrString& string, const FieldRef& field) {
  NdrU32 max_count;
  NdrU32 offset;
  NdrU32 actual_count;
  SE_TRY(ReadCount(max_count, field));
  SE_TRY(ReadCount(offset, field));
  SE_TRY(ReadCount(actual_count, field));
  string.max_count = max_count.value;
  string.offset = offset.value;
  string.actual_count = actual_count.value;
  return Ok();
}

Status NdrReader::ReadString(NdrString& string, const FieldRef& field) {
  SE_TRY(Align(format_.word(), field));
  if (!TakeStringCounts(string)) [[unlikely]]
    SE_TRY(ReadStringCountsOneByOne(string, field));
  const std::uint32_t units_at = Here();
  Bytes units;
  SE_TRY(in_.ReadBytes(std::size_t{string.actual_count} * 2, units));
  string.units_at = units_at;
  string.data = units.data();
  string.order = format_.order;
  if (string.max_count != string.actual_count || string.offset != 0) [[unlikely]]
    NoteCountOddities(string, field);
  if (IsOdd(units, format_.order)) [[unlikely]]
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
