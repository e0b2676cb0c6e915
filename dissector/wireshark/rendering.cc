// SPDX-License-Identifier: GPL-2.0-or-later
#include "wireshark/rendering.h"

#include "wireshark/registration.h"

namespace sessenum::wireshark {
namespace {

// Message, container, sessions, session, field, what a rule says of it.
constexpr unsigned kMostDepth = 8;

struct Place {
  tvbuff_t* tvb;
  packet_info* pinfo;
  int offset;
  int length;
};

proto_item* AddFinding(const sessenum_node& node, const Place& at, proto_tree* tree) {
  const Registration& ids = Registered();
  const char* verdict = sessenum_verdict_name(node.verdict);
  proto_item* item = proto_tree_add_string_format(tree, ids.fields[SESSENUM_RULE], at.tvb, at.offset, at.length,
                                                  node.rule, "%s (%s): %s", node.rule, verdict, node.text);
  proto_item_set_generated(item);
  proto_tree* below = proto_item_add_subtree(item, ids.branch);
  proto_item_set_generated(proto_tree_add_string(below, ids.verdict, at.tvb, at.offset, at.length, verdict));
  if (node.verdict <= SESSENUM_NOT_APPLICABLE) {
    // The registration outlives the call; Wireshark takes its ids as pointers that could be written to.
    auto* expert = const_cast<expert_field*>(&ids.verdicts[node.verdict]);
    expert_add_info_format(at.pinfo, item, expert, "%s: %s", node.rule, node.text);
  }
  return item;
}

proto_item* AddNull(const sessenum_node& node, const char* label, const Place& at, proto_tree* tree) {
  return proto_tree_add_string_format(tree, Registered().null, at.tvb, at.offset, at.length, node.name, "%s: NULL",
                                      label);
}

proto_item* AddBranch(const sessenum_node& node, int field, const Place& at, proto_tree* tree) {
  proto_item* item = proto_tree_add_item(tree, field, at.tvb, at.offset, at.length, ENC_NA);
  if (node.field == SESSENUM_SESSION) proto_item_append_text(item, " %s", node.text);
  if (node.field == SESSENUM_SESSIONS) proto_item_append_text(item, ": %u", static_cast<unsigned>(node.number));
  return item;
}

proto_item* AddNode(const sessenum_node& node, const Place& at, proto_tree* tree) {
  const int field = Registered().fields[node.field];
  const header_field_info* info = proto_registrar_get_nth(static_cast<unsigned>(field));
  if (node.rule != nullptr) return AddFinding(node, at, tree);
  if ((node.flags & SESSENUM_NODE_NULL) != 0) return AddNull(node, info->name, at, tree);
  switch (info->type) {
    case FT_UINT32: {
      const auto value = static_cast<unsigned>(node.number);
      if (node.field != SESSENUM_STATUS) return proto_tree_add_uint(tree, field, at.tvb, at.offset, at.length, value);
      return proto_tree_add_uint_format_value(tree, field, at.tvb, at.offset, at.length, value, "%s (0x%08x)",
                                              node.text, value);
    }
    case FT_UINT64:
      return proto_tree_add_uint64(tree, field, at.tvb, at.offset, at.length, node.number);
    case FT_STRING:
      return proto_tree_add_string(tree, field, at.tvb, at.offset, at.length, node.text);
    default:
      return AddBranch(node, field, at, tree);
  }
}

// What a session is called in the line that stays when it is folded: its client and its user.
void DescribeSession(const sessenum_node& node, proto_item* session) {
  if (session == nullptr || (node.flags & SESSENUM_NODE_NULL) != 0) return;
  if (node.field == SESSENUM_SESSION_CNAME) proto_item_append_text(session, ": %s", node.text);
  if (node.field == SESSENUM_SESSION_USERNAME) proto_item_append_text(session, ", %s", node.text);
}

}  // namespace

void Render(const sessenum_result& result, tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree) {
  proto_tree* open[kMostDepth + 1] = {tree};
  proto_item* session = nullptr;
  for (std::size_t i = 0; i < result.node_count; ++i) {
    const sessenum_node& node = result.nodes[i];
    if (node.depth >= kMostDepth || node.field > SESSENUM_RULE) continue;
    const Place at{tvb, pinfo, static_cast<int>(node.offset), static_cast<int>(node.length)};
    proto_item* item = AddNode(node, at, open[node.depth]);
    if (node.field == SESSENUM_SESSION) session = item;
    DescribeSession(node, session);
    const bool has_children = i + 1 < result.node_count && result.nodes[i + 1].depth > node.depth;
    open[node.depth + 1] = has_children ? proto_item_add_subtree(item, Registered().branch) : nullptr;
  }
}

}  // namespace sessenum::wireshark
