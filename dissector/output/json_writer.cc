#include "output/json_writer.h"

namespace sessenum {
namespace {

constexpr std::size_t kStep = 512;    // std::string fills with zeros whatever room it is asked for
constexpr char kLatin1Lead = '\xC2';  // only ever the first byte of U+0080 to U+00BF

}  // namespace

void StringSink::Grow(std::size_t count) {
  const std::size_t kept = used();
  out_.resize(kept + std::max(count, kStep));
  next_ = out_.data() + kept;
  end_ = out_.data() + out_.size();
}

void StringSink::PutSteering(std::uint8_t byte) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  if (byte != 0x7F && next_[-1] != kLatin1Lead) {  // within a longer sequence
    *next_++ = static_cast<char>(byte);
    return;
  }
  if (byte != 0x7F) --next_;
  for (const char c : {'\\', 'u', '0', '0', kDigits[byte >> 4U], kDigits[byte & 0xFU]}) *next_++ = c;
}

}  // namespace sessenum
