// How a function of the library says that it could not do its work, and where.
#ifndef SESSENUM_BASE_RESULT_H_
#define SESSENUM_BASE_RESULT_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace sessenum {

enum class Errc : std::uint8_t {
  kOk,
  kTruncated,  // the bytes end before what they promise
  kMalformed,  // the bytes are there and cannot mean anything
  kLimit,      // the bytes may well be sound, but are more than Limits allows
};

// The outcome of a step that yields no value. Small enough to travel in registers.
struct [[nodiscard]] Status {
  Errc code = Errc::kOk;
  std::uint32_t offset = 0;  // bytes from the start of what was read to the place of the failure
  std::uint32_t needed = 0;  // kTruncated: how many bytes were wanted at `offset`

  [[nodiscard]] constexpr bool ok() const { return code == Errc::kOk; }
  friend constexpr bool operator==(const Status&, const Status&) = default;
};

// Offsets in this library fit 32 bits (see Limits); a size that does not is reported as the largest that does.
[[nodiscard]] constexpr std::uint32_t ClampToU32(std::uint64_t value) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(value < kMax ? value : kMax);
}

[[nodiscard]] constexpr Status Ok() { return {}; }
[[nodiscard]] constexpr Status Truncated(std::size_t offset, std::uint64_t needed) {
  return {Errc::kTruncated, ClampToU32(offset), ClampToU32(needed)};
}
[[nodiscard]] constexpr Status Malformed(std::size_t offset) { return {Errc::kMalformed, ClampToU32(offset), 0}; }

// A value, or the reason why there is none. T must be default-constructible.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                       // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(status) { assert(!status_.ok()); }  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return status_.ok(); }
  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] const T& value() const& { return value_; }
  [[nodiscard]] T& value() & { return value_; }
  [[nodiscard]] T&& value() && { return std::move(value_); }

 private:
  T value_{};
  Status status_;
};

}  // namespace sessenum

// The one macro that returns: leaves the enclosing function with the status of `expression` when that is a failure.
#define SE_TRY(expression)                                                               \
  do {                                                                                   \
    if (const ::sessenum::Status se_status = (expression); !se_status.ok()) [[unlikely]] \
      return se_status;                                                                  \
  } while (false)

#endif  // SESSENUM_BASE_RESULT_H_
