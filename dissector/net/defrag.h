// Puts IP datagrams back together: IPv4 (RFC 815) and IPv6 (RFC 8200 4.5).
#ifndef SESSENUM_NET_DEFRAG_H_
#define SESSENUM_NET_DEFRAG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/limits.h"
#include "base/provenance.h"
#include "net/hash.h"
#include "net/ip.h"
#include "net/network_counts.h"

namespace sessenum {

struct Datagram {
  std::uint8_t protocol = 0;  // IPv6: may name an extension header
  SourcedBuffer payload;
};

// Collects fragments until their datagram is whole. Where fragments overlap the first copy wins. Datagrams are given
// up, oldest first, at the caps of Limits and datagram_seconds after their first fragment; each is counted incomplete.
class Defragmenter {
 public:
  // Both must outlive the defragmenter.
  Defragmenter(Budget& budget, NetworkCounts& counts) : budget_(budget), counts_(counts) {}
  Defragmenter(const Defragmenter&) = delete;
  Defragmenter& operator=(const Defragmenter&) = delete;

  // Takes a packet that has a fragment, and its payload as captured. Returns the datagram that it completes.
  [[nodiscard]] std::optional<Datagram> Add(const IpPacket& packet, SourcedBytes payload, Frame frame);
  // Gives up all that wait.
  void Finish();

  [[nodiscard]] std::size_t datagrams_held() const { return waiting_.size(); }
  [[nodiscard]] std::size_t bytes_held() const { return bytes_held_; }  // with the cost of keeping them

 private:
  using Key = std::array<std::uint64_t, 5>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept { return HashWords(key); }
  };
  struct Assembly {
    Key key{};
    Frame first;                                    // the first fragment that was captured
    std::map<std::uint32_t, SourcedBuffer> pieces;  // by offset, disjoint
    std::size_t cost = 0;
    std::uint32_t covered = 0;            // bytes in pieces
    std::optional<std::uint32_t> length;  // of the payload, once the last fragment is known
    std::uint8_t protocol = 0;            // as the fragment at offset 0 has it
    bool cut = false;                     // a fragment was cut by snaplen: this can never be whole
  };
  using Assemblies = std::list<Assembly>;

  [[nodiscard]] static Key KeyOf(const IpPacket& packet);
  Assemblies::iterator FindOrStart(const Key& key, Frame frame);
  // Makes room for `cost` bytes. False where `assembly` itself had to go.
  [[nodiscard]] bool MakeRoom(Assemblies::iterator assembly, std::size_t cost);
  void AddPieces(Assembly& assembly, std::uint32_t offset, SourcedBytes payload);
  void DropPieces(Assembly& assembly);
  void Expire(Frame now);
  void GiveUp(Assemblies::iterator assembly);
  void Erase(Assemblies::iterator assembly);

  Budget& budget_;
  NetworkCounts& counts_;
  Assemblies waiting_;  // oldest first
  std::unordered_map<Key, Assemblies::iterator, KeyHash> index_;
  std::size_t bytes_held_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_DEFRAG_H_
