// Strings as they are printed: UTF-16 of the wire to UTF-8, and back.
#include "base/utf16.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/allocation_meter_testing.h"

namespace sessenum {
namespace {

std::string TextOf(bool is_ascii, std::int64_t characters) {
  std::string text;
  for (std::int64_t i = 0; i < characters; ++i) text += is_ascii ? "a" : "\xC3\xA9";
  return text;
}

void AppendUtf8(benchmark::State& state, bool is_ascii, ByteOrder order) {
  const std::vector<std::uint8_t> wire = Utf8ToUtf16(TextOf(is_ascii, state.range(0)), order);
  std::string out;
  MeasureWithoutAllocation(state, [&] {
    out.clear();
    AppendUtf8(Utf16View(wire, order), out);
    benchmark::DoNotOptimize(out.data());
  });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(wire.size()));
}
BENCHMARK_CAPTURE(AppendUtf8, ascii, true, ByteOrder::kLittle)->Arg(12)->Arg(1'000);
BENCHMARK_CAPTURE(AppendUtf8, ascii_big, true, ByteOrder::kBig)->Arg(12)->Arg(1'000);
BENCHMARK_CAPTURE(AppendUtf8, accents, false, ByteOrder::kLittle)->Arg(12)->Arg(1'000);

void ToUtf16(benchmark::State& state, bool is_ascii) {
  const std::string text = TextOf(is_ascii, state.range(0));
  Measure(state, [&] { benchmark::DoNotOptimize(Utf8ToUtf16(text, ByteOrder::kLittle)); });
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(ToUtf16, ascii, true)->Arg(12)->Arg(1'000);
BENCHMARK_CAPTURE(ToUtf16, accents, false)->Arg(12)->Arg(1'000);

void FindUnpairedSurrogate(benchmark::State& state) {
  const std::vector<std::uint8_t> wire = Utf8ToUtf16(TextOf(true, state.range(0)), ByteOrder::kLittle);
  MeasureWithoutAllocation(
      state, [&] { benchmark::DoNotOptimize(FindUnpairedSurrogate(Utf16View(wire, ByteOrder::kLittle))); });
}
BENCHMARK(FindUnpairedSurrogate)->Arg(12)->Arg(1'000);

}  // namespace
}  // namespace sessenum
