// Calls and summary for a person at a terminal.
#ifndef SESSENUM_OUTPUT_TEXT_H_
#define SESSENUM_OUTPUT_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "replay/call.h"
#include "replay/summary.h"

namespace sessenum {

struct TextOptions {
  bool color = false;  // ANSI colours
};

// Appends what is to be known of a call: who asked whom for what, the answer, and what is odd about it. Nothing from
// the wire reaches the terminal unescaped.
void AppendText(const Call& call, const TextOptions& options, std::string& out);
void AppendText(const Summary& summary, const TextOptions& options, std::string& out);

// What a run could not see, or gave up, a line each, without line breaks; empty where it saw everything.
[[nodiscard]] std::vector<std::string> BlindSpots(const Summary& summary);

// A message alone: for stubs without a capture.
void AppendText(const SeenRequest& request, const TextOptions& options, std::string& out);
void AppendText(const SeenResponse& response, const TextOptions& options, std::string& out);

// One finding, as it stands under its call.
void AppendText(const Finding& finding, const TextOptions& options, std::string& out);

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_TEXT_H_
