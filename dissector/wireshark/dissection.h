// SPDX-License-Identifier: GPL-2.0-or-later
// NetrSessionEnum as Wireshark calls for it: one PDU's stub at a time.
#ifndef SESSENUM_WIRESHARK_DISSECTION_H_
#define SESSENUM_WIRESHARK_DISSECTION_H_

#include <cstdint>

#include "wireshark/epan.h"

namespace sessenum::wireshark {

// Dissects the stub of a request or a response, defragmented and decrypted by Wireshark, into `tree`. Returns the
// offset behind what was dissected: the end of the stub. A dcerpc_dissect_fnct_t.
int DissectNetrSessionEnum(tvbuff_t* tvb, int offset, packet_info* pinfo, proto_tree* tree, dcerpc_info* info,
                           std::uint8_t* drep);

}  // namespace sessenum::wireshark

#endif  // SESSENUM_WIRESHARK_DISSECTION_H_
