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

// A RapidJSON output stream over a string that the caller owns.
class StringSink {
 public:
  using Ch = char;
  explicit StringSink(std::string& out) : out_(out) {}
  void Put(char c) { out_.push_back(c); }
  void Flush() {}

 private:
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
  void Key(std::string_view key) { json_.Key(key.data(), Size(key)); }

  void Null() { json_.Null(); }
  void Value(std::uint64_t value) { json_.Uint64(value); }
  void Value(std::string_view value) { json_.String(value.data(), Size(value)); }
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
