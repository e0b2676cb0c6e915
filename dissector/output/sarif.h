// Findings as SARIF 2.1.0 (OASIS).
#ifndef SESSENUM_OUTPUT_SARIF_H_
#define SESSENUM_OUTPUT_SARIF_H_

#include <memory>

#include "output/call_writer.h"

namespace sessenum {

// One document with one run. A result's region counts bytes in the NDR stub of its message, reassembled and decrypted:
// each such stub is an artifact nested in its capture (SARIF 3.24.4), named for its first packet. Beyond
// options.most_parts stubs a result names its capture alone, and a notification counts those. A capture that could not
// be read to its end makes executionSuccessful false; what a run could not see is a notification.
[[nodiscard]] std::unique_ptr<CallWriter> MakeSarif(const WriterOptions& options);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_SARIF_H_
