#include "net/tcp.h"

#include "base/byte_reader.h"

namespace sessenum {
namespace {

constexpr std::size_t kLeastHeader = 20;

}  // namespace

Result<TcpHeader> ParseTcp(Bytes captured, std::size_t wire_length) {
  ByteReader in(captured, ByteOrder::kBig);
  TcpHeader header;
  std::uint8_t data_offset = 0;
  std::uint8_t flags = 0;
  SE_TRY(in.Read(header.source_port));
  SE_TRY(in.Read(header.destination_port));
  SE_TRY(in.Read(header.sequence));
  SE_TRY(in.Read(header.acknowledgment));
  SE_TRY(in.Read(data_offset));
  SE_TRY(in.Read(flags));
  header.size = std::size_t{4} * (data_offset >> 4U);
  if (header.size < kLeastHeader || header.size > wire_length) return Malformed(in.offset());
  header.fin = (flags & 0x01U) != 0;
  header.syn = (flags & 0x02U) != 0;
  header.rst = (flags & 0x04U) != 0;
  header.ack = (flags & 0x10U) != 0;
  return header;
}

}  // namespace sessenum
