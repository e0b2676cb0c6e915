#include "net/tcp.h"

#include "base/byte_order.h"

namespace sessenum {
namespace {

constexpr std::size_t kLeastHeader = 20;
// Up to the flags: what stands behind them may be cut off.
constexpr std::size_t kRead = 14;

}  // namespace

Status ParseTcp(Bytes captured, std::size_t wire_length, TcpHeader& out) {
  if (captured.size() < kRead) return Truncated(0, kRead);
  const std::uint8_t* at = captured.data();
  out.source_port = LoadInteger<std::uint16_t>(at, ByteOrder::kBig);
  out.destination_port = LoadInteger<std::uint16_t>(at + 2, ByteOrder::kBig);
  out.sequence = LoadInteger<std::uint32_t>(at + 4, ByteOrder::kBig);
  out.acknowledgment = LoadInteger<std::uint32_t>(at + 8, ByteOrder::kBig);
  out.size = std::size_t{4} * (at[12] >> 4U);
  if (out.size < kLeastHeader || out.size > wire_length) return Malformed(kRead);
  const std::uint8_t flags = at[13];
  out.fin = (flags & 0x01U) != 0;
  out.syn = (flags & 0x02U) != 0;
  out.rst = (flags & 0x04U) != 0;
  out.ack = (flags & 0x10U) != 0;
  return Ok();
}

}  // namespace sessenum
