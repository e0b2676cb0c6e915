#include "srvsvc/allocation_count_testing.h"

#include <cstdlib>
#include <new>

namespace {

std::size_t count = 0;
std::size_t bytes = 0;

void* Allocate(std::size_t size) noexcept {
  ++count;
  bytes += size;
  return std::malloc(size == 0 ? 1 : size);
}

void* AllocateOrAbort(std::size_t size) noexcept {
  void* memory = Allocate(size);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

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

namespace sessenum {

std::size_t AllocationCount() { return count; }
std::size_t AllocatedBytes() { return bytes; }

}  // namespace sessenum
