// Who has a session where, and who asked, as a graph for BloodHound.
#ifndef SESSENUM_OUTPUT_OPENGRAPH_H_
#define SESSENUM_OUTPUT_OPENGRAPH_H_

#include <memory>

#include "output/call_writer.h"

namespace sessenum {

// BloodHound's OpenGraph, one document. For each session that an answer disclosed with a computer and a user: an edge
// HasSession from Computer to User, with the server that claims so. For each call: an edge SessionsAsked from the
// Computer that asked to the one that was asked. Names are what the wire says, in capitals, as BloodHound has them; a
// node is one name. Beyond options.most_parts nodes, edges to further ones are left out.
[[nodiscard]] std::unique_ptr<CallWriter> MakeOpenGraph(const WriterOptions& options);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_OPENGRAPH_H_
