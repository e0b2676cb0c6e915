// Property: an SMB1 connection yields the same pipe bytes however its streams are cut, and ends holding nothing.
#include <cstddef>
#include <cstdint>

#include "fuzz/smb_streams.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sessenum::fuzz::RequireSameHoweverCut(sessenum::Bytes(data, size), nullptr);
  return 0;
}
