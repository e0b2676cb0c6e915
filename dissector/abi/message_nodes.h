// A decoded message as nodes.
#ifndef SESSENUM_ABI_MESSAGE_NODES_H_
#define SESSENUM_ABI_MESSAGE_NODES_H_

#include <cstdint>
#include <limits>
#include <string>

#include "abi/finding_places.h"
#include "abi/node_list.h"
#include "srvsvc/model.h"

namespace sessenum {

struct NodeOptions {
  bool wire_form = false;  // referent ids and counts, too
  std::uint32_t max_sessions = std::numeric_limits<std::uint32_t>::max();
};

// Appends what was decoded of the message, in the order in which a reader thinks of it, each finding behind its field.
void AppendNodes(const SessionEnumRequest& request, FindingPlaces& findings, const NodeOptions& options, NodeList& out);
void AppendNodes(const SessionEnumResponse& response, FindingPlaces& findings, const NodeOptions& options,
                 NodeList& out);

// The message in a few words: "NetrSessionEnum level 10 -> 3 sessions".
[[nodiscard]] std::string Summary(const SessionEnumRequest& request);
[[nodiscard]] std::string Summary(const SessionEnumResponse& response);

}  // namespace sessenum

#endif  // SESSENUM_ABI_MESSAGE_NODES_H_
