// Calls as lines of NDJSON.
#include "output/ndjson.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "base/allocation_meter_testing.h"
#include "output/sample_call_testing.h"

namespace sessenum {
namespace {

// With range(0) sessions of level range(1) in the answer.
void WriteCall(benchmark::State& state) {
  SampleCall sample;
  sample.SetResponse(
      sample.build.Response(static_cast<std::uint32_t>(state.range(1)), static_cast<std::uint32_t>(state.range(0))));
  const Call& call = sample.Get();
  std::string line;
  Measure(state, [&] {
    line.clear();
    AppendNdjson(call, "bench.pcap", line);
    benchmark::DoNotOptimize(line.data());
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(line.size()));
}
BENCHMARK(WriteCall)->ArgNames({"sessions", "level"})->ArgsProduct({{1, 10, 1'000}, {10, 502}});

}  // namespace
}  // namespace sessenum
