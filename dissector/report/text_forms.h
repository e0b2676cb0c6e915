// Values as a reader of the report meets them. Everything returned is plain text, to be escaped by whoever writes it.
#ifndef SESSENUM_REPORT_TEXT_FORMS_H_
#define SESSENUM_REPORT_TEXT_FORMS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sessenum {

// "1,234,567"
[[nodiscard]] std::string GroupedDigits(std::uint64_t number);

// "1 call", "1,000 calls"
[[nodiscard]] std::string Counted(std::uint64_t count, std::string_view noun);

// UTC to the millisecond: "2020-09-22 04:25:13.123"
[[nodiscard]] std::string MomentText(std::int64_t time_ns);
// UTC to the second, for what is known no better.
[[nodiscard]] std::string SecondText(std::int64_t time_ns);

// "42 s", "12 min 5 s", "3 h 12 min", "5 d 3 h"
[[nodiscard]] std::string DurationText(std::uint64_t seconds);

// Text that sorts as the number does.
[[nodiscard]] std::string SortableNumber(std::uint64_t number);
// Likewise of a time, which may lie before 1970.
[[nodiscard]] std::string SortableTime(std::int64_t time_ns);

}  // namespace sessenum

#endif  // SESSENUM_REPORT_TEXT_FORMS_H_
