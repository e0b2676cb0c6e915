// UTF-16 as it stands on the wire: in either byte order, possibly ill-formed.
#ifndef SESSENUM_BASE_UTF16_H_
#define SESSENUM_BASE_UTF16_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_order.h"
#include "base/bytes.h"

namespace sessenum {

// A view of UTF-16 code units in wire order. The bytes must outlive it.
class Utf16View {
 public:
  Utf16View() = default;
  // `bytes` holds whole units; an odd last byte is left out.
  Utf16View(Bytes bytes, ByteOrder order) : bytes_(bytes.first(bytes.size() / 2 * 2)), order_(order) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size() / 2; }  // UTF-16 units
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::uint16_t operator[](std::size_t index) const {
    return LoadInteger<std::uint16_t>(&bytes_[2 * index], order_);
  }
  [[nodiscard]] ByteOrder order() const { return order_; }
  [[nodiscard]] Bytes bytes() const { return bytes_; }
  // The first `count` units (at most size()).
  [[nodiscard]] Utf16View First(std::size_t count) const { return {bytes_.first(2 * count), order_}; }

  // The same units, whatever the byte order.
  friend bool operator==(const Utf16View& a, const Utf16View& b);

 private:
  Bytes bytes_;
  ByteOrder order_ = ByteOrder::kLittle;
};

inline constexpr std::size_t kNoUnit = SIZE_MAX;

// The index of the first unit that is zero, or kNoUnit.
[[nodiscard]] std::size_t FindNul(Utf16View text);

// The index of the first surrogate without its partner, or kNoUnit.
[[nodiscard]] std::size_t FindUnpairedSurrogate(Utf16View text);

// Appends `text` as UTF-8; an unpaired surrogate becomes U+FFFD. NULs and control characters pass unchanged.
void AppendUtf8(Utf16View text, std::string& out);
[[nodiscard]] std::string ToUtf8(Utf16View text);

// Appends one code point (at most U+10FFFF) as UTF-8.
void AppendCodePoint(std::uint32_t code_point, std::string& out);

// Takes one code point off the front of `text`, which is not empty; an ill-formed byte is taken alone and yields
// U+FFFD.
[[nodiscard]] std::uint32_t TakeCodePoint(std::string_view& text);

// `text` with every ill-formed byte replaced by U+FFFD.
[[nodiscard]] std::string WellFormedUtf8(std::string_view text);

// Returns the UTF-16 units of `text` as bytes in `order`; ill-formed UTF-8 becomes U+FFFD.
[[nodiscard]] std::vector<std::uint8_t> Utf8ToUtf16(std::string_view text, ByteOrder order);

}  // namespace sessenum

#endif  // SESSENUM_BASE_UTF16_H_
