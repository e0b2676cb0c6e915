// What libFuzzer calls in place of its own mutations. SESSENUM_FORM is the form of the target's inputs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/mutator/forms.h"

// The engine's own. An engine that has none keeps the input.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                              std::size_t max_size);

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own

constexpr const fuzz::Form& kForm = fuzz::SESSENUM_FORM;

std::size_t Store(const std::vector<std::uint8_t>& from, std::size_t max_size, std::uint8_t* to) {
  const std::size_t size = std::min(from.size(), max_size);
  std::copy_n(from.begin(), size, to);
  return size;
}

// 0 where the engine did nothing.
std::size_t MutateByEngine(std::uint8_t* data, std::size_t size, std::size_t max_size) {
  return LLVMFuzzerMutate != nullptr ? LLVMFuzzerMutate(data, size, max_size) : 0;
}

}  // namespace

// Three of four inputs are changed field by field; the engine knows the dictionary and what was compared with what.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  fuzz::Draw draw(seed);
  if (draw.OneIn(4)) {
    if (const std::size_t mutated = MutateByEngine(data, size, max_size); mutated > 0) return mutated;
  }
  return Store(kForm.mutate(Bytes(data, size), draw), max_size, data);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* one, std::size_t one_size,
                                                 const std::uint8_t* other, std::size_t other_size, std::uint8_t* out,
                                                 std::size_t max_out_size, unsigned int seed) {
  fuzz::Draw draw(seed);
  return Store(kForm.cross(Bytes(one, one_size), Bytes(other, other_size), draw), max_out_size, out);
}
