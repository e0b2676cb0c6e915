// A map that forgets its oldest entry rather than grow.
#ifndef SESSENUM_BASE_BOUNDED_MAP_H_
#define SESSENUM_BASE_BOUNDED_MAP_H_

#include <algorithm>
#include <cassert>
#include <cstddef>
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
  BoundedMap(const BoundedMap&) = delete;
  BoundedMap& operator=(const BoundedMap&) = delete;
  ~BoundedMap() = default;

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool full() const { return entries_.size() >= capacity_; }

  // nullptr where there is none. Valid until the entry is taken.
  [[nodiscard]] Value* Find(const Key& key) {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second.value;
  }

  // Adds an entry that is not there yet. The map must not be full.
  Value& Add(const Key& key, Value value) {
    assert(Find(key) == nullptr);
    // The newest key is the largest more often than not: MessageIds rise.
    const auto added = entries_.insert(entries_.end(), Node(key, std::move(value)));
    Append(*added);
    return added->second.value;
  }

  std::optional<Value> Take(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return std::nullopt;
    return Remove(found);
  }

  std::optional<Value> TakeOldest() {
    if (oldest_ == nullptr) return std::nullopt;
    return Take(oldest_->first);
  }
  // The same, with a last look: `visit(key, value)`.
  template <typename Visitor>
  void TakeOldest(Visitor&& visit) {
    if (oldest_ == nullptr) return;
    const auto oldest = entries_.find(oldest_->first);
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
  struct Entry;
  using Item = std::pair<const Key, Entry>;
  // The entries are a list, too, in the order in which they came.
  struct Entry {
    Value value;
    Item* older = nullptr;
    Item* newer = nullptr;
  };
  using Entries = std::map<Key, Entry>;

  [[nodiscard]] typename Entries::node_type Node(const Key& key, Value value) {
    if (spare_.empty()) {
      Entries fresh;
      return fresh.extract(fresh.emplace(key, Entry{std::move(value)}).first);
    }
    typename Entries::node_type node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = key;
    node.mapped().value = std::move(value);
    return node;
  }

  void Append(Item& item) {
    item.second.older = newest_;
    item.second.newer = nullptr;
    (newest_ == nullptr ? oldest_ : newest_->second.newer) = &item;
    newest_ = &item;
  }

  Value Remove(typename Entries::iterator at) {
    const Entry& entry = at->second;
    (entry.older == nullptr ? oldest_ : entry.older->second.newer) = entry.newer;
    (entry.newer == nullptr ? newest_ : entry.newer->second.older) = entry.older;
    spare_.push_back(entries_.extract(at));
    return std::exchange(spare_.back().mapped().value, Value());
  }

  std::size_t capacity_;
  Entries entries_;
  Item* oldest_ = nullptr;
  Item* newest_ = nullptr;
  std::vector<typename Entries::node_type> spare_;
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
