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
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
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
  // Where Reserve has made room: lets `write` put bytes from a place on; it returns where they end.
  template <typename Write>
  void PutReservedBy(Write&& write) {
    next_ = write(next_);
  }
  // What gives the text its structure.
  void Put(char c) {
    Reserve(1);
    *next_++ = c;
  }
  // RapidJSON calls it after the root value.
  void Flush() {
    out_.resize(used());
    end_ = next_;
  }

 private:
  [[nodiscard]] std::size_t used() const { return static_cast<std::size_t>(next_ - out_.data()); }
  void Grow(std::size_t count);
  void PutSteering(std::uint8_t byte);

  std::string& out_;
  char* next_;  // within out_, whose size is ahead of what is written
  char* end_;
};

// Whether `c` is ASCII that needs no escape.
[[nodiscard]] inline bool IsPlain(char c) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t i = ' '; i < 0x7F; ++i) plain[i] = i != '"' && i != '\\';
    return plain;
  }();
  return kPlain[static_cast<std::uint8_t>(c)];
}

// The same of all the bytes at `text`, as many as a Word has.
template <typename Word>
[[nodiscard]] inline bool ArePlain(const char* text) {
  constexpr Word kOnes = ~Word{0} / 0xFF;
  Word bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  // The highest bit of a byte that is below `bound`, at most 0x80; of some above it too, where such a one comes first.
  const auto below = [](Word of, Word bound) { return (of - kOnes * bound) & ~of; };
  const auto is = [below](Word of, Word c) { return below(of ^ kOnes * c, 1); };
  const Word odd = bytes | below(bytes, ' ') | is(bytes, '"') | is(bytes, '\\') | is(bytes, 0x7F);
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

template <>
inline bool Writer<sessenum::StringSink>::WriteUint64(std::uint64_t number) {
  os_->Reserve(std::numeric_limits<std::uint64_t>::digits10 + 1);
  os_->PutReservedBy([number](char* out) { return internal::u64toa(number, out); });
  return true;
}

template <>
inline bool Writer<sessenum::StringSink>::WriteRawValue(const char* json, std::size_t length) {
  os_->Reserve(length);
  os_->PutReserved(std::string_view(json, length));
  return true;
}

// Copies what needs no escape at once; false at the end of the string.
template <>
inline bool Writer<sessenum::StringSink>::ScanWriteUnescapedString(StringStream& text, std::size_t length) {
  const char* const end = text.head_ + length;
  const auto copy = [this, &text](std::size_t count) {
    os_->PutReserved(std::string_view(text.src_, count));
    text.src_ += count;
  };
  while (end - text.src_ >= 8 && sessenum::ArePlain<std::uint64_t>(text.src_)) copy(8);
  if (end - text.src_ >= 4 && sessenum::ArePlain<std::uint32_t>(text.src_)) copy(4);
  while (text.src_ != end && sessenum::IsPlain(*text.src_)) copy(1);
  return text.src_ != end;
}

}  // namespace rapidjson

namespace sessenum {

// RapidJSON's writer, which does not look into a string that is plain already.
class PlainWriter final : public rapidjson::Writer<StringSink> {
 public:
  using Writer::Writer;

  void PlainString(std::string_view text) {
    assert(std::ranges::all_of(text, IsPlain));
    Prefix(rapidjson::kStringType);
    os_->Reserve(text.size() + 2);
    os_->PutReserved("\"");
    os_->PutReserved(text);
    os_->PutReserved("\"");
  }
};

// Writes to `out`, which must outlive it. Strings must be well-formed UTF-8; keys and names are this program's own,
// ASCII that needs no escape.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : sink_(out), json_(sink_) {}

  void BeginObject() { json_.StartObject(); }
  void EndObject() { json_.EndObject(); }
  void BeginArray() { json_.StartArray(); }
  void EndArray() { json_.EndArray(); }
  void Key(std::string_view key) { json_.PlainString(key); }

  void Null() { json_.Null(); }
  void Bool(bool value) { json_.Bool(value); }
  void Value(std::uint64_t value) { json_.Uint64(value); }
  void Value(std::string_view value) {
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): RapidJSON takes the size next to it
    json_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }
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
  void NameMember(std::string_view key, std::string_view name) {
    Key(key);
    json_.PlainString(name);
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
  StringSink sink_;
  PlainWriter json_;
  std::string scratch_;
};

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_JSON_WRITER_H_
