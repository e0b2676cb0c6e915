#include "base/utf16.h"

#include <algorithm>
#include <array>

namespace sessenum {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

constexpr bool IsHighSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool IsLowSurrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }
constexpr bool IsSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDFFF; }

// Whether a well-formed pair stands at `index`.
bool IsPairAt(Utf16View text, std::size_t index) {
  return IsHighSurrogate(text[index]) && index + 1 < text.size() && IsLowSurrogate(text[index + 1]);
}

struct Utf8Lead {
  int continuation = 0;  // bytes that follow; -1 where the byte cannot lead
  std::uint32_t bits = 0;
  std::uint32_t least = 0;  // smallest code point of this length: anything below is overlong
};

constexpr Utf8Lead ReadLead(std::uint8_t byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {1, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {2, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {3, byte & 0x07U, 0x10000};
  return {-1, 0, 0};
}

// Copies units as bytes, four at a time, as long as all four are ASCII; returns how many it copied.
std::size_t CopyAscii(Utf16View text, char* out) {
  constexpr std::uint64_t kBeyond = 0xFF80'FF80'FF80'FF80;
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    auto units = LoadInteger<std::uint64_t>(text.bytes().data() + 2 * i, text.order());
    if ((units & kBeyond) != 0) break;
    units = (units | units >> 8U) & 0x0000'FFFF'0000'FFFF;
    std::array<std::uint8_t, 4> bytes{};
    StoreInteger(static_cast<std::uint32_t>(units | units >> 16U), text.order(), bytes.data());
    std::ranges::copy(bytes, out + i);
  }
  return i;
}

void AppendUnit(std::uint32_t unit, ByteOrder order, std::vector<std::uint8_t>& out) {
  const std::size_t at = out.size();
  out.resize(at + 2);
  StoreInteger(static_cast<std::uint16_t>(unit), order, &out[at]);
}

}  // namespace

bool operator==(const Utf16View& a, const Utf16View& b) {
  if (a.size() != b.size()) return false;
  if (a.order() == b.order()) return std::ranges::equal(a.bytes(), b.bytes());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// Zero is zero in either byte order, so four units are looked at as one number.
std::size_t FindNul(Utf16View text) {
  constexpr std::uint64_t kOnes = 0x0001'0001'0001'0001;
  const auto has_nul = [&text](std::size_t i) {
    const auto units = LoadInteger<std::uint64_t>(text.bytes().data() + 2 * i, kNativeOrder);
    return ((units - kOnes) & ~units & (kOnes << 15U)) != 0;
  };
  std::size_t i = 0;
  while (i + 4 <= text.size() && !has_nul(i)) i += 4;
  for (; i < text.size(); ++i) {
    if (text[i] == 0) return i;
  }
  return kNoUnit;
}

std::size_t FindUnpairedSurrogate(Utf16View text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!IsSurrogate(text[i])) continue;
    if (!IsPairAt(text, i)) return i;
    ++i;
  }
  return kNoUnit;
}

void AppendCodePoint(std::uint32_t code_point, std::string& out) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

void AppendUtf8(Utf16View text, std::string& out) {
  // Most names are ASCII and nothing else.
  const std::size_t at = out.size();
  out.resize(at + text.size());
  std::size_t ascii = CopyAscii(text, out.data() + at);
  for (; ascii < text.size() && text[ascii] < 0x80; ++ascii) out[at + ascii] = static_cast<char>(text[ascii]);
  out.resize(at + ascii);
  for (std::size_t i = ascii; i < text.size(); ++i) {
    const std::uint32_t unit = text[i];
    if (!IsSurrogate(unit)) {
      AppendCodePoint(unit, out);
    } else if (IsPairAt(text, i)) {
      ++i;
      AppendCodePoint(0x10000U + ((unit - 0xD800U) << 10U) + (text[i] - 0xDC00U), out);
    } else {
      AppendCodePoint(kReplacement, out);
    }
  }
}

std::string ToUtf8(Utf16View text) {
  std::string out;
  out.reserve(text.size());
  AppendUtf8(text, out);
  return out;
}

std::uint32_t TakeCodePoint(std::string_view& text) {
  const Utf8Lead lead = ReadLead(static_cast<std::uint8_t>(text.front()));
  std::uint32_t code_point = lead.bits;
  bool well_formed = lead.continuation >= 0 && text.size() > static_cast<std::size_t>(lead.continuation);
  for (std::size_t i = 1; well_formed && i <= static_cast<std::size_t>(lead.continuation); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    well_formed = (byte & 0xC0U) == 0x80;
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  well_formed = well_formed && code_point >= lead.least && code_point <= 0x10FFFF && !IsSurrogate(code_point);
  text.remove_prefix(well_formed ? static_cast<std::size_t>(lead.continuation) + 1 : 1);
  return well_formed ? code_point : kReplacement;
}

std::string WellFormedUtf8(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; })) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) AppendCodePoint(TakeCodePoint(text), out);
  return out;
}

std::vector<std::uint8_t> Utf8ToUtf16(std::string_view text, ByteOrder order) {
  std::vector<std::uint8_t> out;
  out.reserve(2 * text.size());
  while (!text.empty()) {
    const std::uint32_t code_point = TakeCodePoint(text);
    if (code_point < 0x10000) {
      AppendUnit(code_point, order, out);
    } else {
      AppendUnit(0xD800U + ((code_point - 0x10000U) >> 10U), order, out);
      AppendUnit(0xDC00U + (code_point & 0x3FFU), order, out);
    }
  }
  return out;
}

}  // namespace sessenum
