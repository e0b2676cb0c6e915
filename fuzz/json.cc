#include "fuzz/json.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "base/utf16.h"

namespace sessenum::fuzz {
namespace {

constexpr int kDeepest = 64;

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool Document(Json& out) { return Value(out, 0) && (SkipSpace(), text_.empty()); }

 private:
  bool Value(Json& out, int depth) {
    SkipSpace();
    if (text_.empty() || depth > kDeepest) return false;
    switch (text_[0]) {
      case '{':
        return Object(out, depth);
      case '[':
        return Array(out, depth);
      case '"':
        out.kind = Json::Kind::kString;
        return String(out.string);
      case 't':
      case 'f':
        out.kind = Json::Kind::kBoolean;
        out.boolean = text_[0] == 't';
        return Take(out.boolean ? "true" : "false");
      case 'n':
        return Take("null");
      default:
        return Number(out);
    }
  }

  bool Object(Json& out, int depth) {
    out.kind = Json::Kind::kObject;
    if (!Take("{")) return false;
    SkipSpace();
    if (Take("}")) return true;
    do {
      SkipSpace();
      std::string name;
      if (!String(name) || out.Find(name) != nullptr) return false;
      SkipSpace();
      out.names.push_back(name);
      if (!Take(":") || !Value(out.items.emplace_back(), depth + 1)) return false;
      SkipSpace();
    } while (Take(","));
    return Take("}");
  }

  bool Array(Json& out, int depth) {
    out.kind = Json::Kind::kArray;
    if (!Take("[")) return false;
    SkipSpace();
    if (Take("]")) return true;
    do {
      if (!Value(out.items.emplace_back(), depth + 1)) return false;
      SkipSpace();
    } while (Take(","));
    return Take("]");
  }

  bool String(std::string& out) {
    if (!Take("\"")) return false;
    while (!text_.empty() && text_[0] != '"') {
      if (static_cast<unsigned char>(text_[0]) < 0x20) return false;
      if (text_[0] == '\\' ? !Escape(out) : !Character(out)) return false;
    }
    return Take("\"");
  }

  bool Character(std::string& out) {
    const std::string_view before = text_;
    const bool is_ascii = static_cast<unsigned char>(text_[0]) < 0x80;
    const std::uint32_t code_point = TakeCodePoint(text_);
    out.append(before.substr(0, before.size() - text_.size()));
    // An ill-formed byte yields U+FFFD though it is not one.
    return is_ascii || code_point != 0xFFFD || before.starts_with("\xEF\xBF\xBD");
  }

  bool Escape(std::string& out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (text_.size() < 2) return false;
    if (const std::size_t at = kLetters.find(text_[1]); at != std::string_view::npos) {
      out += kMeant[at];
      text_.remove_prefix(2);
      return true;
    }
    std::uint32_t unit = 0;
    if (!Unit(unit) || (unit >= 0xDC00 && unit < 0xE000)) return false;
    if (unit >= 0xD800 && unit < 0xDC00) {
      std::uint32_t low = 0;
      if (!Unit(low) || low < 0xDC00 || low > 0xDFFF) return false;
      unit = 0x10000 + ((unit - 0xD800) << 10U) + (low - 0xDC00);
    }
    AppendCodePoint(unit, out);
    return true;
  }

  bool Unit(std::uint32_t& unit) {
    if (!Take("\\u") || text_.size() < 4) return false;
    for (int i = 0; i < 4; ++i) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(static_cast<char>(text_[0] | 0x20));
      if (digit == std::string_view::npos) return false;
      unit = unit * 16 + static_cast<std::uint32_t>(digit);
      text_.remove_prefix(1);
    }
    return true;
  }

  bool Number(Json& out) {
    const std::string_view before = text_;
    static_cast<void>(Take("-"));
    if (!Take("0") && !Digits()) return false;
    out.kind = Json::Kind::kInteger;
    if (Take(".")) {
      out.kind = Json::Kind::kNumber;
      if (!Digits()) return false;
    }
    if (Take("e") || Take("E")) {
      out.kind = Json::Kind::kNumber;
      static_cast<void>(Take("+") || Take("-"));
      if (!Digits()) return false;
    }
    out.number = std::strtod(std::string(before.substr(0, before.size() - text_.size())).c_str(), nullptr);
    return true;
  }

  bool Digits() {
    const std::size_t end = std::min(text_.find_first_not_of("0123456789"), text_.size());
    text_.remove_prefix(end);
    return end > 0;
  }

  bool Take(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }

  void SkipSpace() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size())); }

  std::string_view text_;
};

}  // namespace

const Json* Json::Find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

bool operator==(const Json& a, const Json& b) {
  const auto is_number = [](const Json& json) {
    return json.kind == Json::Kind::kInteger || json.kind == Json::Kind::kNumber;
  };
  if (is_number(a) && is_number(b)) return a.number == b.number;
  return a.kind == b.kind && a.boolean == b.boolean && a.string == b.string && a.items == b.items && a.names == b.names;
}

std::optional<Json> ParseJson(std::string_view text) {
  Json json;
  if (!Parser(text).Document(json)) return std::nullopt;
  return json;
}

}  // namespace sessenum::fuzz
