// SPDX-License-Identifier: GPL-2.0-or-later
// Takes opnum 12 of srvsvc over from Wireshark's own dissector, and leaves every other operation as it is.
#ifndef SESSENUM_WIRESHARK_TAKEOVER_H_
#define SESSENUM_WIRESHARK_TAKEOVER_H_

#include "wireshark/epan.h"

namespace sessenum::wireshark {

// Puts `dissect` in the place of Wireshark's two functions for NetrSessionEnum. To be called when plugins hand off: the
// table of srvsvc is there by then. Does nothing, and says so in Wireshark's log, where there is none.
void TakeOver(dcerpc_dissect_fnct_t* dissect);

// Wireshark's own function for PDUs of the type `ptype`; nullptr where there is none.
[[nodiscard]] dcerpc_dissect_fnct_t* BuiltIn(unsigned ptype);

}  // namespace sessenum::wireshark

#endif  // SESSENUM_WIRESHARK_TAKEOVER_H_
