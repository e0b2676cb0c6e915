#include "abi/field_table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace sessenum {
namespace {

constexpr std::size_t kSessionFields = kFieldsOfLevel502.size();
static_assert(SESSENUM_SESSION_CNAME + kSessionFields == SESSENUM_PREFERRED_MAXIMUM_LENGTH,
              "every field of the level table has its number");

// In the order of sessenum_field_id; those of a session come from the level table.
constexpr std::array<sessenum_field, SESSENUM_SESSION_CNAME> kBeforeSessionFields = {{
    {SESSENUM_REQUEST, SESSENUM_NONE, "request", "what the client asks"},
    {SESSENUM_RESPONSE, SESSENUM_NONE, "response", "what the server answers"},
    {SESSENUM_SERVER_NAME, SESSENUM_STRING, "server_name", "the server that the client means to ask"},
    {SESSENUM_CLIENT_NAME, SESSENUM_STRING, "client_name", "only sessions from this computer"},
    {SESSENUM_USER_NAME, SESSENUM_STRING, "user_name", "only sessions of this user"},
    {SESSENUM_LEVEL, SESSENUM_U32, "level", "which fields of a session are told: 0, 1, 2, 10 or 502"},
    {SESSENUM_DISCRIMINANT, SESSENUM_U32, "discriminant", "the level once more, where the union begins"},
    {SESSENUM_CONTAINER, SESSENUM_NONE, "container", "the sessions and their number"},
    {SESSENUM_ENTRIES_READ, SESSENUM_U32, "container.entries_read", "sessions in this message"},
    {SESSENUM_SESSIONS, SESSENUM_NONE, "container.sessions", "the list of sessions"},
    {SESSENUM_SESSION, SESSENUM_NONE, "session", "one session"},
}};
constexpr std::array<sessenum_field, kFieldCount - SESSENUM_PREFERRED_MAXIMUM_LENGTH> kAfterSessionFields = {{
    {SESSENUM_PREFERRED_MAXIMUM_LENGTH, SESSENUM_U32, "preferred_maximum_length", "bytes that the client would take"},
    {SESSENUM_TOTAL_ENTRIES, SESSENUM_U32, "total_entries", "sessions that could have been told from here on"},
    {SESSENUM_RESUME_HANDLE, SESSENUM_U32, "resume_handle", "where the list goes on"},
    {SESSENUM_STATUS, SESSENUM_U32, "status", "the server's NET_API_STATUS"},
    {SESSENUM_REFERENT, SESSENUM_U64, "referent", "a pointer: 0 is NULL"},
    {SESSENUM_MAX_COUNT, SESSENUM_U64, "max_count", "the greatest number of elements that the array can have"},
    {SESSENUM_OFFSET, SESSENUM_U64, "offset", "the index of the first element sent"},
    {SESSENUM_ACTUAL_COUNT, SESSENUM_U64, "actual_count", "elements sent"},
    {SESSENUM_TRAILER, SESSENUM_NONE, "trailer", "bytes after the last parameter"},
    {SESSENUM_UNDECODED, SESSENUM_NONE, "undecoded", "bytes after the place where decoding stopped"},
    {SESSENUM_RULE, SESSENUM_FINDING, "rule", "what a rule found"},
}};

// The names are made of the level table's; they are null-terminated here.
struct SessionFieldTexts {
  std::string name;
  std::string meaning;
};

const std::array<SessionFieldTexts, kSessionFields>& SessionTexts() {
  static const auto texts = [] {
    std::array<SessionFieldTexts, kSessionFields> made;
    std::ranges::transform(kFieldsOfLevel502, made.begin(), [](const SessionField& field) {
      return SessionFieldTexts{"session." + std::string(field.name), std::string(field.meaning)};
    });
    return made;
  }();
  return texts;
}

std::vector<sessenum_field> MakeTable() {
  std::vector<sessenum_field> table(kBeforeSessionFields.begin(), kBeforeSessionFields.end());
  for (std::size_t i = 0; i < kSessionFields; ++i) {
    const SessionFieldTexts& texts = SessionTexts()[i];
    const sessenum_kind kind = kFieldsOfLevel502[i].string != nullptr ? SESSENUM_STRING : SESSENUM_U32;
    table.push_back({static_cast<std::uint32_t>(table.size()), kind, texts.name.c_str(), texts.meaning.c_str()});
  }
  table.insert(table.end(), kAfterSessionFields.begin(), kAfterSessionFields.end());
  return table;
}

}  // namespace

const std::vector<sessenum_field>& FieldTable() {
  static const std::vector<sessenum_field> table = MakeTable();
  return table;
}

sessenum_field_id IdOf(const SessionField& field) {
  const auto found = std::ranges::find(kFieldsOfLevel502, field.name, &SessionField::name);
  return static_cast<sessenum_field_id>(SESSENUM_SESSION_CNAME + (found - kFieldsOfLevel502.begin()));
}

}  // namespace sessenum
