// Messages as JSON, in the form of testdata/values.json.
#ifndef SESSENUM_SRVSVC_STUB_VALUES_TESTING_H_
#define SESSENUM_SRVSVC_STUB_VALUES_TESTING_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "srvsvc/model.h"

namespace sessenum {

inline nlohmann::json ToJson(const NdrString& string) {
  return string.null() ? nlohmann::json() : nlohmann::json(ToUtf8(string.text()));
}

inline nlohmann::json ToJson(const NdrUniqueU32& number) {
  return number.pointer.null() ? nlohmann::json() : nlohmann::json(number.value.value);
}

// Samba's name of a field.
inline std::string SambaName(std::string_view field) {
  if (field == kCname.name) return "client";
  if (field == kUsername.name) return "user";
  if (field == kNumOpens.name) return "num_open";
  if (field == kCltypeName.name) return "client_type";
  return std::string(field);
}

inline nlohmann::json ToJson(const Session& session, const LevelSpec& level) {
  nlohmann::json out = nlohmann::json::object();
  for (const SessionField& field : level.fields) {
    out[SambaName(field.name)] =
        field.string != nullptr ? ToJson(session.*field.string) : nlohmann::json((session.*field.number).value);
  }
  return out;
}

inline nlohmann::json ToJson(const SessionEnumRequest& request) {
  const SessionEnumStruct& info = request.info;
  nlohmann::json container;
  if (!info.container_pointer.null()) {
    container["count"] = info.container.entries_read.value;
    container["array"] = info.container.buffer.null() ? nlohmann::json() : nlohmann::json("present");
  }
  return {{"level", info.level.value},
          {"server_unc", ToJson(request.server_name)},
          {"client", ToJson(request.client_name)},
          {"user", ToJson(request.user_name)},
          {"info_ctr", container},
          {"max_buffer", request.preferred_maximum_length.value},
          {"resume_handle", ToJson(request.resume_handle)}};
}

inline nlohmann::json ToJson(const SessionEnumResponse& response) {
  const SessionEnumStruct& info = response.info;
  const LevelSpec* level = FindLevel(info.tag.value);
  nlohmann::json entries;
  if (!info.container_pointer.null() && level != nullptr) {
    entries = nlohmann::json::array();
    for (const Session& session : info.container.sessions) entries.push_back(ToJson(session, *level));
  }
  return {{"level", info.level.value},
          {"entries", entries},
          {"array_null", info.container.buffer.null()},
          {"totalentries", response.total_entries.value},
          {"resume_handle", ToJson(response.resume_handle)},
          {"result", response.status.value}};
}

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_STUB_VALUES_TESTING_H_
