// Addresses, flow ids and times as text.
#ifndef SESSENUM_OUTPUT_ADDRESS_H_
#define SESSENUM_OUTPUT_ADDRESS_H_

#include <cstdint>
#include <string>

#include "net/packet.h"

namespace sessenum {

// "10.0.0.5", "fd77::2" (RFC 5952)
[[nodiscard]] std::string ToText(const IpAddress& address);

// "10.0.0.5:50512", "[fd77::2]:445"
[[nodiscard]] std::string ToText(const Endpoint& endpoint);

// Community ID version 1 of a TCP connection with seed 0: equal for both directions, and the same in Zeek, Suricata,
// Arkime and ECS.
[[nodiscard]] std::string CommunityId(const Endpoint& a, const Endpoint& b);

// A connection's name in Zeek's form ("C" and 17 letters and digits) and Suricata's (51 bits: JSON numbers hold them).
// Both stand for the two endpoints, as the Community ID does: the same in every run, and for every connection of
// theirs.
[[nodiscard]] std::string ConnectionUid(const Endpoint& a, const Endpoint& b);
[[nodiscard]] std::uint64_t FlowId(const Endpoint& a, const Endpoint& b);

// Seconds with six digits, or nine where the last three are not zero: "1600748713.123456".
[[nodiscard]] std::string SecondsText(std::int64_t nanoseconds);

// UTC: "2020-09-22T04:25:13.123456Z"
[[nodiscard]] std::string TimeText(std::int64_t nanoseconds);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_ADDRESS_H_
