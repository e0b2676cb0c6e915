// One JSON object a line, to the letter of the schema sessenum/1 (sessenum-1.schema.json).
#ifndef SESSENUM_OUTPUT_NDJSON_H_
#define SESSENUM_OUTPUT_NDJSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "replay/call.h"
#include "replay/summary.h"

namespace sessenum {

class JsonWriter;

// What other forms of JSON take over: the members of a call from "named_pipe" on, and those of a summary.
void WriteCallMembers(JsonWriter& json, const Call& call);
void WriteSummaryMembers(JsonWriter& json, const Summary& summary);

// Appends the line of a call, with its newline. `capture` names the file (any bytes; ill-formed UTF-8 becomes U+FFFD).
void AppendNdjson(const Call& call, std::string_view capture, std::string& out);
void AppendNdjson(const Summary& summary, std::string& out);

// The line of a message alone, for stubs without a capture: what stands in a call under "request" or "response", with
// "findings" as in a call.
void AppendNdjson(const SeenRequest& request, const std::vector<Finding>& findings, std::string& out);
void AppendNdjson(const SeenResponse& response, const std::vector<Finding>& findings, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_NDJSON_H_
