// Property: none. Takes an input and does nothing: the speed of the engine, against which that of a target is measured.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* /*data*/, std::size_t /*size*/) { return 0; }
