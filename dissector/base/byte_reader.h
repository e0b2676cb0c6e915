// The only code that reads integers from untrusted bytes.
#ifndef SESSENUM_BASE_BYTE_READER_H_
#define SESSENUM_BASE_BYTE_READER_H_

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "base/byte_order.h"
#include "base/bytes.h"
#include "base/result.h"

namespace sessenum {

// A cursor over bytes that outlive it. Every read is all or nothing: a failed read moves nothing, and its status says
// where it stood and how many bytes it wanted. Offsets count from the start of the outermost reader.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, ByteOrder order = ByteOrder::kLittle, std::size_t base = 0)
      : bytes_(bytes), base_(base), order_(order) {}

  [[nodiscard]] std::size_t offset() const { return base_ + position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] ByteOrder order() const { return order_; }
  [[nodiscard]] Bytes rest() const { return bytes_.subspan(position_); }

  // Reads the next integer in this reader's byte order.
  template <std::unsigned_integral T>
  Status Read(T& out) {
    SE_TRY(Peek(out));
    position_ += sizeof(T);
    return Ok();
  }
  // The same without moving.
  template <std::unsigned_integral T>
  Status Peek(T& out) const {
    SE_TRY(Check(sizeof(T)));
    out = LoadInteger<T>(bytes_.data() + position_, order_);
    return Ok();
  }

  // Gives the next `size` bytes as a view of the input.
  Status ReadBytes(std::size_t size, Bytes& out) {
    SE_TRY(Check(size));
    out = Bytes(bytes_.data() + position_, size);
    position_ += size;
    return Ok();
  }

  Status Skip(std::size_t size) {
    SE_TRY(Check(size));
    position_ += size;
    return Ok();
  }

  // Gives a reader of just the next `size` bytes, with the same offsets and byte order, and moves past them.
  Status Sub(std::size_t size, ByteReader& out) {
    const std::size_t at = offset();
    Bytes view;
    SE_TRY(ReadBytes(size, view));
    out = ByteReader(view, order_, at);
    return Ok();
  }

  // Moves to `offset`, forwards only.
  Status SkipTo(std::size_t target) { return target < offset() ? Malformed(offset()) : Skip(target - offset()); }

 private:
  // The bounds check of every read.
  [[nodiscard]] Status Check(std::size_t size) const {
    if (size > remaining()) [[unlikely]]
      return Missing(size);
    return Ok();
  }
  // Out of line, so that the reads are small enough to be inlined.
  [[gnu::cold, gnu::noinline]] [[nodiscard]] Status Missing(std::size_t size) const {
    return Truncated(offset(), size);
  }

  Bytes bytes_;
  std::size_t position_ = 0;
  std::size_t base_ = 0;
  ByteOrder order_;
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_BYTE_READER_H_
