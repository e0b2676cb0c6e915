#include "fuzz/field_places.h"

#include <string_view>

namespace sessenum::fuzz {
namespace {

Extent PlaceOfText(const NdrString& string, NdrFormat format) {
  return string.null() ? string.pointer.extent(format) : string.extent();
}

std::optional<Extent> PlaceIn(const Session& session, std::string_view name, NdrFormat format) {
  if (name == "cname") return PlaceOfText(session.cname, format);
  if (name == "username") return PlaceOfText(session.username, format);
  if (name == "time") return session.time.extent();
  if (name == "idle_time") return session.idle_time.extent();
  if (name == "user_flags") return session.user_flags.extent();
  return std::nullopt;
}

Extent PlaceOfHandle(const NdrUniqueU32& handle, NdrFormat format) {
  return handle.pointer.null() ? handle.pointer.extent(format) : handle.value.extent();
}

std::optional<Extent> PlaceIn(const SessionEnumRequest& request, const FieldRef& field) {
  const NdrFormat format = request.report.format;
  if (field.name == "server_name") return PlaceOfText(request.server_name, format);
  if (field.name == "client_name") return PlaceOfText(request.client_name, format);
  if (field.name == "user_name") return PlaceOfText(request.user_name, format);
  if (field.name == "level") return request.info.level.extent();
  if (field.name == "container.entries_read") return request.info.container.entries_read.extent();
  if (field.name == "resume_handle") return request.resume_handle.value.extent();
  return std::nullopt;
}

std::optional<Extent> PlaceIn(const SessionEnumResponse& response, const FieldRef& field) {
  const NdrFormat format = response.report.format;
  if (field.name == "level") return response.info.level.extent();
  if (field.name == "container") return response.info.container_pointer.extent(format);
  if (field.name == "container.entries_read" || field.name == "container.sessions")
    return response.info.container.entries_read.extent();
  if (field.name == "total_entries") return response.total_entries.extent();
  if (field.name == "resume_handle") return PlaceOfHandle(response.resume_handle, format);
  if (field.name == "status") return response.status.extent();
  if (field.element >= response.info.container.sessions.size()) return std::nullopt;
  return PlaceIn(response.info.container.sessions[field.element], field.name, format);
}

}  // namespace

std::optional<Extent> PlaceOfField(const CallFacts& call, Direction message, const FieldRef& field) {
  if (message == Direction::kToServer) return call.request != nullptr ? PlaceIn(*call.request, field) : std::nullopt;
  return call.response != nullptr ? PlaceIn(*call.response, field) : std::nullopt;
}

}  // namespace sessenum::fuzz
