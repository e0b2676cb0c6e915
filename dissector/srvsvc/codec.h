// Stubs to messages and back.
#ifndef SESSENUM_SRVSVC_CODEC_H_
#define SESSENUM_SRVSVC_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "ndr/ndr_writer.h"
#include "srvsvc/model.h"

namespace sessenum {

// Decodes a reassembled stub. `out` is overwritten, and its memory used again; its strings point into `stub`.
// Fails only where bytes are missing (kTruncated), a count cannot be (kMalformed) or is above Limits::sessions
// (kLimit): then every field read before stands in `out`, the others are not decoded(). All oddities are in
// `out.report`, which repeats the status. Bytes after the last parameter are left to the caller: `out.report.consumed`
// says where they start.
Status DecodeRequest(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumRequest& out);
Status DecodeResponse(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumResponse& out);

// Appends the stub of a message to `out`. The model's counts are written as they are, so that an unlawful message that
// was decoded can be written again.
void EncodeRequest(const SessionEnumRequest& request, NdrFormat format, Referents referents,
                   std::vector<std::uint8_t>& out);
void EncodeResponse(const SessionEnumResponse& response, NdrFormat format, Referents referents,
                    std::vector<std::uint8_t>& out);

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_CODEC_H_
