// Strings as nearly all are: every byte there, and nothing odd about them.
#ifndef SESSENUM_NDR_PLAIN_STRING_H_
#define SESSENUM_NDR_PLAIN_STRING_H_

#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"
#include "base/bytes.h"
#include "base/result.h"
#include "ndr/fields.h"
#include "ndr/format.h"

namespace sessenum {

// Whether some unit of `text` is NUL or half of a surrogate pair.
[[nodiscard]] bool HasOddUnit(Bytes text, ByteOrder order);

// A number with `unit` in each of its 16-bit lanes: four units of a string are looked at at a time, as they lie in
// memory. Their order does not matter, for what is looked for has a byte of its own.
[[nodiscard]] constexpr std::uint64_t InEachUnit(std::uint16_t unit) {
  return std::uint64_t{unit} * 0x0001'0001'0001'0001U;
}

// Whether `text` is ASCII without NUL, as nearly all is: that takes less to see than what HasOddUnit looks for. It has
// four units at least.
template <ByteOrder kOrder>
[[nodiscard, gnu::always_inline]] inline bool IsAsciiText(Bytes text) {
  constexpr std::uint64_t kBeyondAscii = InEachUnit(kOrder == kNativeOrder ? 0xFF80 : 0x80FF);
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  const std::uint8_t* const last = text.data() + text.size() - kStep;
  // The last four units, perhaps in part for the second time.
  std::uint64_t any = LoadInteger<std::uint64_t>(last, kNativeOrder);
  std::uint64_t any_less_one = any - InEachUnit(1);  // a NUL borrows
  for (const std::uint8_t* at = text.data(); at < last; at += kStep) {
    const auto units = LoadInteger<std::uint64_t>(at, kNativeOrder);
    any |= units;
    any_less_one |= units - InEachUnit(1);
  }
  return ((any & kBeyondAscii) | (any_less_one & InEachUnit(0x8000))) == 0;
}

// Takes the string that starts at `offset` of `stub`, at most stub.size(), with the padding in front of it. Returns
// where it ends; 0 where there is no such string, or an odd one, and `string` is then as before.
template <typename Format>
[[nodiscard, gnu::always_inline]] inline std::size_t TakePlainString(Bytes stub, std::size_t offset,
                                                                     NdrString& string) {
  using Word = typename Format::Word;
  constexpr std::size_t kWord = sizeof(Word);
  const std::size_t padding = (0 - offset) & (kWord - 1);
  const std::size_t head = padding + 3 * kWord;
  const std::size_t left = stub.size() - offset;
  if (left < head) return 0;
  const std::uint8_t* const from = stub.data() + offset;
  const std::uint8_t* const counts = from + padding;
  const Word max_count = LoadInteger<Word>(counts, Format::order);
  const Word string_offset = LoadInteger<Word>(counts + kWord, Format::order);
  const Word actual_count = LoadInteger<Word>(counts + 2 * kWord, Format::order);
  // A whole word: `padding` bytes of it, then the first of the counts.
  const Word pad = LoadInteger<Word>(from, ByteOrder::kLittle) & ((Word{1} << 8 * padding) - 1);
  if (((max_count ^ actual_count) | string_offset | pad) != 0) return 0;
  if (actual_count == 0 || actual_count > (left - head) / 2) return 0;
  const std::uint8_t* const units = from + head;
  const std::size_t text_size = 2 * static_cast<std::size_t>(actual_count - 1);
  if (LoadInteger<std::uint16_t>(units + text_size, kNativeOrder) != 0) return 0;
  const Bytes text(units, text_size);
  const bool is_ascii = text_size >= sizeof(std::uint64_t) && IsAsciiText<Format::order>(text);
  if (!is_ascii && HasOddUnit(text, Format::order)) return 0;
  string.max_count = string.actual_count = static_cast<std::uint32_t>(actual_count);
  string.offset = 0;
  string.units_at = ClampToU32(offset + head);
  string.data = units;
  string.order = Format::order;
  return offset + head + text_size + 2;
}

}  // namespace sessenum

#endif  // SESSENUM_NDR_PLAIN_STRING_H_
