// How much room sessions take in a server's buffer. How a server counts is its own affair; these are the bounds.
#ifndef SESSENUM_RULES_MEASURE_H_
#define SESSENUM_RULES_MEASURE_H_

#include <cstdint>
#include <span>

#include "srvsvc/session.h"

namespace sessenum {

// Bytes of `session` with pointers of `pointer_size` bytes and its strings in UTF-16.
[[nodiscard]] inline std::uint64_t BytesOf(const Session& session, std::span<const SessionField> fields,
                                           std::uint32_t pointer_size) {
  std::uint64_t bytes = 0;
  for (const SessionField& field : fields) {
    if (field.number != nullptr) {
      bytes += 4;
    } else {
      bytes += pointer_size + 2ULL * (session.*field.string).actual_count;
    }
  }
  return bytes;
}

// No server counts less: structures of 32 bits.
[[nodiscard]] inline std::uint64_t LeastBytesOf(const Session& session, std::span<const SessionField> fields) {
  return BytesOf(session, fields, 4);
}

// Hardly one counts more: structures of 64 bits, each field and string aligned to eight bytes.
[[nodiscard]] inline std::uint64_t MostBytesOf(const Session& session, std::span<const SessionField> fields) {
  constexpr std::uint64_t kSlack = 8;
  return BytesOf(session, fields, 8) + 2 * kSlack * fields.size();
}

}  // namespace sessenum

#endif  // SESSENUM_RULES_MEASURE_H_
