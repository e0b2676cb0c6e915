// What tells TCP connections apart.
#ifndef SESSENUM_NET_FLOW_KEY_H_
#define SESSENUM_NET_FLOW_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "net/hash.h"
#include "net/packet.h"

namespace sessenum {

// The two endpoints in an order of their own, so that both directions have the same key.
class FlowKey {
 public:
  FlowKey() = default;
  FlowKey(const Endpoint& source, const Endpoint& destination);

  friend bool operator==(const FlowKey&, const FlowKey&) = default;

  struct Hash {
    std::size_t operator()(const FlowKey& key) const noexcept { return HashWords(key.words_); }
  };

 private:
  std::array<std::uint64_t, 5> words_{};
};

// Whether `source` is the endpoint that FlowKey puts first.
[[nodiscard]] bool IsFirst(const Endpoint& source, const Endpoint& destination);

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_KEY_H_
