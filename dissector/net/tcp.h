// The TCP header (RFC 9293 3.1). Checksums are not verified: offload leaves them unset in captures of the sender.
#ifndef SESSENUM_NET_TCP_H_
#define SESSENUM_NET_TCP_H_

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/provenance.h"
#include "base/result.h"
#include "net/packet.h"

namespace sessenum {

struct TcpHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;  // with `ack` only
  std::size_t size = 0;              // bytes, options included
  bool fin = false;
  bool syn = false;
  bool rst = false;
  bool ack = false;
};

// Reads into `out` the header that starts `captured`; the segment has `wire_length` bytes. Options may be cut off: size
// can then exceed captured.size(), never `wire_length`.
[[nodiscard]] Status ParseTcp(Bytes captured, std::size_t wire_length, TcpHeader& out);

// A segment as the flow table takes it.
struct TcpSegment {
  Endpoint source;
  Endpoint destination;
  TcpHeader header;
  SourcedBytes payload;            // as captured
  std::size_t payload_length = 0;  // bytes on the wire
  Frame frame;                     // the packet that completed it
};

}  // namespace sessenum

#endif  // SESSENUM_NET_TCP_H_
