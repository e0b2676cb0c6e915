#include "output/cells.h"

#include <cstddef>
#include <cstdint>

#include "base/terminal.h"
#include "base/utf16.h"

namespace sessenum {
namespace {

void AppendHex(char byte, std::string& out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<std::uint8_t>(byte);
  out.append("\\x").append(1, kDigits[value >> 4U]).append(1, kDigits[value & 0xFU]);
}

void AppendItem(const FieldText& item, bool in_list, std::string (*escape)(std::string_view), std::string& out) {
  if (!item) {
    out += kUnsetCell;
    return;
  }
  if (item->empty()) {
    out += kEmptyCell;
    return;
  }
  const bool reads_as_mark = *item == kUnsetCell || *item == kEmptyCell;
  std::string_view rest = *item;
  if (reads_as_mark) {
    AppendHex(rest.front(), out);
    rest.remove_prefix(1);
  }
  const std::string escaped = escape(rest);
  for (const char c : escaped) {
    if (in_list && c == ',') {
      AppendHex(c, out);
    } else {
      out += c;
    }
  }
}

}  // namespace

void AppendCell(const FieldValue& value, std::string (*escape)(std::string_view), std::string& out) {
  if (value.items.empty()) {
    out += kEmptyCell;
    return;
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i != 0) out += ',';
    AppendItem(value.items[i], value.is_list, escape, out);
  }
}

std::string ZeekEscaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::string character;
    AppendCodePoint(TakeCodePoint(text), character);
    if (character == "\\") {
      out += "\\\\";
    } else if (Printable(character) == character) {
      out += character;
    } else {
      for (const char byte : character) AppendHex(byte, out);
    }
  }
  return out;
}

}  // namespace sessenum
