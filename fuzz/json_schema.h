// Validation by a JSON Schema (2020-12), as far as the project's own schema needs it.
#ifndef SESSENUM_FUZZ_JSON_SCHEMA_H_
#define SESSENUM_FUZZ_JSON_SCHEMA_H_

#include <string>
#include <string_view>

#include "fuzz/json.h"

namespace sessenum::fuzz {

class JsonSchema {
 public:
  // Aborts where `text` is no schema, or has a keyword that is not known here: what would not be checked is no oracle.
  explicit JsonSchema(std::string_view text);

  // Empty: `value` satisfies the schema. Otherwise where it does not, and by which keyword.
  [[nodiscard]] std::string Violation(const Json& value) const { return Check(root_, value, "$"); }

 private:
  // All of these answer as Violation does. `path` is the place of `value`.
  [[nodiscard]] std::string Check(const Json& schema, const Json& value, const std::string& path) const;
  [[nodiscard]] std::string CheckKeyword(const std::string& keyword, const Json& argument, const Json& schema,
                                         const Json& value, const std::string& path) const;
  [[nodiscard]] std::string CheckMembers(const Json& schema, const Json& value, const std::string& path) const;
  [[nodiscard]] std::string CheckItems(const Json& schema, const Json& value, const std::string& path) const;
  [[nodiscard]] bool Satisfies(const Json& schema, const Json& value) const { return Check(schema, value, "").empty(); }
  [[nodiscard]] const Json& Referred(const std::string& reference) const;

  Json root_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_JSON_SCHEMA_H_
