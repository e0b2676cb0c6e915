// SPDX-License-Identifier: GPL-2.0-or-later
#include "wireshark/dissection.h"

#include "sessenum/sessenum.h"
#include "wireshark/registration.h"
#include "wireshark/rendering.h"
#include "wireshark/takeover.h"

// Wireshark throws by longjmp: whatever must be freed is tied to one of its pools before anything of Wireshark's that
// may throw is called, and no function here has anything to destroy.
namespace sessenum::wireshark {
namespace {

KeepCallback FreeResult(wmem_allocator_t* /*pool*/, wmem_cb_event_t /*event*/, void* result) {
  sessenum_free_result(static_cast<const sessenum_result*>(result));
  return 0;
}

KeepCallback FreeFacts(wmem_allocator_t* /*pool*/, wmem_cb_event_t /*event*/, void* facts) {
  sessenum_free_facts(static_cast<sessenum_facts*>(facts));
  return 0;
}

// Wireshark hands over what there is: a packet that the capture cut short, or a first fragment, does not say so itself.
bool IsIncomplete(tvbuff_t* tvb, const packet_info* pinfo) {
  return tvb_captured_length(tvb) < tvb_reported_length(tvb) || pinfo->fd->cap_len < pinfo->fd->pkt_len ||
         pinfo->fragmented;
}

sessenum_stub StubOf(tvbuff_t* tvb, const packet_info* pinfo, const dcerpc_info* info, const std::uint8_t* drep) {
  sessenum_stub stub{};
  stub.size = tvb_captured_length(tvb);
  stub.bytes = tvb_get_ptr(tvb, 0, static_cast<int>(stub.size));
  stub.syntax = (info->call_data->flags & DCERPC_IS_NDR64) != 0 ? SESSENUM_NDR64 : SESSENUM_NDR;
  stub.byte_order = (drep[0] & DREP_LITTLE_ENDIAN) != 0 ? SESSENUM_LITTLE_ENDIAN : SESSENUM_BIG_ENDIAN;
  stub.incomplete = IsIncomplete(tvb, pinfo) ? 1 : 0;
  return stub;
}

sessenum_options Options() {
  sessenum_options options{SESSENUM_TRY_OTHER_SYNTAX, Preferred().most_sessions};
  if (Preferred().show_wire_form) options.flags |= SESSENUM_WITH_WIRE_FORM;
  if (Preferred().all_verdicts) options.flags |= SESSENUM_WITH_ALL_VERDICTS;
  return options;
}

// The facts of a request live with the capture: its response may be looked at any number of times.
void KeepFacts(const sessenum_result* result, dcerpc_info* info) {
  if (info->call_data->se_data != nullptr) return;
  sessenum_facts* facts = sessenum_take_facts(result);
  info->call_data->se_data = facts;
  if (facts != nullptr) wmem_register_callback(wmem_file_scope(), FreeFacts, facts);
}

// nullptr where the stub cannot be decoded at all: it is too long, or memory ran out.
const sessenum_result* Decode(const sessenum_stub& stub, packet_info* pinfo, dcerpc_info* info) {
  const sessenum_options options = Options();
  const bool is_request = info->ptype == PDU_REQ;
  const auto* facts = static_cast<const sessenum_facts*>(info->call_data->se_data);
  const sessenum_result* result =
      is_request ? sessenum_decode_request(&stub, &options) : sessenum_decode_response(&stub, facts, &options);
  if (result == nullptr) return nullptr;
  // The pool frees what it is given as void*.
  wmem_register_callback(pinfo->pool, FreeResult, const_cast<sessenum_result*>(result));
  if (is_request) KeepFacts(result, info);
  return result;
}

void AddLinks(tvbuff_t* tvb, const packet_info* pinfo, proto_tree* tree, const dcerpc_info* info) {
  const dcerpc_call_value& call = *info->call_data;
  const Registration& ids = Registered();
  if (info->ptype == PDU_REQ) {
    if (call.rep_frame != 0) {
      proto_item_set_generated(proto_tree_add_uint(tree, ids.response_in, tvb, 0, 0, call.rep_frame));
    }
    return;
  }
  if (call.req_frame == 0) return;
  proto_item_set_generated(proto_tree_add_uint(tree, ids.request_in, tvb, 0, 0, call.req_frame));
  nstime_t took;
  nstime_delta(&took, &pinfo->abs_ts, &call.req_time);
  proto_item_set_generated(proto_tree_add_time(tree, ids.time, tvb, 0, 0, &took));
}

// What is said of the message as a whole.
void AddNotes(const sessenum_result& result, tvbuff_t* tvb, packet_info* pinfo, proto_item* top, proto_tree* tree,
              bool is_request) {
  const Registration& ids = Registered();
  const bool is_ndr64 = result.syntax == SESSENUM_NDR64;
  proto_item* syntax = proto_tree_add_string(tree, ids.syntax, tvb, 0, 0, is_ndr64 ? "ndr64" : "ndr");
  proto_item_set_generated(syntax);
  if (result.syntax_was_changed != 0) {
    expert_add_info_format(pinfo, syntax, const_cast<expert_field*>(&ids.other_syntax),
                           "Decoded as %s: in the transfer syntax that Wireshark took from the bind it makes no sense",
                           is_ndr64 ? "NDR64" : "NDR");
  }
  if (is_request) return;
  proto_item_set_generated(proto_tree_add_uint(tree, ids.session_count, tvb, 0, 0, result.sessions));
  if (result.sessions_left_out != 0) {
    expert_add_info_format(pinfo, top, const_cast<expert_field*>(&ids.sessions_left_out),
                           "%u of %u sessions are not shown (preference sessenum.most_sessions)",
                           result.sessions_left_out, result.sessions);
  }
}

void Show(const sessenum_result& result, tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, const dcerpc_info* info) {
  col_add_str(pinfo->cinfo, COL_INFO, result.summary);
  proto_item* top = proto_tree_add_item(tree, Registered().protocol, tvb, 0, -1, ENC_NA);
  proto_item_append_text(top, ": %s", result.summary);
  proto_tree* message = proto_item_add_subtree(top, Registered().tree);
  AddLinks(tvb, pinfo, message, info);
  AddNotes(result, tvb, pinfo, top, message, info->ptype == PDU_REQ);
  Render(result, tvb, pinfo, message);
}

}  // namespace

int DissectNetrSessionEnum(tvbuff_t* tvb, int offset, packet_info* pinfo, proto_tree* tree, dcerpc_info* info,
                           std::uint8_t* drep) {
  dcerpc_dissect_fnct_t* builtin = BuiltIn(info->ptype);
  const bool is_enabled = proto_is_protocol_enabled(find_protocol_by_id(Registered().protocol));
  if (!is_enabled && builtin != nullptr) return builtin(tvb, offset, pinfo, tree, info, drep);

  info->dcerpc_procedure_name = "NetSessEnum";
  const sessenum_stub stub = StubOf(tvb, pinfo, info, drep);
  const sessenum_result* result = Decode(stub, pinfo, info);
  if (result != nullptr) {
    const char* outer = pinfo->current_proto;
    pinfo->current_proto = "sessenum";  // under which Wireshark files what is expert
    Show(*result, tvb, pinfo, tree, info);
    pinfo->current_proto = outer;
  }
  // Last: it may throw.
  if (Preferred().show_builtin && builtin != nullptr) builtin(tvb, offset, pinfo, tree, info, drep);
  return static_cast<int>(tvb_reported_length(tvb));
}

}  // namespace sessenum::wireshark
