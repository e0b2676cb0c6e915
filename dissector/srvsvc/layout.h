// The one description of the two stubs. It reads like the IDL (MS-SRVS 6) and serves every codec: the reader, the
// writer, and whatever else walks a message in wire order.
#ifndef SESSENUM_SRVSVC_LAYOUT_H_
#define SESSENUM_SRVSVC_LAYOUT_H_

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "srvsvc/model.h"

namespace sessenum::layout {

// A unique string parameter: its referent follows its pointer at once (C706 14.3.12.1).
template <typename Codec, typename String>
Status UniqueString(Codec& codec, String& string, const FieldRef& field) {
  SE_TRY(codec.Pointer(string.pointer, field));
  return codec.StringReferent(string, field);
}

template <typename Codec, typename Number>
Status UniqueU32(Codec& codec, Number& number, const FieldRef& field) {
  SE_TRY(codec.Pointer(number.pointer, field));
  if (number.pointer.null()) return Ok();
  return codec.U32(number.value, field);
}

// SESSION_INFO_<level>, what stands in the array itself.
template <typename Codec, typename Entry>
Status SessionInfo(Codec& codec, const LevelSpec& level, Entry& session, std::uint32_t index) {
  SE_TRY(codec.AlignToWord({level.fields.front().name, index}));
  for (const SessionField& field : level.fields) {
    if (field.string != nullptr) {
      SE_TRY(codec.Pointer((session.*field.string).pointer, {field.name, index}));
    } else {
      SE_TRY(codec.U32(session.*field.number, {field.name, index}));
    }
  }
  return Ok();
}

// What the pointers of SESSION_INFO_<level> point to; it comes after the whole array (C706 14.3.12.3).
template <typename Codec, typename Entry>
Status SessionInfoReferents(Codec& codec, const LevelSpec& level, Entry& session, std::uint32_t index) {
  for (const SessionField& field : level.fields) {
    if (field.string != nullptr) SE_TRY(codec.StringReferent(session.*field.string, {field.name, index}));
  }
  return Ok();
}

// [size_is(EntriesRead)] SESSION_INFO_<level>[]
template <typename Codec, typename Container>
Status SessionArray(Codec& codec, const LevelSpec& level, Container& container) {
  SE_TRY(codec.Count(container.max_count, {"container.sessions"}));
  const std::uint32_t element_size = level.ElementSize(codec.format());
  SE_TRY(codec.Expect(container.max_count.value, element_size, {"container.sessions"}));
  const auto elements = [&](auto& in) {
    std::uint32_t index = 0;
    for (auto& session : container.sessions) SE_TRY(SessionInfo(in, level, session, index++));
    return Ok();
  };
  const auto referents = [&](auto& in) {
    std::uint32_t index = 0;
    for (auto& session : container.sessions) SE_TRY(SessionInfoReferents(in, level, session, index++));
    return Ok();
  };
  if constexpr (Codec::kReads) {
    // Copies are made quicker than new ones, which are cleared before they are initialised.
    container.sessions.resize(container.max_count.value, {});
    SE_TRY(codec.Elements(std::size_t{element_size} * container.max_count.value, elements));
    return codec.Referents(referents);
  } else {
    SE_TRY(elements(codec));
    return referents(codec);
  }
}

// An array whose elements are not known cannot be passed over. Its count still tells whether it is one.
template <typename Codec, typename Container>
Status UnknownArray(Codec& codec, Container& container) {
  SE_TRY(codec.Count(container.max_count, {"container.sessions"}));
  return Malformed(container.buffer.at);
}

// SESSION_INFO_<level>_CONTAINER { DWORD EntriesRead; [size_is(EntriesRead)] LPSESSION_INFO_<level> Buffer; }
// `level` is nullptr under a level that is not listed.
template <typename Codec, typename Container>
Status SessionInfoContainer(Codec& codec, const LevelSpec* level, Container& container) {
  SE_TRY(codec.AlignToWord({"container"}));
  SE_TRY(codec.U32(container.entries_read, {"container.entries_read"}));
  SE_TRY(codec.Pointer(container.buffer, {"container.sessions"}));
  if (container.buffer.null()) return Ok();
  if (level == nullptr) return UnknownArray(codec, container);
  return SessionArray(codec, *level, container);
}

// SESSION_ENUM_STRUCT { DWORD Level; [switch_is(Level)] SESSION_ENUM_UNION SessionInfo; }. The discriminant stands on
// the wire again at the head of the union (C706 14.3.8), which aligns to its arms before and after it.
template <typename Codec, typename Info>
Status SessionEnumStructure(Codec& codec, Info& info) {
  SE_TRY(codec.AlignToWord({"level"}));
  SE_TRY(codec.U32(info.level, {"level"}));
  SE_TRY(codec.AlignToWord({"level"}));
  SE_TRY(codec.U32(info.tag, {"level"}));
  SE_TRY(codec.AlignToWord({"container"}));
  const LevelSpec* level = FindLevel(info.tag.value);
  if (level == nullptr && info.unlisted_arm == UnlistedArm::kAbsent) return Ok();
  SE_TRY(codec.Pointer(info.container_pointer, {"container"}));
  if (info.container_pointer.null()) return Ok();
  return SessionInfoContainer(codec, level, info.container);
}

// NetrSessionEnum, [in] parameters in order.
template <typename Codec, typename Request>
Status Parameters(Codec& codec, Request& request) requires requires {
  request.server_name;
}
{
  SE_TRY(UniqueString(codec, request.server_name, {"server_name"}));
  SE_TRY(UniqueString(codec, request.client_name, {"client_name"}));
  SE_TRY(UniqueString(codec, request.user_name, {"user_name"}));
  SE_TRY(SessionEnumStructure(codec, request.info));
  SE_TRY(codec.U32(request.preferred_maximum_length, {"preferred_maximum_length"}));
  return UniqueU32(codec, request.resume_handle, {"resume_handle"});
}

// NetrSessionEnum, [out] parameters in order, then the return value.
template <typename Codec, typename Response>
Status Parameters(Codec& codec, Response& response) requires requires {
  response.total_entries;
}
{
  SE_TRY(SessionEnumStructure(codec, response.info));
  SE_TRY(codec.U32(response.total_entries, {"total_entries"}));
  SE_TRY(UniqueU32(codec, response.resume_handle, {"resume_handle"}));
  return codec.U32(response.status, {"status"});
}

}  // namespace sessenum::layout

#endif  // SESSENUM_SRVSVC_LAYOUT_H_
