// SPDX-License-Identifier: GPL-2.0-or-later
#include "wireshark/takeover.h"

#include <cstddef>

namespace sessenum::wireshark {
namespace {

// MS-SRVS 1.9 and 3.1.4.
constexpr e_guid_t kSrvsvc = {0x4b324fc8, 0x1670, 0x01d3, {0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88}};
constexpr unsigned kSrvsvcVersion = 3;
constexpr unsigned kOpnumNetrSessionEnum = 12;

dcerpc_dissect_fnct_t* builtin_request = nullptr;
dcerpc_dissect_fnct_t* builtin_response = nullptr;

std::size_t CountProcedures(const dcerpc_sub_dissector* procedures) {
  std::size_t count = 0;
  while (procedures[count].name != nullptr) ++count;
  return count;
}

}  // namespace

// The table is constant from 4.4 on, and dcerpc_init_uuid() uses freed memory when an interface is registered twice: so
// a changed copy of it takes its place in the interface's entry.
void TakeOver(dcerpc_dissect_fnct_t* dissect) {
  guid_key key{kSrvsvc, kSrvsvcVersion};
  auto* interface = static_cast<dcerpc_uuid_value*>(g_hash_table_lookup(dcerpc_uuids, &key));
  if (interface == nullptr || interface->procs == nullptr) {
    g_message("sessenum: this Wireshark does not dissect srvsvc; NetrSessionEnum is not decoded");
    return;
  }
  const std::size_t size = CountProcedures(interface->procs) + 1;
  auto* copy = static_cast<dcerpc_sub_dissector*>(
      wmem_memdup(wmem_epan_scope(), interface->procs, size * sizeof(dcerpc_sub_dissector)));
  for (dcerpc_sub_dissector* procedure = copy; procedure->name != nullptr; ++procedure) {
    if (procedure->num != kOpnumNetrSessionEnum) continue;
    builtin_request = procedure->dissect_rqst;
    builtin_response = procedure->dissect_resp;
    procedure->dissect_rqst = dissect;
    procedure->dissect_resp = dissect;
  }
  interface->procs = copy;
}

dcerpc_dissect_fnct_t* BuiltIn(unsigned ptype) { return ptype == PDU_REQ ? builtin_request : builtin_response; }

}  // namespace sessenum::wireshark
