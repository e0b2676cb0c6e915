// Logs as Zeek's ASCII writer makes them.
#ifndef SESSENUM_OUTPUT_ZEEK_H_
#define SESSENUM_OUTPUT_ZEEK_H_

#include <memory>

#include "output/call_writer.h"

namespace sessenum {

// dce_rpc.log: Zeek's columns, and behind them every other field under its NDJSON name. #open and #close are times of
// the capture, so that the same capture gives the same log.
[[nodiscard]] std::unique_ptr<CallWriter> MakeZeekCalls(const WriterOptions& options);

// weird.log: a line for each finding, in Zeek's columns and behind them verdict, party, field, frame, offset, length
// and capture.
[[nodiscard]] std::unique_ptr<CallWriter> MakeZeekFindings(const WriterOptions& options);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_ZEEK_H_
