// gzip and zstd, a piece at a time.
#ifndef SESSENUM_CAPTURE_UNPACKER_H_
#define SESSENUM_CAPTURE_UNPACKER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace sessenum {

// The plain bytes of one packed stream. Members (gzip) and frames (zstd) that follow each other are one stream.
class Unpacker {
 public:
  struct Step {
    std::size_t used = 0;   // bytes taken from the packed piece
    std::size_t given = 0;  // bytes written
    bool failed = false;    // the packed bytes are damaged
  };

  Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  virtual ~Unpacker() = default;

  // Unpacks from `packed` to `plain` as far as either lasts.
  [[nodiscard]] virtual Step Unpack(Bytes packed, std::span<std::uint8_t> plain) = 0;
  // Whether the stream may end here: not inside a member or frame.
  [[nodiscard]] virtual bool complete() const = 0;
  [[nodiscard]] virtual std::string_view name() const = 0;
};

// The unpacker for a stream that starts with `bytes`; nullptr where it is neither gzip nor zstd.
[[nodiscard]] std::unique_ptr<Unpacker> MakeUnpacker(Bytes bytes);

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_UNPACKER_H_
