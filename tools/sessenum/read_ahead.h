// Packets are read by a thread of its own, while whoever takes them works on those before.
#ifndef SESSENUM_TOOLS_SESSENUM_READ_AHEAD_H_
#define SESSENUM_TOOLS_SESSENUM_READ_AHEAD_H_

#include <memory>

#include "capture/packet_source.h"

namespace sessenum::tool {

// Gives what `source` gives: the same packets, the same error, on the thread that calls Read. `source` itself is read
// on another one, at most eight batches ahead, each of 128 KiB or of one larger packet; where there is no thread to be
// had, in turn. Not for what is still being written, since packets are handed over by many.
[[nodiscard]] std::unique_ptr<PacketSource> MakeReadAhead(std::unique_ptr<PacketSource> source);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_READ_AHEAD_H_
