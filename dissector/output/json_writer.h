// RapidJSON with the few forms that our output needs.
#ifndef SESSENUM_OUTPUT_JSON_WRITER_H_
#define SESSENUM_OUTPUT_JSON_WRITER_H_

// RapidJSON adds to the null pointer of a stack that is still empty, which UBSan reports.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/writer.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf16.h"

namespace sessenum {

// A RapidJSON output stream over a string that the caller owns, complete once the root value is. RapidJSON says first
// how much room a value may take, and then puts its bytes without looking. It escapes the control characters that JSON
// forbids; DEL and those of Latin-1 (U+0080 to U+009F), which steer terminals too, are escaped here. They can stand in
// strings alone.
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(out), next_(out.data() + out.size()), end_(next_) {}
  StringSink(const StringSink&) = delete;
  StringSink& operator=(const StringSink&) = delete;

  void Reserve(std::size_t count) {
    if (count > static_cast<std::size_t>(end_ - next_)) Grow(count);
  }
  // Where Reserve has made room: a byte in becomes six bytes out at most.
  void PutReserved(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x7F || byte > 0x9F) {
      *next_++ = c;
    } else {
      PutSteering(byte);
    }
  }
  void PutReserved(std::string_view plain) { next_ = std::copy(plain.begin(), plain.end(), next_); }
  void Put(char c) {
    Reserve(kLongestEscape);
    PutReserved(c);
  }
  // RapidJSON calls it after the root value.
  void Flush() {
    out_.resize(used());
    end_ = next_;
  }

 private:
  static constexpr std::size_t kLongestEscape = 6;
  static constexpr std::size_t kStep = 512;    // std::string fills with zeros whatever room it is asked for
  static constexpr char kLatin1Lead = '\xC2';  // only ever the first byte of U+0080 to U+00BF

  [[nodiscard]] std::size_t used() const { return static_cast<std::size_t>(next_ - out_.data()); }

  void Grow(std::size_t count) {
    const std::size_t kept = used();
    out_.resize(kept + std::max(count, kStep));
    next_ = out_.data() + kept;
    end_ = out_.data() + out_.size();
  }

  void PutSteering(std::uint8_t byte) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    if (byte != 0x7F && next_[-1] != kLatin1Lead) {  // within a longer sequence
      *next_++ = static_cast<char>(byte);
      return;
    }
    if (byte != 0x7F) --next_;
    for (const char c : {'\\', 'u', '0', '0', kDigits[byte >> 4U], kDigits[byte & 0xFU]}) *next_++ = c;
  }

  std::string& out_;
  char* next_;  // within out_, whose size is ahead of what is written
  char* end_;
};

// Whether none of the eight bytes at `text` needs an escape or is part of a longer sequence.
[[nodiscard]] inline bool AreEightPlain(const char* text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  // The highest bit of a byte that is below `bound`, at most 0x80; of some above it too, where such a one comes first.
  const auto below = [](std::uint64_t of, std::uint64_t bound) { return (of - kOnes * bound) & ~of; };
  const auto is = [below](std::uint64_t of, std::uint64_t c) { return below(of ^ kOnes * c, 1); };
  const std::uint64_t odd = bytes | below(bytes, ' ') | is(bytes, '"') | is(bytes, '\\') | is(bytes, 0x7F);
  return (odd & kOnes << 7U) == 0;
}

}  // namespace sessenum

// RapidJSON's way to ask a stream for room once instead of at every byte.
namespace rapidjson {

template <>
inline void PutReserve(sessenum::StringSink& sink, std::size_t count) {
  sink.Reserve(count);
}
template <>
inline void PutUnsafe(sessenum::StringSink& sink, char c) {
  sink.PutReserved(c);
}

// Copies what needs no escape at once; false at the end of the string.
template <>
inline bool Writer<sessenum::StringSink>::ScanWriteUnescapedString(StringStream& text, std::size_t length) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = ' '; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
    return plain;
  }();
  const char* const end = text.head_ + length;
  const char* plain_end = text.src_;
  while (end - plain_end >= 8 && sessenum::AreEightPlain(plain_end)) plain_end += 8;
  plain_end = std::find_if_not(plain_end, end, [](char c) { return kPlain[static_cast<std::uint8_t>(c)]; });
  os_->PutReserved(std::string_view(text.src_, static_cast<std::size_t>(plain_end - text.src_)));
  text.src_ = plain_end;
  return plain_end != end;
}

}  // namespace rapidjson

namespace sessenum {

// Writes to `out`, which must outlive it. Strings must be well-formed UTF-8.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : sink_(out), json_(sink_) {}

  void BeginObject() { json_.StartObject(); }
  void EndObject() { json_.EndObject(); }
  void BeginArray() { json_.StartArray(); }
  void EndArray() { json_.EndArray(); }
  // NOLINTBEGIN(bugprone-suspicious-stringview-data-usage): RapidJSON takes the size next to it
  void Key(std::string_view key) { json_.Key(key.data(), Size(key)); }

  void Null() { json_.Null(); }
  void Bool(bool value) { json_.Bool(value); }
  void Value(std::uint64_t value) { json_.Uint64(value); }
  void Value(std::string_view value) { json_.String(value.data(), Size(value)); }
  // NOLINTEND(bugprone-suspicious-stringview-data-usage)
  // A number that is already text.
  void Number(const std::string& digits) { json_.RawValue(digits.data(), digits.size(), rapidjson::kNumberType); }
  void Value(Utf16View text) {
    scratch_.clear();
    AppendUtf8(text, scratch_);
    Value(std::string_view(scratch_));
  }

  template <typename T>
  void Member(std::string_view key, const T& value) {
    Key(key);
    Value(value);
  }
  void BoolMember(std::string_view key, bool value) {
    Key(key);
    Bool(value);
  }
  void NullMember(std::string_view key) {
    Key(key);
    Null();
  }
  // null where there is nothing.
  template <typename T>
  void OptionalMember(std::string_view key, const std::optional<T>& value) {
    if (value) {
      Member(key, *value);
    } else {
      NullMember(key);
    }
  }

 private:
  static rapidjson::SizeType Size(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

  StringSink sink_;
  rapidjson::Writer<StringSink> json_;
  std::string scratch_;
};

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_JSON_WRITER_H_
