// Nodes in the making: the list in pre-order, and their texts.
#ifndef SESSENUM_ABI_NODE_LIST_H_
#define SESSENUM_ABI_NODE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/extent.h"
#include "sessenum/sessenum.h"

namespace sessenum {

class NodeList {
 public:
  // While it lives, nodes are added one level deeper.
  class Deeper {
   public:
    explicit Deeper(NodeList& list) : list_(list) { ++list_.depth_; }
    ~Deeper() { --list_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    NodeList& list_;
  };

  // Adds a node behind the last one. The reference is good until the next is added.
  sessenum_node& Add(sessenum_field_id field, Extent where);
  // The same, with a text; a NUL in it would end it for its reader.
  sessenum_node& Add(sessenum_field_id field, Extent where, std::string_view text);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }

  // Stretches the node at `index` over those that were added after it and are no findings.
  void CoverFollowing(std::size_t index);

  // Gives every node its text. Call it once, after the last node was added; nodes and texts live as long as the list,
  // and must not be moved any more.
  [[nodiscard]] const std::vector<sessenum_node>& Finish();

 private:
  std::vector<sessenum_node> nodes_;
  std::vector<std::size_t> text_at_;  // of each node, in texts_
  std::string texts_ = std::string(1, '\0');
  std::uint32_t depth_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_ABI_NODE_LIST_H_
