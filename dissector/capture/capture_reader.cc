#include "capture/capture_reader.h"

#include <array>
#include <cstdint>
#include <utility>

namespace sessenum {
namespace {

// The type of a section header block, which reads the same in both byte orders.
constexpr std::array<std::uint8_t, 4> kPcapngMagic = {0x0A, 0x0D, 0x0D, 0x0A};

}  // namespace

std::unique_ptr<PacketSource> OpenCapture(const std::string& path, CaptureError& error) {
  std::unique_ptr<Input> input = Input::Open(path, error);
  if (input == nullptr) return nullptr;
  if (input->magic() == kPcapngMagic) return MakePcapngSource(std::move(input), error);
  return MakePcapSource(std::move(input), error);
}

}  // namespace sessenum
