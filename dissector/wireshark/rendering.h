// SPDX-License-Identifier: GPL-2.0-or-later
// A decoded message as a tree of Wireshark's.
#ifndef SESSENUM_WIRESHARK_RENDERING_H_
#define SESSENUM_WIRESHARK_RENDERING_H_

#include "sessenum/sessenum.h"
#include "wireshark/epan.h"

namespace sessenum::wireshark {

// Adds the nodes of `result` to `tree`, each with its bytes in `tvb`, the stub, and an expert item for each finding.
// Wireshark may leave this function by longjmp: neither it nor its callers may have anything to destroy.
void Render(const sessenum_result& result, tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree);

}  // namespace sessenum::wireshark

#endif  // SESSENUM_WIRESHARK_RENDERING_H_
