// One call after another of the same client and server, judged by the whole catalogue.
#include "rules/judge.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "base/allocation_meter_testing.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

// With range(0) sessions of level range(1) in the answer.
void JudgeCall(benchmark::State& state) {
  const NdrFormat format;
  const auto level = static_cast<std::uint32_t>(state.range(1));
  MessageBuilder build;
  const std::vector<std::uint8_t> question = EncodeMessage(build.Request(level), format);
  const std::vector<std::uint8_t> answer =
      EncodeMessage(build.Response(level, static_cast<std::uint32_t>(state.range(0))), format);
  SessionEnumRequest request;
  SessionEnumResponse response;
  if (!DecodeRequest(question, format, Limits(), request).ok() ||
      !DecodeResponse(answer, format, Limits(), response).ok()) {
    return state.SkipWithError("the stubs are not read");
  }
  CallFacts call;
  call.request = &request;
  call.response = &response;
  call.request_whole = call.response_whole = true;

  Budget budget{Limits()};
  Judge judge(budget, {});
  VerdictCounts counts{};
  std::vector<Finding> findings;
  Measure(state, [&] {
    call.time_ns += 1'000'000'000;
    findings.clear();
    judge.Examine(call, findings, counts);
    benchmark::DoNotOptimize(findings.data());
  });
}
BENCHMARK(JudgeCall)->ArgNames({"sessions", "level"})->ArgsProduct({{1, 10, 1'000}, {10, 502}});

}  // namespace
}  // namespace sessenum
