// Link layers: what stands before the IP header.
#ifndef SESSENUM_NET_LINK_H_
#define SESSENUM_NET_LINK_H_

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/packet.h"

namespace sessenum {

enum class LinkContent : std::uint8_t {
  kIp,
  kNotIp,        // a frame of another protocol
  kUnknownLink,  // a link type that is not read
};

struct LinkHeader {
  LinkContent content = LinkContent::kNotIp;
  std::size_t size = 0;  // kIp: bytes before the IP header
};

// Reads the link header that starts `frame`. kTruncated: the captured bytes end within it. kMalformed: more VLAN tags
// than any network stacks.
[[nodiscard]] Result<LinkHeader> ReadLinkHeader(LinkType link, Bytes frame);

}  // namespace sessenum

#endif  // SESSENUM_NET_LINK_H_
