#include "fuzz/mutator/message_mutator.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/byte_order.h"

namespace sessenum::fuzz {
namespace {

// More is left to the engine: what an array does to a decoder shows in a few elements.
constexpr std::size_t kMostSessions = 12;
constexpr std::size_t kMostUnits = 40;

constexpr std::array<std::u16string_view, 8> kTexts = {
    u"", u"\\\\10.0.0.7", u"bob", u"WG\\root", u"\\\\", u"Grüße", u"b\U0001F600b", u"Windows 2002 Service Pack 3 2600"};
// NUL, halves of surrogate pairs and their neighbours, and what only looks like them in the other byte order.
constexpr std::array<std::uint16_t, 12> kUnits = {0,      0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xD7FF,
                                                  0xE000, 0xFFFF, 0x00D8, 0x0100, '\\',   'a'};
constexpr std::array<std::uint32_t, 8> kStatuses = {0, 5, 87, 124, 234, 2312, 2221, 2351};

std::vector<std::uint16_t> UnitsOf(const NdrString& string) {
  const Utf16View view = string.units();
  std::vector<std::uint16_t> units(view.size());
  for (std::size_t i = 0; i < units.size(); ++i) units[i] = view[i];
  return units;
}

// A string with the units of `text`, and all else as it was.
void SetUnits(NdrString& string, const NdrString& text) {
  const NdrPointer pointer = string.pointer;
  string = text;
  if (!pointer.null()) string.pointer = pointer;
}

void CountSessions(SessionContainer& container) {
  container.max_count.value = static_cast<std::uint32_t>(container.sessions.size());
  container.entries_read.value = container.max_count.value;
}

}  // namespace

NdrString MessageMutator::StringOf(const std::vector<std::uint16_t>& units) {
  std::vector<std::uint8_t>& text = texts_.emplace_back(2 * units.size() + 1);
  for (std::size_t i = 0; i < units.size(); ++i) StoreInteger(units[i], ByteOrder::kLittle, text.data() + 2 * i);
  return NdrString::Of(Utf16View(text, ByteOrder::kLittle));
}

NdrString MessageMutator::MakeString() {
  const std::u16string_view text = draw_.Of(kTexts);
  std::vector<std::uint16_t> units(text.begin(), text.end());
  units.push_back(0);
  return StringOf(units);
}

NdrUniqueU32 MessageMutator::MakeUnique() {
  NdrUniqueU32 number;
  if (draw_.OneIn(3)) return number;
  number.pointer.referent = 1;
  number.value.value = static_cast<std::uint32_t>(draw_.Below(4));
  return number;
}

Session MessageMutator::MakeSession() {
  Session session;
  for (const SessionField& field : kFieldsOfLevel502) {
    if (field.number != nullptr) {
      (session.*field.number).value = static_cast<std::uint32_t>(draw_.Below(1000));
    } else if (!draw_.OneIn(8)) {
      session.*field.string = MakeString();
    }
  }
  return session;
}

SessionEnumStruct MessageMutator::MakeInfo() {
  SessionEnumStruct info;
  info.level.value = info.tag.value = draw_.Of(kLevels).level;
  info.container_pointer.referent = 1;
  return info;
}

SessionEnumRequest MessageMutator::MakeRequest() {
  SessionEnumRequest request;
  for (NdrString* name : {&request.server_name, &request.client_name, &request.user_name}) {
    if (!draw_.OneIn(3)) *name = MakeString();
  }
  request.info = MakeInfo();
  request.preferred_maximum_length.value = draw_.OneIn(2) ? kMaxPreferredLength : 1000;
  request.resume_handle = MakeUnique();
  return request;
}

SessionEnumResponse MessageMutator::MakeResponse() {
  SessionEnumResponse response;
  response.info = MakeInfo();
  SessionContainer& container = response.info.container;
  container.sessions.resize(draw_.Below(4));
  for (Session& session : container.sessions) session = MakeSession();
  container.buffer.referent = container.sessions.empty() ? 0 : 1;
  CountSessions(container);
  response.total_entries.value = container.entries_read.value;
  response.resume_handle = MakeUnique();
  response.status.value = draw_.Of(kStatuses);
  return response;
}

void MessageMutator::MutateUnits(NdrString& string) {
  std::vector<std::uint16_t> units = UnitsOf(string);
  const std::size_t at = draw_.Below(units.size() + 1);
  const auto place = units.begin() + static_cast<std::ptrdiff_t>(at);
  switch (draw_.Below(4)) {
    case 0:
      units.insert(place, draw_.Of(kUnits));
      break;
    case 1:
      if (!units.empty()) units.pop_back();
      break;
    case 2:
      if (at < units.size()) *place = draw_.Of(kUnits);
      break;
    default:
      units.insert(place, draw_.Below(kMostUnits), draw_.Of(kUnits));
  }
  SetUnits(string, StringOf(units));
}

void MessageMutator::MutateString(NdrString& string) {
  switch (draw_.Below(6)) {
    case 0:
      return MutatePointer(string.pointer);
    case 1:
      string.max_count = draw_.Number32(string.actual_count);
      return;
    case 2:
      string.offset = draw_.Number32(string.offset);
      return;
    case 3:
      return SetUnits(string, MakeString());
    default:
      return MutateUnits(string);
  }
}

// NULL or not, or a referent that stands elsewhere, or above 32 bits.
void MessageMutator::MutatePointer(NdrPointer& pointer) {
  if (draw_.OneIn(2)) {
    pointer.referent = pointer.null() ? 0x20000 : 0;
  } else {
    pointer.referent = draw_.Number(pointer.referent);
  }
}

void MessageMutator::MutateUnique(NdrUniqueU32& number) {
  if (draw_.OneIn(3)) {
    MutatePointer(number.pointer);
  } else {
    number.value.value = draw_.Number32(number.value.value);
  }
}

void MessageMutator::MutateLevel(SessionEnumStruct& info) {
  switch (draw_.Below(4)) {
    case 0:
      info.level.value = draw_.Number32(info.level.value);
      return;
    case 1:
      info.tag.value = draw_.OneIn(2) ? draw_.Number32(info.tag.value) : draw_.Of(kLevels).level;
      return;
    case 2:
      info.level.value = info.tag.value = draw_.Number32(info.level.value);
      info.unlisted_arm = draw_.OneIn(2) ? UnlistedArm::kAbsent : UnlistedArm::kPointer;
      return;
    default:
      info.level.value = info.tag.value = draw_.Of(kLevels).level;
  }
}

// Both counts together, too: a product of them may wrap.
void MessageMutator::MutateCounts(SessionContainer& container) {
  const std::uint32_t count = draw_.Number32(container.max_count.value);
  const std::size_t which = draw_.Below(4);
  if (which == 3) return CountSessions(container);
  if (which != 0) container.max_count.value = count;
  if (which != 1) container.entries_read.value = count;
}

void MessageMutator::MutateList(SessionContainer& container) {
  std::vector<Session>& sessions = container.sessions;
  const std::size_t at = draw_.Below(sessions.size() + 1);
  const auto place = sessions.begin() + static_cast<std::ptrdiff_t>(at);
  switch (draw_.Below(4)) {
    case 0:
      if (at < sessions.size()) sessions.erase(place);
      break;
    case 1:
      if (at < sessions.size()) std::swap(*place, sessions.front());
      break;
    case 2:
      if (at < sessions.size() && sessions.size() < kMostSessions) sessions.push_back(Session(*place));
      break;
    default:
      if (sessions.size() < kMostSessions) sessions.insert(place, MakeSession());
  }
  container.buffer.referent = 1;
  CountSessions(container);
}

void MessageMutator::MutateSession(const LevelSpec& level, Session& session) {
  const SessionField& field = draw_.Of(level.fields);
  if (field.string != nullptr) {
    MutateString(session.*field.string);
  } else {
    NdrU32& number = session.*field.number;
    number.value = draw_.Number32(number.value);
  }
}

void MessageMutator::MutateInfo(SessionEnumStruct& info) {
  SessionContainer& container = info.container;
  const LevelSpec* level = FindLevel(info.tag.value);
  switch (draw_.Below(8)) {
    case 0:
      return MutateLevel(info);
    case 1:
      return MutateCounts(container);
    case 2:
      return MutatePointer(info.container_pointer);
    case 3:
      return MutatePointer(container.buffer);
    case 4:
      return MutateList(container);
    default:
      if (level == nullptr || container.sessions.empty()) return MutateList(container);
      return MutateSession(*level, draw_.Of(container.sessions));
  }
}

void MessageMutator::Mutate(SessionEnumRequest& request) {
  switch (draw_.Below(6)) {
    case 0:
      return MutateString(request.server_name);
    case 1:
      return MutateString(request.client_name);
    case 2:
      return MutateString(request.user_name);
    case 3:
      request.preferred_maximum_length.value = draw_.Number32(request.preferred_maximum_length.value);
      return;
    case 4:
      return MutateUnique(request.resume_handle);
    default:
      return MutateInfo(request.info);
  }
}

void MessageMutator::Mutate(SessionEnumResponse& response) {
  switch (draw_.Below(7)) {
    case 0:
      response.total_entries.value = draw_.Number32(response.total_entries.value);
      return;
    case 1:
      response.status.value = draw_.OneIn(2) ? draw_.Of(kStatuses) : draw_.Number32(response.status.value);
      return;
    case 2:
      return MutateUnique(response.resume_handle);
    default:
      return MutateInfo(response.info);
  }
}

}  // namespace sessenum::fuzz
