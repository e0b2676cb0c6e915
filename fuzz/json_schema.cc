#include "fuzz/json_schema.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "fuzz/pattern.h"
#include "fuzz/require.h"

namespace sessenum::fuzz {
namespace {

using Kind = Json::Kind;

bool IsOfType(const Json& value, std::string_view type) {
  switch (value.kind) {
    case Kind::kNull:
      return type == "null";
    case Kind::kBoolean:
      return type == "boolean";
    case Kind::kInteger:
      return type == "integer" || type == "number";
    case Kind::kNumber:
      return type == "number";
    case Kind::kString:
      return type == "string";
    case Kind::kArray:
      return type == "array";
    case Kind::kObject:
      return type == "object";
  }
  return false;
}

bool IsOfAnyType(const Json& value, const Json& types) {
  if (types.kind == Kind::kString) return IsOfType(value, types.string);
  return std::any_of(types.items.begin(), types.items.end(),
                     [&value](const Json& type) { return IsOfType(value, type.string); });
}

bool IsNumber(const Json& value) { return IsOfType(value, "number"); }

bool HasDuplicates(const std::vector<Json>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (std::find(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, items.end(), items[i]) != items.end())
      return true;
  }
  return false;
}

constexpr std::string_view kSayNothing[] = {"$schema", "$id", "$comment", "$defs", "title", "description"};
// Those that CheckMembers, CheckItems and "if" take care of.
constexpr std::string_view kTakenTogether[] = {
    "properties", "patternProperties", "additionalProperties", "items", "contains", "then", "else"};

bool IsOneOf(std::string_view keyword, std::span<const std::string_view> keywords) {
  return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

}  // namespace

JsonSchema::JsonSchema(std::string_view text) {
  auto parsed = ParseJson(text);
  Require(parsed.has_value(), "the schema is JSON");
  root_ = std::move(*parsed);
}

const Json& JsonSchema::Referred(const std::string& reference) const {
  constexpr std::string_view kDefinitions = "#/$defs/";
  const Json* definitions = root_.Find("$defs");
  const bool is_known = reference.starts_with(kDefinitions) && definitions != nullptr;
  const Json* found = is_known ? definitions->Find(reference.substr(kDefinitions.size())) : nullptr;
  Require(found != nullptr, "a reference of the schema leads somewhere");
  return *found;
}

std::string JsonSchema::Check(const Json& schema, const Json& value, const std::string& path) const {
  if (schema.kind == Kind::kBoolean) return schema.boolean ? "" : path + ": nothing is allowed here";
  for (std::size_t i = 0; i < schema.names.size(); ++i) {
    const std::string& keyword = schema.names[i];
    if (IsOneOf(keyword, kSayNothing) || IsOneOf(keyword, kTakenTogether)) continue;
    if (std::string problem = CheckKeyword(keyword, schema.items[i], schema, value, path); !problem.empty())
      return problem;
  }
  if (std::string problem = CheckMembers(schema, value, path); !problem.empty()) return problem;
  return CheckItems(schema, value, path);
}

std::string JsonSchema::CheckKeyword(const std::string& keyword, const Json& argument, const Json& schema,
                                     const Json& value, const std::string& path) const {
  const auto satisfies = [&](const Json& other) { return Satisfies(other, value); };
  const auto any = [&](const auto& of) { return std::any_of(argument.items.begin(), argument.items.end(), of); };
  const auto each = [&](const auto& of) { return std::all_of(argument.items.begin(), argument.items.end(), of); };
  bool holds = true;
  if (keyword == "$ref") {
    return Check(Referred(argument.string), value, path);
  } else if (keyword == "if") {
    const Json* branch = schema.Find(satisfies(argument) ? "then" : "else");
    return branch != nullptr ? Check(*branch, value, path) : "";
  } else if (keyword == "type") {
    holds = IsOfAnyType(value, argument);
  } else if (keyword == "const") {
    holds = value == argument;
  } else if (keyword == "enum") {
    holds = any([&](const Json& allowed) { return allowed == value; });
  } else if (keyword == "anyOf") {
    holds = any(satisfies);
  } else if (keyword == "allOf") {
    holds = each(satisfies);
  } else if (keyword == "not") {
    holds = !satisfies(argument);
  } else if (keyword == "minimum") {
    holds = !IsNumber(value) || value.number >= argument.number;
  } else if (keyword == "maximum") {
    holds = !IsNumber(value) || value.number <= argument.number;
  } else if (keyword == "minLength") {
    Require(argument.number == 1, "of a string's length it is only known whether it is empty");
    holds = value.kind != Kind::kString || !value.string.empty();
  } else if (keyword == "pattern") {
    holds = value.kind != Kind::kString || Pattern(argument.string).Matches(value.string);
  } else if (keyword == "uniqueItems") {
    holds = value.kind != Kind::kArray || !argument.boolean || !HasDuplicates(value.items);
  } else if (keyword == "required") {
    holds = value.kind != Kind::kObject || each([&](const Json& name) { return value.Find(name.string) != nullptr; });
  } else {
    Require(false, "every keyword of the schema is known");
  }
  return holds ? "" : path + ": " + keyword;
}

std::string JsonSchema::CheckMembers(const Json& schema, const Json& value, const std::string& path) const {
  if (value.kind != Kind::kObject) return "";
  const Json* properties = schema.Find("properties");
  const Json* patterns = schema.Find("patternProperties");
  const Json* others = schema.Find("additionalProperties");
  for (std::size_t m = 0; m < value.names.size(); ++m) {
    const std::string& name = value.names[m];
    const Json& member = value.items[m];
    const std::string place = path + "." + name;
    const Json* own = properties != nullptr ? properties->Find(name) : nullptr;
    bool is_known = own != nullptr;
    std::string problem = is_known ? Check(*own, member, place) : "";
    for (std::size_t i = 0; patterns != nullptr && problem.empty() && i < patterns->names.size(); ++i) {
      if (!Pattern(patterns->names[i]).Matches(name)) continue;
      is_known = true;
      problem = Check(patterns->items[i], member, place);
    }
    if (!is_known && others != nullptr) problem = Check(*others, member, place);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string JsonSchema::CheckItems(const Json& schema, const Json& value, const std::string& path) const {
  if (value.kind != Kind::kArray) return "";
  if (const Json* of = schema.Find("items"); of != nullptr) {
    for (const Json& item : value.items) {
      if (std::string problem = Check(*of, item, path + "[]"); !problem.empty()) return problem;
    }
  }
  const Json* wanted = schema.Find("contains");
  const bool holds = wanted == nullptr || std::any_of(value.items.begin(), value.items.end(),
                                                      [&](const Json& item) { return Satisfies(*wanted, item); });
  return holds ? "" : path + ": contains";
}

}  // namespace sessenum::fuzz
