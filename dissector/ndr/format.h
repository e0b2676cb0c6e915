// A transfer syntax together with a byte order: how the bytes of a stub are to be read.
#ifndef SESSENUM_NDR_FORMAT_H_
#define SESSENUM_NDR_FORMAT_H_

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/byte_order.h"

namespace sessenum {

enum class TransferSyntax : std::uint8_t {
  kNdr,    // 8a885d04-1ceb-11c9-9fe8-08002b104860 v2.0 (C706 chapter 14)
  kNdr64,  // 71710533-beba-4937-8319-b5dbef9ccc36 v1.0 (MS-RPCE 2.2.5)
};

[[nodiscard]] constexpr std::string_view Name(TransferSyntax syntax) {
  return syntax == TransferSyntax::kNdr ? "ndr" : "ndr64";
}

struct NdrFormat {
  TransferSyntax syntax = TransferSyntax::kNdr;
  ByteOrder order = ByteOrder::kLittle;

  // Bytes of a pointer and of a count, and what either aligns to (C706 14.3.10; MS-RPCE 2.2.5.3.5, 2.2.5.3.2).
  [[nodiscard]] constexpr std::uint32_t word() const { return syntax == TransferSyntax::kNdr ? 4 : 8; }

  friend constexpr bool operator==(const NdrFormat&, const NdrFormat&) = default;
};

// One format, as a type: what is read in a loop need not ask for it each time.
template <TransferSyntax kSyntax, ByteOrder kOrder>
struct FixedFormat {
  using Word = std::conditional_t<kSyntax == TransferSyntax::kNdr, std::uint32_t, std::uint64_t>;
  static constexpr ByteOrder order = kOrder;
};

// Calls `visit` with the FixedFormat that is `format`, and returns what it returns.
template <typename Visitor>
[[gnu::always_inline]] inline auto WithFixedFormat(NdrFormat format, Visitor&& visit) {
  const bool is_little = format.order == ByteOrder::kLittle;
  if (format.syntax == TransferSyntax::kNdr) {
    return is_little ? visit(FixedFormat<TransferSyntax::kNdr, ByteOrder::kLittle>())
                     : visit(FixedFormat<TransferSyntax::kNdr, ByteOrder::kBig>());
  }
  return is_little ? visit(FixedFormat<TransferSyntax::kNdr64, ByteOrder::kLittle>())
                   : visit(FixedFormat<TransferSyntax::kNdr64, ByteOrder::kBig>());
}

}  // namespace sessenum

#endif  // SESSENUM_NDR_FORMAT_H_
