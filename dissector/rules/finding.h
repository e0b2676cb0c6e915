// What the validator says of a call.
#ifndef SESSENUM_RULES_FINDING_H_
#define SESSENUM_RULES_FINDING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/duplex.h"
#include "base/extent.h"
#include "base/utf16.h"
#include "ndr/anomaly.h"
#include "rules/verdict.h"

namespace sessenum {

// The name of a field that stands for the answer as a whole, where that is a fault.
inline constexpr std::string_view kFaultField = "fault";

struct Finding {
  std::string_view rule;  // static storage
  Verdict verdict = Verdict::kPass;
  Direction message = Direction::kToServer;  // kToServer: of the request, by the client; kToClient: of the response
  // Static storage. {seen}, {expected}, {times} and {quoted} stand for the members below, {seen.status} and
  // {expected.status} for the name of a NET_API_STATUS, {such} for " (3 such)" where there is more than one.
  std::string_view text;
  std::string_view why;  // static storage; of an undecided rule: the evidence that is missing
  FieldRef field;
  Extent where;  // in the stub
  std::uint64_t seen = 0;
  std::uint64_t expected = 0;
  std::uint32_t times = 1;
  Utf16View quoted;         // points into the call's stubs
  std::uint64_t frame = 0;  // the packet that carried the first byte; 0 until it is known

  [[nodiscard]] std::string_view party() const { return message == Direction::kToServer ? "client" : "server"; }
};

// The field as a path: "response.container.sessions[3].cname".
[[nodiscard]] std::string FieldPath(const Finding& finding);

// What was seen and what is asked, for a person who has not read the specification. UTF-8; what came off the wire
// stands in it unescaped.
[[nodiscard]] std::string Message(const Finding& finding);

}  // namespace sessenum

#endif  // SESSENUM_RULES_FINDING_H_
