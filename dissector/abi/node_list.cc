#include "abi/node_list.h"

#include <algorithm>

#include "abi/field_table.h"

namespace sessenum {

sessenum_node& NodeList::Add(sessenum_field_id field, Extent where) { return Add(field, where, {}); }

sessenum_node& NodeList::Add(sessenum_field_id field, Extent where, std::string_view text) {
  text_at_.push_back(text.empty() ? 0 : texts_.size());
  if (!text.empty()) texts_.append(text).push_back('\0');
  sessenum_node& node = nodes_.emplace_back();
  node.depth = depth_;
  node.field = field;
  node.offset = where.offset;
  node.length = where.length;
  node.name = FieldTable()[field].name;
  return node;
}

void NodeList::CoverFollowing(std::size_t index) {
  sessenum_node& node = nodes_[index];
  std::uint64_t first = UINT64_MAX;
  std::uint64_t end = 0;
  const auto include = [&](const sessenum_node& part) {
    if (part.length == 0 || part.field == SESSENUM_RULE) return;
    first = std::min<std::uint64_t>(first, part.offset);
    end = std::max(end, std::uint64_t{part.offset} + part.length);
  };
  for (std::size_t i = index; i < nodes_.size(); ++i) include(nodes_[i]);
  if (end == 0) return;
  node.offset = static_cast<std::uint32_t>(first);
  node.length = static_cast<std::uint32_t>(end - first);
}

const std::vector<sessenum_node>& NodeList::Finish() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].text = texts_.data() + text_at_[i];
  return nodes_;
}

}  // namespace sessenum
