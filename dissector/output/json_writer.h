// RapidJSON with the few forms that our output needs.
#ifndef SESSENUM_OUTPUT_JSON_WRITER_H_
#define SESSENUM_OUTPUT_JSON_WRITER_H_

#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf16.h"

namespace sessenum {

// A RapidJSON output stream over a string that the caller owns. RapidJSON escapes the control characters that JSON
// forbids; DEL and those of Latin-1 (U+0080 to U+009F), which steer terminals too, are escaped here. They can stand in
// strings alone.
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(out) {}
  void Put(char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte == 0x7F) {
      out_ += "\\u007f";
    } else if (byte >= 0x80 && byte <= 0x9F && out_.back() == kLatin1Lead) {
      static constexpr std::string_view kDigits = "0123456789abcdef";
      out_.back() = '\\';
      out_.append("u00").append({kDigits[byte >> 4U], kDigits[byte & 0xFU]});
    } else {
      out_.push_back(c);
    }
  }
  void Flush() {}

 private:
  static constexpr char kLatin1Lead = '\xC2';  // only ever the first byte of U+0080 to U+00BF

  std::string& out_;
};

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
    json_.Bool(value);
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
