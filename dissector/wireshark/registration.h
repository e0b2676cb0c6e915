// SPDX-License-Identifier: GPL-2.0-or-later
// What the plugin has registered with Wireshark: the protocol `sessenum`, its fields, expert items and preferences.
#ifndef SESSENUM_WIRESHARK_REGISTRATION_H_
#define SESSENUM_WIRESHARK_REGISTRATION_H_

#include <cstddef>

#include "sessenum/sessenum.h"
#include "wireshark/epan.h"

namespace sessenum::wireshark {

inline constexpr std::size_t kFieldCount = SESSENUM_RULE + 1;

// Ids that Wireshark gave. -1: not registered yet.
struct Registration {
  int protocol = -1;
  int tree = -1;              // how the message's tree is folded
  int branch = -1;            // and all below it
  int fields[kFieldCount]{};  // by sessenum_field_id
  int null = -1;
  int verdict = -1;
  int syntax = -1;
  int session_count = -1;
  int request_in = -1;
  int response_in = -1;
  int time = -1;
  expert_field verdicts[SESSENUM_NOT_APPLICABLE + 1]{};  // by sessenum_verdict
  expert_field other_syntax{};
  expert_field sessions_left_out{};
};

struct Preferences {
  PreferenceBool show_builtin = 0;    // Wireshark's own tree, too
  PreferenceBool show_wire_form = 1;  // referent ids and counts
  PreferenceBool all_verdicts = 0;
  unsigned most_sessions = 1'000;  // that have a tree; 0: all
};

// To be called once, when Wireshark asks plugins to register. Everything lives as long as Wireshark's protocols do.
void Register();

[[nodiscard]] const Registration& Registered();
[[nodiscard]] const Preferences& Preferred();

}  // namespace sessenum::wireshark

#endif  // SESSENUM_WIRESHARK_REGISTRATION_H_
