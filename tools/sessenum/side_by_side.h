// Reads captures on several threads and tells of them as one thread would.
#ifndef SESSENUM_TOOLS_SESSENUM_SIDE_BY_SIDE_H_
#define SESSENUM_TOOLS_SESSENUM_SIDE_BY_SIDE_H_

#include <cstddef>
#include <functional>
#include <optional>

#include "capture_run.h"

namespace sessenum::tool {

// Reads capture `index` and tells `to` of it. Called on a thread of its own.
using ReadOne = std::function<CaptureOutcome(std::size_t index, const CaptureListener& to)>;

// Calls `read` for each index below `count` on up to `jobs` threads. `listener` hears, on the calling thread, what the
// captures tell, in their order: that of a capture whose turn has not come waits, up to a few MiB, then its reader
// does. `listener.on_pdu` hears nothing. An exception of a reader comes out here, after what it told. nullopt, and
// nothing was told, where the system has no thread to give.
[[nodiscard]] std::optional<CaptureOutcome> ReadSideBySide(std::size_t count, unsigned jobs, const ReadOne& read,
                                                           const CaptureListener& listener);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_SIDE_BY_SIDE_H_
