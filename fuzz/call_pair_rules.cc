// Property: the rules judge any request and response, one verdict for each rule, the same each time, and speak of
// nothing outside the stubs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/limits.h"
#include "fuzz/require.h"
#include "ndr/format.h"
#include "rules/catalogue.h"
#include "rules/judge.h"
#include "srvsvc/codec.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

struct Judged {
  std::vector<Finding> findings;
  VerdictCounts counts{};
};

// The call twice: the second finds what the first left behind.
Judged JudgeTwice(CallFacts call) {
  Budget budget{Limits()};
  JudgeOptions options;
  options.telling = Telling::kAll;
  Judge judge(budget, options);
  Judged judged;
  for (int i = 0; i < 2; ++i) {
    call.time_ns = i * 1'000'000'000LL;
    judge.Examine(call, judged.findings, judged.counts);
  }
  return judged;
}

void RequireSound(const Judged& judged, const CallFacts& call) {
  std::multiset<std::string_view> rules;
  for (const Finding& finding : judged.findings) {
    if (!finding.rule.starts_with("G5")) rules.insert(finding.rule);
    const bool is_request = finding.message == Direction::kToServer;
    const std::uint64_t size = is_request ? (call.request != nullptr ? call.request->report.size : 0)
                                          : (call.response != nullptr ? call.response->report.size : 0);
    Require(finding.where.end() <= size, "a finding stands within its stub");
    const std::string message = Message(finding);
    Require(message.find('{') == std::string::npos || finding.quoted.size() > 0, "a message has no holes");
    Require(!FieldPath(finding).empty(), "a finding names a field");
  }
  for (const Rule& rule : Catalogue()) {
    if (rule.check != nullptr) Require(rules.count(rule.id) == 2, "each rule gives one verdict for each call");
  }
}

void RequireSame(const Judged& one, const Judged& other) {
  Require(one.counts == other.counts && one.findings.size() == other.findings.size(), "judging twice agrees");
  for (std::size_t i = 0; i < one.findings.size(); ++i) {
    Require(one.findings[i].rule == other.findings[i].rule && Message(one.findings[i]) == Message(other.findings[i]),
            "judging twice agrees");
  }
}

}  // namespace

// Byte 0: formats and circumstances; bytes 1 and 2: the size of the request's stub; then both stubs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::uint8_t flags = data[0];
  const Bytes stubs(data + 3, size - 3);
  const std::size_t split = std::min<std::size_t>(stubs.size(), data[1] + 256U * data[2]);
  const NdrFormat format{(flags & 1U) != 0 ? TransferSyntax::kNdr64 : TransferSyntax::kNdr,
                         (flags & 2U) != 0 ? ByteOrder::kBig : ByteOrder::kLittle};
  const Limits limits;
  SessionEnumRequest request;
  SessionEnumResponse response;
  static_cast<void>(DecodeRequest(stubs.first(split), format, limits, request));
  static_cast<void>(DecodeResponse(stubs.subspan(split), format, limits, response));
  CallFacts call;
  if ((flags & 4U) == 0) call.request = &request;
  if ((flags & 8U) == 0) call.response = &response;
  if ((flags & 16U) != 0 && call.response == nullptr) call.fault = 0x1C010003;
  call.request_whole = (flags & 32U) == 0;
  call.response_whole = call.request_whole;
  call.why_no_request = call.why_no_response = "it was not captured";
  call.over_named_pipe = (flags & 64U) == 0;
  call.tree = "\\\\SRV\\IPC$";
  if ((flags & 128U) != 0) call.interface = kSrvsvcInterface;
  call.offer = {true, (flags & 1U) != 0, false};
  const Judged judged = JudgeTwice(call);
  RequireSound(judged, call);
  RequireSame(judged, JudgeTwice(call));
  return 0;
}
