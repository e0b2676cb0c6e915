// For the emulated memory job alone: what of std::string Debian's libc++ brings compiled, and so not instrumented, is
// compiled where it is used. The base builder's libc++ is instrumented.
#ifndef SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_
#define SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_

#include <__string/extern_template_lists.h>
#undef _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST
#define _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST(...)

#include <array>
#include <charconv>
#include <string>

namespace sessenum::oss_fuzz {

template <typename Number>
std::string Decimal(Number number) {
  std::array<char, 24> digits;
  return std::string(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

}  // namespace sessenum::oss_fuzz

namespace std {  // NOLINT(cert-dcl58-cpp): the library's own functions, defined
inline namespace __1 {

template string operator+<char, char_traits<char>, allocator<char>>(const char*, const string&);

inline string to_string(int number) { return sessenum::oss_fuzz::Decimal(number); }
inline string to_string(long number) { return sessenum::oss_fuzz::Decimal(number); }
inline string to_string(long long number) { return sessenum::oss_fuzz::Decimal(number); }
inline string to_string(unsigned number) { return sessenum::oss_fuzz::Decimal(number); }
inline string to_string(unsigned long number) { return sessenum::oss_fuzz::Decimal(number); }
inline string to_string(unsigned long long number) { return sessenum::oss_fuzz::Decimal(number); }

}  // namespace __1
}  // namespace std

#endif  // SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_
