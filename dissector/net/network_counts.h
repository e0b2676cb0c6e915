// What became of the packets.
#ifndef SESSENUM_NET_NETWORK_COUNTS_H_
#define SESSENUM_NET_NETWORK_COUNTS_H_

#include <cstdint>

namespace sessenum {

struct NetworkCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;         // captured bytes
  std::uint64_t flows = 0;         // TCP connections
  std::uint64_t unknown_link = 0;  // packets of a link type that is not read
  std::uint64_t not_ip = 0;        // ARP, LLDP and the like
  std::uint64_t not_tcp = 0;
  std::uint64_t malformed = 0;              // headers that contradict themselves
  std::uint64_t truncated = 0;              // packets whose headers the capture cut off (snaplen)
  std::uint64_t incomplete_datagrams = 0;   // IP fragments whose siblings never came
  std::uint64_t overlapping_fragments = 0;  // IP fragments that repeat bytes of another without being its copy
};

}  // namespace sessenum

#endif  // SESSENUM_NET_NETWORK_COUNTS_H_
