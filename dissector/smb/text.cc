#include "smb/text.h"

#include <algorithm>

#include "base/utf16.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void DropBackslashes(std::string_view& path) {
  path.remove_prefix(std::min(path.find_first_not_of('\\'), path.size()));
}

}  // namespace

std::string DecodeName(Bytes text, SmbCharset charset, Budget& budget) {
  if (text.size() > budget.limits().smb_name_bytes) {
    budget.Hit(Cap::kSmbNameBytes);
    text = text.first(budget.limits().smb_name_bytes);
  }
  if (charset == SmbCharset::kUtf16) return ToUtf8(Utf16View(text, ByteOrder::kLittle));
  std::string out;
  for (const std::uint8_t byte : text) AppendCodePoint(byte < 0x80 ? byte : kReplacement, out);
  return out;
}

std::string PipeName(std::string_view path) {
  constexpr std::string_view kPrefix = "pipe\\";
  DropBackslashes(path);
  std::string name(path);
  std::transform(name.begin(), name.end(), name.begin(), ToLower);
  if (!name.starts_with(kPrefix)) return name;
  std::string_view rest = std::string_view(name).substr(kPrefix.size());
  DropBackslashes(rest);
  return std::string(rest);
}

}  // namespace sessenum
