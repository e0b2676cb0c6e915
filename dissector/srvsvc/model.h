// The two messages of NetrSessionEnum as values, each field with its place in the stub.
#ifndef SESSENUM_SRVSVC_MODEL_H_
#define SESSENUM_SRVSVC_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ndr/anomaly.h"
#include "ndr/fields.h"
#include "ndr/format.h"
#include "srvsvc/session.h"

namespace sessenum {

inline constexpr std::uint16_t kOpnumNetrSessionEnum = 12;
inline constexpr std::uint32_t kMaxPreferredLength = 0xFFFFFFFF;  // MS-SRVS 2.2.2.2

// SESSION_INFO_<level>_CONTAINER (MS-SRVS 2.2.4.16 to .20)
struct SessionContainer {
  NdrU32 entries_read;
  NdrPointer buffer;
  NdrU32 max_count;               // of the array that `buffer` points to
  std::vector<Session> sessions;  // max_count elements, once there is an array
};

// What the union holds under a level that MS-SRVS does not list. Microsoft's IDL has no default arm, so such a message
// cannot be marshalled by it; others send one all the same.
enum class UnlistedArm : std::uint8_t {
  kAbsent,   // nothing: Samba's IDL has an empty default arm
  kPointer,  // a pointer to a container, as under every listed level
};

// SESSION_ENUM_STRUCT (MS-SRVS 2.2.4.21)
struct SessionEnumStruct {
  NdrU32 level;
  NdrU32 tag;  // the union's discriminant: Level for the second time; it governs the arm
  UnlistedArm unlisted_arm = UnlistedArm::kAbsent;
  NdrPointer container_pointer;
  SessionContainer container;
};

// How a stub came through the decoder.
struct StubReport {
  NdrFormat format;
  std::uint32_t size = 0;      // bytes of the stub
  std::uint32_t consumed = 0;  // bytes up to the end of the last parameter, or to where the decoder stopped
  Status status;
  AnomalyList anomalies;
};

// String data is borrowed: from the stub when decoded, from whatever the model was built from otherwise.
struct SessionEnumRequest {
  NdrString server_name;
  NdrString client_name;
  NdrString user_name;
  SessionEnumStruct info;
  NdrU32 preferred_maximum_length;  // bytes
  NdrUniqueU32 resume_handle;
  StubReport report;
};

struct SessionEnumResponse {
  SessionEnumStruct info;
  NdrU32 total_entries;
  NdrUniqueU32 resume_handle;
  NdrU32 status;  // NET_API_STATUS
  StubReport report;
};

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_MODEL_H_
