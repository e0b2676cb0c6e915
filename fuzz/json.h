// A strict reader of JSON (RFC 8259), for checking what the library writes with code that did not write it.
#ifndef SESSENUM_FUZZ_JSON_H_
#define SESSENUM_FUZZ_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sessenum::fuzz {

struct Json {
  enum class Kind : std::uint8_t { kNull, kBoolean, kInteger, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool boolean = false;
  double number = 0;  // also of an integer
  std::string string;
  std::vector<Json> items;         // of an array; of an object its values
  std::vector<std::string> names;  // of an object, one for each value, none twice

  // nullptr: there is none of this name.
  [[nodiscard]] const Json* Find(std::string_view name) const;
  friend bool operator==(const Json& a, const Json& b);
};

// nullopt: `text` is not one JSON value in UTF-8, or an object of it has a name twice.
[[nodiscard]] std::optional<Json> ParseJson(std::string_view text);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_JSON_H_
