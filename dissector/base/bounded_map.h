// A map that forgets its oldest entry rather than grow.
#ifndef SESSENUM_BASE_BOUNDED_MAP_H_
#define SESSENUM_BASE_BOUNDED_MAP_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace sessenum {

// Keys come from the wire, so it is a tree: no choice of keys makes it slow. Nodes are used again: once it has been as
// full as it gets, nothing is allocated.
template <typename Key, typename Value>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool full() const { return entries_.size() >= capacity_; }

  // nullptr where there is none. Valid until the entry is taken.
  [[nodiscard]] Value* Find(const Key& key) {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.value;
  }

  // Adds an entry that is not there yet. The map must not be full.
  Value& Add(const Key& key, Value value) {
    const std::uint64_t born = ++births_;
    ages_.insert(Node<Ages>(spare_ages_, born, key));
    auto node = Node<Entries>(spare_entries_, key, Entry{std::move(value), born});
    return entries_.insert(std::move(node)).position->second.value;
  }

  std::optional<Value> Take(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    return Remove(found);
  }

  std::optional<Value> TakeOldest() {
    if (ages_.empty()) return std::nullopt;
    return Take(ages_.begin()->second);
  }
  // The same, with a last look: `visit(key, value)`.
  template <typename Visitor>
  void TakeOldest(Visitor&& visit) {
    if (ages_.empty()) return;
    const auto oldest = entries_.find(ages_.begin()->second);
    visit(oldest->first, oldest->second.value);
    Remove(oldest);
  }

  // Calls `visit(key, value)` in the order of keys.
  template <typename Visitor>
  void ForEach(Visitor&& visit) {
    for (auto& [key, entry] : entries_) visit(key, entry.value);
  }

  // Removes what `condemned(key, value)` returns true for.
  template <typename Predicate>
  void EraseIf(Predicate&& condemned) {
    for (auto it = entries_.begin(); it != entries_.end();) {
      const auto here = it++;
      if (condemned(here->first, here->second.value)) Remove(here);
    }
  }

 private:
  struct Entry {
    Value value;
    std::uint64_t born = 0;
  };
  using Entries = std::map<Key, Entry>;
  using Ages = std::map<std::uint64_t, Key>;

  template <typename Map>
  [[nodiscard]] static typename Map::node_type Node(std::vector<typename Map::node_type>& spare,
                                                    const typename Map::key_type& key,
                                                    typename Map::mapped_type value) {
    if (spare.empty()) {
      Map fresh;
      return fresh.extract(fresh.emplace(key, std::move(value)).first);
    }
    typename Map::node_type node = std::move(spare.back());
    spare.pop_back();
    node.key() = key;
    node.mapped() = std::move(value);
    return node;
  }

  Value Remove(typename Entries::iterator at) {
    spare_ages_.push_back(ages_.extract(at->second.born));
    spare_entries_.push_back(entries_.extract(at));
    return std::exchange(spare_entries_.back().mapped().value, Value());
  }

  std::size_t capacity_;
  std::uint64_t births_ = 0;
  Entries entries_;
  Ages ages_;  // born -> key
  std::vector<typename Entries::node_type> spare_entries_;
  std::vector<typename Ages::node_type> spare_ages_;
};

// Makes room for one more entry, counting `cap` where that takes something away. Returns what had to go.
template <typename Key, typename Value>
std::optional<Value> MakeRoom(BoundedMap<Key, Value>& map, Budget& budget, Cap cap) {
  if (!map.full()) return std::nullopt;
  budget.Hit(cap);
  return map.TakeOldest();
}

}  // namespace sessenum

#endif  // SESSENUM_BASE_BOUNDED_MAP_H_
