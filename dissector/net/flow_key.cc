#include "net/flow_key.h"

#include <cstring>

namespace sessenum {

bool IsFirst(const Endpoint& source, const Endpoint& destination) {
  const int order = std::memcmp(source.address.bytes.data(), destination.address.bytes.data(), 16);
  return order != 0 ? order < 0 : source.port <= destination.port;
}

FlowKey::FlowKey(const Endpoint& source, const Endpoint& destination) {
  const bool is_first = IsFirst(source, destination);
  const Endpoint& first = is_first ? source : destination;
  const Endpoint& second = is_first ? destination : source;
  std::memcpy(words_.data(), first.address.bytes.data(), 16);
  std::memcpy(words_.data() + 2, second.address.bytes.data(), 16);
  words_[4] = std::uint64_t{first.port} << 32U | std::uint64_t{second.port} << 16U | (first.address.v6 ? 1U : 0U);
}

}  // namespace sessenum
