// What tells TCP connections apart.
#ifndef SESSENUM_NET_FLOW_KEY_H_
#define SESSENUM_NET_FLOW_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/byte_order.h"
#include "net/hash.h"
#include "net/packet.h"

namespace sessenum {

// The two endpoints in an order of their own, so that both directions have the same key.
class FlowKey {
 public:
  FlowKey() = default;
  // `first` must be the one for which IsFirst(first, second).
  FlowKey(const Endpoint& first, const Endpoint& second)
      : words_{Half(first, 0), Half(first, 8), Half(second, 0), Half(second, 8),
               Ports(first.port, second.port) | (first.address.v6 ? 1U : 0U)} {}

  friend bool operator==(const FlowKey& a, const FlowKey& b) {
    std::uint64_t differing = 0;
    for (std::size_t i = 0; i < a.words_.size(); ++i) differing |= a.words_[i] ^ b.words_[i];
    return differing == 0;
  }

  [[nodiscard]] std::uint64_t Hash() const { return HashWords(words_); }

 private:
  friend struct PacketKey;

  static std::uint64_t Ports(std::uint16_t first, std::uint16_t second) {
    return std::uint64_t{first} << 32U | std::uint64_t{second} << 16U;
  }
  static std::uint64_t Half(const Endpoint& endpoint, std::size_t at) {
    return LoadInteger<std::uint64_t>(endpoint.address.bytes.data() + at, kNativeOrder);
  }

  std::array<std::uint64_t, 5> words_{};
};

// Whether `source` is the endpoint that FlowKey puts first: that of the lower address, or else of the lower port.
[[nodiscard]] inline bool IsFirst(const Endpoint& source, const Endpoint& destination) {
  const auto half = [](const Endpoint& endpoint, std::size_t at) {
    return LoadInteger<std::uint64_t>(endpoint.address.bytes.data() + at, ByteOrder::kBig);
  };
  for (const std::size_t at : {0U, 8U}) {
    if (half(source, at) != half(destination, at)) return half(source, at) < half(destination, at);
  }
  return source.port <= destination.port;
}

// The key of a packet's connection, and from which end of it the packet came.
struct PacketKey {
  FlowKey flow;
  bool source_is_first = false;

  [[nodiscard]] static PacketKey Of(const Endpoint& source, const Endpoint& destination) {
    const bool source_is_first = IsFirst(source, destination);
    return {source_is_first ? FlowKey(source, destination) : FlowKey(destination, source), source_is_first};
  }
  // The same, of IPv4 addresses, four bytes each in network order.
  [[nodiscard]] static PacketKey OfIpv4(const std::uint8_t* source, std::uint16_t source_port,
                                        const std::uint8_t* destination, std::uint16_t destination_port) {
    const std::uint32_t from = LoadInteger<std::uint32_t>(source, ByteOrder::kBig);
    const std::uint32_t to = LoadInteger<std::uint32_t>(destination, ByteOrder::kBig);
    PacketKey key;
    key.source_is_first = from != to ? from < to : source_port <= destination_port;
    std::memcpy(&key.flow.words_[key.source_is_first ? 0 : 2], source, 4);
    std::memcpy(&key.flow.words_[key.source_is_first ? 2 : 0], destination, 4);
    key.flow.words_[4] = key.source_is_first ? FlowKey::Ports(source_port, destination_port)
                                             : FlowKey::Ports(destination_port, source_port);
    return key;
  }
};

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_KEY_H_
