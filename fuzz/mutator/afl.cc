// The same mutations for AFL++, as a shared object that AFL_CUSTOM_MUTATOR_LIBRARY names. SESSENUM_FORM is the form of
// the target's inputs. AFL++ goes on with mutations of its own besides.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/mutator/forms.h"

namespace {

struct State {
  sessenum::fuzz::Draw draw;
  std::vector<std::uint8_t> out;
};

constexpr const sessenum::fuzz::Form& kForm = sessenum::fuzz::SESSENUM_FORM;

}  // namespace

extern "C" {

__attribute__((visibility("default"))) void* afl_custom_init(void* /*afl*/, unsigned int seed) {
  return new State{sessenum::fuzz::Draw(seed), {}};
}

// `*out` stays with the mutator until the next call.
__attribute__((visibility("default"))) std::size_t afl_custom_fuzz(void* data, std::uint8_t* in, std::size_t size,
                                                                   std::uint8_t** out, std::uint8_t* add,
                                                                   std::size_t add_size, std::size_t max_size) {
  State& state = *static_cast<State*>(data);
  const sessenum::Bytes input(in, size);
  const bool crosses = add != nullptr && state.draw.OneIn(8);
  state.out =
      crosses ? kForm.cross(input, sessenum::Bytes(add, add_size), state.draw) : kForm.mutate(input, state.draw);
  if (state.out.size() > max_size) state.out.resize(max_size);
  // Without a buffer, be it for no bytes, afl-fuzz ends.
  state.out.reserve(1);
  *out = state.out.data();
  return state.out.size();
}

__attribute__((visibility("default"))) void afl_custom_deinit(void* data) { delete static_cast<State*>(data); }

}  // extern "C"
