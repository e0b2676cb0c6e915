// Writes integers and bytes to a growing buffer: the mirror of ByteReader.
#ifndef SESSENUM_BASE_BYTE_WRITER_H_
#define SESSENUM_BASE_BYTE_WRITER_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_order.h"
#include "base/bytes.h"

namespace sessenum {

// Appends to `out`, which must outlive the writer. Offsets count from where `out` ended when the writer was made.
class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::uint8_t>& out, ByteOrder order = ByteOrder::kLittle)
      : out_(out), start_(out.size()), order_(order) {}

  [[nodiscard]] std::size_t offset() const { return out_.size() - start_; }
  [[nodiscard]] ByteOrder order() const { return order_; }

  template <std::unsigned_integral T>
  void Write(T value) {
    std::array<std::uint8_t, sizeof(T)> wire{};
    StoreInteger(value, order_, wire.data());
    WriteBytes(wire);
  }
  void WriteBytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void WriteFill(std::size_t count, std::uint8_t fill = 0) { out_.insert(out_.end(), count, fill); }

 private:
  std::vector<std::uint8_t>& out_;
  std::size_t start_;
  ByteOrder order_;
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_BYTE_WRITER_H_
