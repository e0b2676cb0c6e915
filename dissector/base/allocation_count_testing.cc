#include "base/allocation_count_testing.h"

#include <cstdlib>
#include <new>

namespace {

std::size_t count = 0;
std::size_t bytes = 0;

[[maybe_unused]] void* Allocate(std::size_t size) noexcept {
  ++count;
  bytes += size;
  return std::malloc(size == 0 ? 1 : size);
}

[[maybe_unused]] void* AllocateOrAbort(std::size_t size) noexcept {
  void* memory = Allocate(size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

// MSan's runtime has operators of its own, which tell it what memory is new: there nothing is counted.
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define SESSENUM_KEEP_OPERATOR_NEW
#endif
#endif

#ifndef SESSENUM_KEEP_OPERATOR_NEW
void* operator new(std::size_t size) { return AllocateOrAbort(size); }
void* operator new[](std::size_t size) { return AllocateOrAbort(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
#endif

namespace sessenum {

std::size_t AllocationCount() { return count; }
std::size_t AllocatedBytes() { return bytes; }

}  // namespace sessenum
