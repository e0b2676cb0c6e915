// For the emulated memory job alone: std::string is compiled where it is used, and so instrumented, instead of taken
// from Debian's libc++, which is not. The base builder's libc++ is instrumented.
#ifndef SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_
#define SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_

#include <__string/extern_template_lists.h>
#undef _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST
#define _LIBCPP_STRING_V1_EXTERN_TEMPLATE_LIST(...)

#endif  // SESSENUM_TOOLS_OSS_FUZZ_INSTRUMENTED_STRING_H_
