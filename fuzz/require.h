// The one way in which an oracle fails: loudly. An engine ignores a target's return value.
#ifndef SESSENUM_FUZZ_REQUIRE_H_
#define SESSENUM_FUZZ_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace sessenum::fuzz {

// Aborts, saying `property`, where that does not hold.
inline void Require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "broken property: %s\n", property);
  std::abort();
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_REQUIRE_H_
