// SPDX-License-Identifier: GPL-2.0-or-later
// Wireshark's headers, whose warnings are not ours, and the types in which its versions differ.
#ifndef SESSENUM_WIRESHARK_EPAN_H_
#define SESSENUM_WIRESHARK_EPAN_H_

#include <epan/dissectors/packet-dcerpc.h>
#include <epan/expert.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <ws_version.h>

#include <type_traits>

namespace sessenum::wireshark {

// gboolean up to 4.0, bool from 4.2 on: what a preference is kept in.
template <typename Bool>
Bool KeptIn(void (*)(module_t*, const char*, const char*, const char*, Bool*));
using PreferenceBool = decltype(KeptIn(&prefs_register_bool_preference));

// What a callback of a memory pool returns: whether it wants to be called again.
using KeepCallback = std::invoke_result_t<wmem_user_cb_t, wmem_allocator_t*, wmem_cb_event_t, void*>;

}  // namespace sessenum::wireshark

#endif  // SESSENUM_WIRESHARK_EPAN_H_
