// Suricata's EVE events.
#ifndef SESSENUM_OUTPUT_EVE_H_
#define SESSENUM_OUTPUT_EVE_H_

#include <memory>

#include "output/call_writer.h"

namespace sessenum {

// One event a line: "smb" with smb.dcerpc, or "dcerpc" for plain TCP, under Suricata's own names, and session_enum with
// what Suricata has no name for, under those of NDJSON. Last, a "stats" event with the summary in stats.session_enum.
[[nodiscard]] std::unique_ptr<CallWriter> MakeEve(const WriterOptions& options);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_EVE_H_
