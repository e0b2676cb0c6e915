// Counts the program's allocations: it replaces the global operator new.
#ifndef SESSENUM_BASE_ALLOCATION_COUNT_TESTING_H_
#define SESSENUM_BASE_ALLOCATION_COUNT_TESTING_H_

#include <cstddef>

namespace sessenum {

// How often memory was asked of operator new so far.
[[nodiscard]] std::size_t AllocationCount();
// How many bytes, in all; what was given back is not taken off.
[[nodiscard]] std::size_t AllocatedBytes();

}  // namespace sessenum

#endif  // SESSENUM_BASE_ALLOCATION_COUNT_TESTING_H_
