// SPDX-License-Identifier: GPL-2.0-or-later
// What Wireshark looks for in a plugin.
#include <cstdint>

#include "wireshark/dissection.h"
#include "wireshark/epan.h"
#include "wireshark/registration.h"
#include "wireshark/takeover.h"

#define SESSENUM_PLUGIN_EXPORT __attribute__((visibility("default")))

namespace {

void HandOff() { sessenum::wireshark::TakeOver(sessenum::wireshark::DissectNetrSessionEnum); }

}  // namespace

extern "C" {

// Declared first: a constant is local otherwise.
extern SESSENUM_PLUGIN_EXPORT const char plugin_version[];
extern SESSENUM_PLUGIN_EXPORT const int plugin_want_major;
extern SESSENUM_PLUGIN_EXPORT const int plugin_want_minor;
SESSENUM_PLUGIN_EXPORT void plugin_register();
SESSENUM_PLUGIN_EXPORT std::uint32_t plugin_describe();

const char plugin_version[] = SESSENUM_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

void plugin_register() {
  static proto_plugin plugin{sessenum::wireshark::Register, HandOff};
  proto_register_plugin(&plugin);
}

// WS_PLUGIN_DESC_DISSECTOR of 4.2 and later; earlier ones do not ask.
std::uint32_t plugin_describe() { return 1; }

}  // extern "C"
