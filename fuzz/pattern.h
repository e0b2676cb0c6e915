// The patterns of the project's schema: classes, groups, *, + and {n}, from ^ to $. Each part takes as much as it can
// and gives nothing back: no pattern of the schema asks for that.
#ifndef SESSENUM_FUZZ_PATTERN_H_
#define SESSENUM_FUZZ_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/require.h"

namespace sessenum::fuzz {

class Pattern {
 public:
  explicit Pattern(std::string_view pattern) : pattern_(pattern) {
    Require(pattern.starts_with('^') && pattern.ends_with('$'), "a pattern is for the whole text");
    pattern_ = pattern.substr(1, pattern.size() - 2);
  }

  [[nodiscard]] bool Matches(std::string_view text) const { return TakeSequence(pattern_, text) && text.empty(); }

 private:
  // These take from the front of `text` what `pattern` stands for; `text` is undefined where they fail.
  static bool TakeSequence(std::string_view pattern, std::string_view& text) {
    while (!pattern.empty()) {
      const std::string_view part = pattern.substr(0, PartSize(pattern));
      pattern.remove_prefix(part.size());
      std::size_t least = 1;
      std::size_t most = 1;
      TakeTimes(pattern, least, most);
      std::size_t taken = 0;
      for (std::string_view rest = text; taken < most && TakePart(part, rest); ++taken) text = rest;
      if (taken < least) return false;
    }
    return true;
  }

  static std::size_t PartSize(std::string_view pattern) {
    if (pattern[0] == '[') return pattern.find(']') + 1;
    if (pattern[0] == '(') return pattern.find(')') + 1;
    return 1;
  }

  static void TakeTimes(std::string_view& pattern, std::size_t& least, std::size_t& most) {
    if (pattern.empty() || (pattern[0] != '*' && pattern[0] != '+' && pattern[0] != '{')) return;
    const char sign = pattern[0];
    pattern.remove_prefix(1);
    if (sign != '{') {
      least = sign == '+' ? 1 : 0;
      most = SIZE_MAX;
      return;
    }
    for (most = 0; pattern[0] != '}'; pattern.remove_prefix(1))
      most = most * 10 + static_cast<std::size_t>(pattern[0] - '0');
    pattern.remove_prefix(1);
    least = most;
  }

  static bool TakePart(std::string_view part, std::string_view& text) {
    if (part[0] == '(') return TakeSequence(part.substr(1, part.size() - 2), text);
    if (text.empty()) return false;
    const char c = text[0];
    text.remove_prefix(1);
    return part[0] == '[' ? IsInClass(part.substr(1, part.size() - 2), c) : part[0] == c;
  }

  static bool IsInClass(std::string_view ranges, char c) {
    while (!ranges.empty()) {
      const bool is_range = ranges.size() >= 3 && ranges[1] == '-';
      if (c >= ranges[0] && c <= (is_range ? ranges[2] : ranges[0])) return true;
      ranges.remove_prefix(is_range ? 3 : 1);
    }
    return false;
  }

  std::string_view pattern_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_PATTERN_H_
