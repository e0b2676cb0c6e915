#include "report/text_forms.h"

#include <algorithm>

#include "output/address.h"

namespace sessenum {
namespace {

constexpr std::uint64_t kMinute = 60;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;

std::string TwoUnits(std::uint64_t seconds, std::uint64_t large, std::string_view large_name, std::uint64_t small,
                     std::string_view small_name) {
  std::string text = std::to_string(seconds / large).append(" ").append(large_name);
  const std::uint64_t rest = seconds % large / small;
  if (rest != 0) text.append(" ").append(std::to_string(rest)).append(" ").append(small_name);
  return text;
}

// The first `count` characters of the time in ISO form, with a space between day and hour.
std::string TimePrefix(std::int64_t time_ns, std::size_t after_point) {
  std::string text = TimeText(time_ns);
  const std::size_t t = text.find('T');
  if (t != std::string::npos) text[t] = ' ';
  const std::size_t point = text.find('.');
  if (point != std::string::npos)
    text.resize(after_point == 0 ? point : std::min(text.size(), point + 1 + after_point));
  return text;
}

}  // namespace

std::string GroupedDigits(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string Counted(std::uint64_t count, std::string_view noun) {
  return GroupedDigits(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

std::string MomentText(std::int64_t time_ns) { return TimePrefix(time_ns, 3); }
std::string SecondText(std::int64_t time_ns) { return TimePrefix(time_ns, 0); }

std::string DurationText(std::uint64_t seconds) {
  if (seconds < 2 * kMinute) return std::to_string(seconds).append(" s");
  if (seconds < 2 * kHour) return TwoUnits(seconds, kMinute, "min", 1, "s");
  if (seconds < 2 * kDay) return TwoUnits(seconds, kHour, "h", kMinute, "min");
  return TwoUnits(seconds, kDay, "d", kHour, "h");
}

std::string SortableNumber(std::uint64_t number) {
  constexpr std::size_t kMostDigits = 20;
  const std::string digits = std::to_string(number);
  return std::string(kMostDigits - digits.size(), '0').append(digits);
}

std::string SortableTime(std::int64_t time_ns) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  return SortableNumber(static_cast<std::uint64_t>(time_ns) ^ kSign);
}

}  // namespace sessenum
