// Finds a connection by its endpoints, for each packet of a capture.
#ifndef SESSENUM_NET_FLOW_INDEX_H_
#define SESSENUM_NET_FLOW_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/flow_key.h"

namespace sessenum {

// Open addressing with linear probing, at most half full: the common look-up reads one slot and the flow. `Flow` has a
// member `key`; the flows belong to the caller, and stay where they are while they are indexed.
template <typename Flow>
class FlowIndex {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }

  // nullptr where no flow has this key.
  [[nodiscard]] Flow* Find(const FlowKey& key) const {
    if (slots_.empty()) return nullptr;
    const std::uint64_t hash = key.Hash();
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Slot& slot = slots_[at];
      if (slot.flow == nullptr || (slot.hash == hash && slot.flow->key == key)) return slot.flow;
    }
  }

  // No flow of this key may be there.
  void Insert(Flow& flow) {
    if (2 * (size_ + 1) > slots_.size()) Grow();
    ++size_;
    Place({flow.key.Hash(), &flow});
  }

  // The flow must be there. Those behind it move up, so that no look-up meets a hole before its end.
  void Erase(const Flow& flow) {
    std::size_t hole = flow.key.Hash() & mask();
    while (slots_[hole].flow != &flow) hole = (hole + 1) & mask();
    --size_;
    for (std::size_t at = (hole + 1) & mask(); slots_[at].flow != nullptr; at = (at + 1) & mask()) {
      const std::size_t home = slots_[at].hash & mask();
      if (((at - home) & mask()) < ((at - hole) & mask())) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole] = {};
  }

 private:
  static constexpr std::size_t kFirstSlots = 64;

  struct Slot {
    std::uint64_t hash = 0;
    Flow* flow = nullptr;
  };

  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

  void Place(const Slot& slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].flow != nullptr) at = (at + 1) & mask();
    slots_[at] = slot;
  }

  void Grow() {
    std::vector<Slot> before(slots_.empty() ? kFirstSlots : 2 * slots_.size());
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.flow != nullptr) Place(slot);
    }
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_FLOW_INDEX_H_
