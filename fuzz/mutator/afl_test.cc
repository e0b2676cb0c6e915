// What afl-fuzz asks of a mutator, of the hooks as they stand in afl.cc for kPiecesForm.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
void* afl_custom_init(void* afl, unsigned int seed);
std::size_t afl_custom_fuzz(void* data, std::uint8_t* in, std::size_t size, std::uint8_t** out, std::uint8_t* add,
                            std::size_t add_size, std::size_t max_size);
void afl_custom_deinit(void* data);
}

namespace sessenum::fuzz {
namespace {

constexpr std::size_t kMostSize = 64;

struct Tried {
  std::size_t empty = 0;  // answers of no bytes
  std::size_t others = 0;
};

// Each time from the same input, as afl-fuzz does.
Tried Try(unsigned int seed, const std::vector<std::uint8_t>& input) {
  Tried tried;
  void* const state = afl_custom_init(nullptr, seed);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::uint8_t> in = input;
    std::vector<std::uint8_t> add = {1, 0, 1, 0x41};
    std::uint8_t* out = nullptr;
    const std::size_t size = afl_custom_fuzz(state, in.data(), in.size(), &out, add.data(), add.size(), kMostSize);
    EXPECT_LE(size, kMostSize);
    EXPECT_NE(out, nullptr) << "afl-fuzz ends where it is given no buffer, with " << size << " bytes";
    ++(size == 0 ? tried.empty : tried.others);
  }
  afl_custom_deinit(state);
  return tried;
}

// One piece is soon no piece.
TEST(AflMutator, GivesABufferForNoBytesToo) {
  Tried all;
  for (unsigned int seed = 0; seed < 20; ++seed) {
    const Tried tried = Try(seed, {0, 1, 0, 0x42});
    all.empty += tried.empty;
    all.others += tried.others;
  }
  EXPECT_GT(all.empty, 0U);
  EXPECT_GT(all.others, all.empty);
}

}  // namespace
}  // namespace sessenum::fuzz
