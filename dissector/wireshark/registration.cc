// SPDX-License-Identifier: GPL-2.0-or-later
#include "wireshark/registration.h"

#include <array>

namespace sessenum::wireshark {
namespace {

Registration registration;
Preferences preferences;

constexpr const char* kProtocol = "sessenum";

wmem_allocator_t* Forever() { return wmem_epan_scope(); }

// "session.idle_time" is shown as "Idle time".
const char* LabelOf(const char* name) {
  const char* last = g_strrstr(name, ".");
  char* label = wmem_strdup(Forever(), last != nullptr ? last + 1 : name);
  label[0] = g_ascii_toupper(label[0]);
  return g_strdelimit(label, "_", ' ');
}

hf_register_info FieldInfo(int* id, const char* label, const char* name, ftenum type, int display,
                           const char* meaning) {
  *id = -1;
  return {id,
          {label, wmem_strdup_printf(Forever(), "%s.%s", kProtocol, name), type, display, nullptr, 0, meaning, HFILL}};
}

hf_register_info FieldInfo(const sessenum_field& field) {
  int* id = &registration.fields[field.id];
  const char* label = LabelOf(field.name);
  switch (field.kind) {
    case SESSENUM_U32:
      return FieldInfo(id, label, field.name, FT_UINT32, field.id == SESSENUM_SESSION_USER_FLAGS ? BASE_HEX : BASE_DEC,
                       field.meaning);
    case SESSENUM_U64:
      return FieldInfo(id, label, field.name, FT_UINT64, field.id == SESSENUM_REFERENT ? BASE_HEX : BASE_DEC,
                       field.meaning);
    case SESSENUM_STRING:
    case SESSENUM_FINDING:
      return FieldInfo(id, label, field.name, FT_STRING, BASE_NONE, field.meaning);
    default:
      return FieldInfo(id, label, field.name, FT_NONE, BASE_NONE, field.meaning);
  }
}

// In this order: the fields of the library, then those of the plugin.
void RegisterFields() {
  std::size_t count = 0;
  const sessenum_field* fields = sessenum_fields(&count);
  const hf_register_info own[] = {
      FieldInfo(&registration.null, "NULL pointer", "null", FT_STRING, BASE_NONE, "the field that is a NULL pointer"),
      FieldInfo(&registration.verdict, "Verdict", "rule.verdict", FT_STRING, BASE_NONE, "what the rule says"),
      FieldInfo(&registration.syntax, "Transfer syntax", "transfer_syntax", FT_STRING, BASE_NONE,
                "in which the stub was decoded"),
      FieldInfo(&registration.session_count, "Sessions", "session_count", FT_UINT32, BASE_DEC,
                "sessions in this response"),
      {&registration.request_in,
       {"Request in", "sessenum.request_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
        "the packet that ends the request", HFILL}},
      {&registration.response_in,
       {"Response in", "sessenum.response_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
        "the packet with the response", HFILL}},
      FieldInfo(&registration.time, "Time", "time", FT_RELATIVE_TIME, BASE_NONE, "from the request to the response"),
  };
  const std::size_t all = count + std::size(own);
  auto* infos = static_cast<hf_register_info*>(wmem_alloc_array(Forever(), hf_register_info, all));
  for (std::size_t i = 0; i < count; ++i) infos[i] = FieldInfo(fields[i]);
  for (std::size_t i = 0; i < std::size(own); ++i) infos[count + i] = own[i];
  proto_register_field_array(registration.protocol, infos, static_cast<int>(all));
}

ei_register_info ExpertInfo(expert_field* id, const char* name, int severity, const char* summary) {
  *id = EI_INIT;
  return {id, {wmem_strdup_printf(Forever(), "%s.%s", kProtocol, name), PI_PROTOCOL, severity, summary, EXPFILL}};
}

void RegisterExpertItems() {
  static ei_register_info items[] = {
      ExpertInfo(&registration.verdicts[SESSENUM_VIOLATION], "violation", PI_ERROR, "Breaks a MUST of MS-SRVS"),
      ExpertInfo(&registration.verdicts[SESSENUM_ADVISORY], "advisory", PI_NOTE, "Worth a look"),
      ExpertInfo(&registration.verdicts[SESSENUM_KNOWN], "known", PI_CHAT,
                 "Departs from MS-SRVS in the way of a known implementation"),
      ExpertInfo(&registration.verdicts[SESSENUM_UNDECIDED], "undecided", PI_COMMENT, "Not seen"),
      ExpertInfo(&registration.verdicts[SESSENUM_PASS], "pass", PI_COMMENT, "Holds"),
      ExpertInfo(&registration.verdicts[SESSENUM_NOT_APPLICABLE], "not_applicable", PI_COMMENT, "Does not apply"),
      ExpertInfo(&registration.other_syntax, "other_syntax", PI_WARN,
                 "Not in the transfer syntax that Wireshark took from the bind"),
      ExpertInfo(&registration.sessions_left_out, "sessions_left_out", PI_NOTE, "More sessions than are shown"),
  };
  expert_module_t* module = expert_register_protocol(registration.protocol);
  expert_register_field_array(module, items, static_cast<int>(std::size(items)));
}

void RegisterPreferences() {
  module_t* module = prefs_register_protocol(registration.protocol, nullptr);
  prefs_register_bool_preference(module, "show_builtin", "Show Wireshark's own tree too",
                                 "Also decode the stub with Wireshark's own dissector", &preferences.show_builtin);
  prefs_register_bool_preference(module, "show_wire_form", "Show referent ids and counts",
                                 "Show what stands between the values: pointers, array and string counts",
                                 &preferences.show_wire_form);
  prefs_register_bool_preference(module, "all_verdicts", "Show every verdict",
                                 "Show also the rules that hold, do not apply or cannot be decided",
                                 &preferences.all_verdicts);
  prefs_register_uint_preference(module, "most_sessions", "Sessions shown of a response",
                                 "A response may tell tens of thousands; those above this number are counted, not "
                                 "shown (0: all are shown)",
                                 10, &preferences.most_sessions);
}

}  // namespace

void Register() {
  registration.protocol = proto_register_protocol("NetrSessionEnum (sessenum)", "sessenum", kProtocol);
  RegisterFields();
  static int* folds[] = {&registration.tree, &registration.branch};
  proto_register_subtree_array(folds, static_cast<int>(std::size(folds)));
  RegisterExpertItems();
  RegisterPreferences();
}

const Registration& Registered() { return registration; }
const Preferences& Preferred() { return preferences; }

}  // namespace sessenum::wireshark
