#include "capture/capture_reader.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sessenum {
namespace {

// The type of a section header block, which reads the same in both byte orders.
constexpr std::array<std::uint8_t, 4> kPcapngMagic = {0x0A, 0x0D, 0x0D, 0x0A};

}  // namespace

bool IsStream(const std::string& path) {
  if (path == "-") return true;
  std::error_code unknown;
  const std::filesystem::file_status status = std::filesystem::status(path, unknown);
  return std::filesystem::is_fifo(status) || std::filesystem::is_character_file(status) ||
         std::filesystem::is_socket(status);
}

std::unique_ptr<PacketSource> OpenCapture(const std::string& path, CaptureError& error) {
  std::unique_ptr<Input> input = Input::Open(path, error);
  if (input == nullptr) return nullptr;
  if (input->magic() == kPcapngMagic) return MakePcapngSource(std::move(input), error);
  return MakePcapSource(std::move(input), error);
}

}  // namespace sessenum
