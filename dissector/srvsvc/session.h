// A session as SESSION_INFO_502 describes it, and the table that says which of its fields each level carries.
#ifndef SESSENUM_SRVSVC_SESSION_H_
#define SESSENUM_SRVSVC_SESSION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ndr/fields.h"

namespace sessenum {

// MS-SRVS 2.2.4.15. The other levels are projections of it (3.1.4.5).
struct Session {
  NdrString cname;
  NdrString username;
  NdrU32 num_opens;
  NdrU32 time;       // seconds since the session began
  NdrU32 idle_time;  // seconds
  NdrU32 user_flags;
  NdrString cltype_name;
  NdrString transport;
};

// One field of a session: exactly one of the two members is set.
struct SessionField {
  std::string_view name;
  NdrString Session::*string = nullptr;
  NdrU32 Session::*number = nullptr;
  std::string_view meaning;
};

inline constexpr SessionField kCname{"cname", &Session::cname, nullptr, "the computer the session comes from"};
inline constexpr SessionField kUsername{"username", &Session::username, nullptr, "the user who opened the session"};
inline constexpr SessionField kNumOpens{"num_opens", nullptr, &Session::num_opens,
                                        "files, devices and pipes held open"};
inline constexpr SessionField kTime{"time", nullptr, &Session::time, "seconds since the session began"};
inline constexpr SessionField kIdleTime{"idle_time", nullptr, &Session::idle_time, "seconds without activity"};
inline constexpr SessionField kUserFlags{"user_flags", nullptr, &Session::user_flags, "1 guest, 2 no encryption"};
inline constexpr SessionField kCltypeName{"cltype_name", &Session::cltype_name, nullptr, "the type of the client"};
inline constexpr SessionField kTransport{"transport", &Session::transport, nullptr,
                                         "the server's name of the transport"};

// SESSION_INFO_0, _1, _2, _10 and _502 (MS-SRVS 2.2.4.11 to .15), fields in wire order.
inline constexpr std::array kFieldsOfLevel0 = {kCname};
inline constexpr std::array kFieldsOfLevel1 = {kCname, kUsername, kNumOpens, kTime, kIdleTime, kUserFlags};
inline constexpr std::array kFieldsOfLevel2 = {kCname, kUsername, kNumOpens, kTime, kIdleTime, kUserFlags, kCltypeName};
inline constexpr std::array kFieldsOfLevel10 = {kCname, kUsername, kTime, kIdleTime};
inline constexpr std::array kFieldsOfLevel502 = {kCname,    kUsername,  kNumOpens,   kTime,
                                                 kIdleTime, kUserFlags, kCltypeName, kTransport};

struct LevelSpec {
  std::uint32_t level = 0;
  std::span<const SessionField> fields;

  // Bytes of one element of the level's array, without what its pointers point to.
  [[nodiscard]] constexpr std::uint32_t ElementSize(NdrFormat format) const {
    std::uint32_t size = 0;
    for (const SessionField& field : fields) size += field.string != nullptr ? format.word() : 4;
    return size;
  }
};

inline constexpr std::array<LevelSpec, 5> kLevels = {{{0, kFieldsOfLevel0},
                                                      {1, kFieldsOfLevel1},
                                                      {2, kFieldsOfLevel2},
                                                      {10, kFieldsOfLevel10},
                                                      {502, kFieldsOfLevel502}}};

// The description of `level`, or nullptr where MS-SRVS 2.2.4.21 does not list it.
[[nodiscard]] constexpr const LevelSpec* FindLevel(std::uint32_t level) {
  for (const LevelSpec& spec : kLevels) {
    if (spec.level == level) return &spec;
  }
  return nullptr;
}

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_SESSION_H_
