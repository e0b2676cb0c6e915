// How long a stub takes to decode and to encode: by message, level, number of sessions and transfer syntax.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "srvsvc/allocation_count_testing.h"
#include "srvsvc/codec.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

// The first round fills the message's memory; from the second on nothing is allocated.
template <typename Message>
void Decode(benchmark::State& state, const std::vector<std::uint8_t>& stub, NdrFormat format) {
  const Limits limits;
  Message message;
  benchmark::DoNotOptimize(DecodeMessage(stub, format, limits, message));
  const std::size_t before = AllocationCount();
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(DecodeMessage(stub, format, limits, message));
  }
  state.counters["allocations"] = static_cast<double>(AllocationCount() - before);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stub.size()));
}

template <typename Message>
void Encode(benchmark::State& state, const Message& message, NdrFormat format) {
  std::vector<std::uint8_t> out = EncodeMessage(message, format);
  const std::size_t size = out.size();
  for ([[maybe_unused]] auto _ : state) {
    out.clear();
    if constexpr (std::is_same_v<Message, SessionEnumRequest>) {
      EncodeRequest(message, format, Referents::kAscending, out);
    } else {
      EncodeResponse(message, format, Referents::kAscending, out);
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(size));
}

template <typename Message>
void Register(const Message& message, NdrFormat format, const std::string& name) {
  benchmark::RegisterBenchmark(("decode/" + name).c_str(), [message, format](benchmark::State& state) {
    Decode<Message>(state, EncodeMessage(message, format), format);
  });
  benchmark::RegisterBenchmark(("encode/" + name).c_str(),
                               [message, format](benchmark::State& state) { Encode(state, message, format); });
}

// The messages' strings point into it.
MessageBuilder& Builder() {
  static MessageBuilder builder;
  return builder;
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const NdrFormat format :
       {NdrFormat{}, NdrFormat{TransferSyntax::kNdr, ByteOrder::kBig}, NdrFormat{TransferSyntax::kNdr64}}) {
    for (const LevelSpec& level : kLevels) {
      const std::string suffix = "/level" + std::to_string(level.level) + "/" + FormatName(format);
      Register(Builder().Request(level.level), format, "request" + suffix);
      for (const std::uint32_t sessions : {1U, 10U, 1000U}) {
        Register(Builder().Response(level.level, sessions), format,
                 "response" + suffix + "/" + std::to_string(sessions));
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace sessenum
