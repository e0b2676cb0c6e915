// Tunnels: packets that carry packets.
#ifndef SESSENUM_NET_TUNNEL_H_
#define SESSENUM_NET_TUNNEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "net/packet.h"

namespace sessenum {

// Tunnels within tunnels that are followed. More is a packet built to cost time.
inline constexpr int kMaxTunnels = 4;

struct TunnelPayload {
  LinkType link = LinkType::kRaw;  // how the inner packet starts
  std::size_t at = 0;              // bytes before it
};

// Looks for an inner packet in `payload`, the payload of an IP packet of `protocol`: IP in IP (RFC 2003, RFC 4213), GRE
// (RFC 2784, RFC 2890) with IP, Ethernet or ERSPAN types I to III, and VXLAN (RFC 7348) on its registered port.
// nullopt: it is no tunnel that is read. kTruncated: the captured bytes end within the tunnel's header.
[[nodiscard]] Result<std::optional<TunnelPayload>> FindTunnel(std::uint8_t protocol, Bytes payload);

}  // namespace sessenum

#endif  // SESSENUM_NET_TUNNEL_H_
