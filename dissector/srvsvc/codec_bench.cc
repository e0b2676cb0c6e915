// Both messages, decoded and encoded: every level, in the three formats that are met.
#include "srvsvc/codec.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/allocation_meter_testing.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr std::array kFormats = {NdrFormat{TransferSyntax::kNdr, ByteOrder::kLittle},
                                 NdrFormat{TransferSyntax::kNdr, ByteOrder::kBig},
                                 NdrFormat{TransferSyntax::kNdr64, ByteOrder::kLittle}};

template <typename Message>
void Decode(benchmark::State& state, const std::vector<std::uint8_t>& stub, NdrFormat format) {
  const Limits limits;
  Message message;
  MeasureWithoutAllocation(state, [&] {
    if (!DecodeMessage(stub, format, limits, message).ok()) state.SkipWithError("the stub is not read");
    benchmark::DoNotOptimize(&message);
    benchmark::ClobberMemory();
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stub.size()));
}

void Encode(benchmark::State& state, const SessionEnumResponse& response, NdrFormat format) {
  std::vector<std::uint8_t> out;
  MeasureWithoutAllocation(state, [&] {
    out.clear();
    EncodeResponse(response, format, Referents::kAscending, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void Encode(benchmark::State& state, const SessionEnumRequest& request, NdrFormat format) {
  std::vector<std::uint8_t> out;
  MeasureWithoutAllocation(state, [&] {
    out.clear();
    EncodeRequest(request, format, Referents::kAscending, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void RegisterRequest(const std::string& name, std::uint32_t level, NdrFormat format) {
  benchmark::RegisterBenchmark(("DecodeRequest/" + name).c_str(), [=](benchmark::State& state) {
    MessageBuilder build;
    Decode<SessionEnumRequest>(state, EncodeMessage(build.Request(level), format), format);
  });
  benchmark::RegisterBenchmark(("EncodeRequest/" + name).c_str(), [=](benchmark::State& state) {
    MessageBuilder build;
    Encode(state, build.Request(level), format);
  });
}

void RegisterResponse(const std::string& name, std::uint32_t level, std::uint32_t entries, NdrFormat format) {
  benchmark::RegisterBenchmark(("DecodeResponse/" + name).c_str(), [=](benchmark::State& state) {
    MessageBuilder build;
    Decode<SessionEnumResponse>(state, EncodeMessage(build.Response(level, entries), format), format);
  });
  benchmark::RegisterBenchmark(("EncodeResponse/" + name).c_str(), [=](benchmark::State& state) {
    MessageBuilder build;
    Encode(state, build.Response(level, entries), format);
  });
}

// Made at start, since the levels come from their table.
const bool kRegistered = [] {
  for (const NdrFormat format : kFormats) {
    for (const LevelSpec& level : kLevels) {
      const std::string name = FormatName(format) + "/level:" + std::to_string(level.level);
      RegisterRequest(name, level.level, format);
      for (const std::uint32_t entries : {1U, 10U, 1'000U}) {
        RegisterResponse(name + "/entries:" + std::to_string(entries), level.level, entries, format);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace sessenum
