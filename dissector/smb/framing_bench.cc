// The messages of a connection, found in its bytes: whole in a segment, or cut by it.
#include "smb/framing.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>

#include "base/allocation_meter_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

constexpr std::size_t kMessages = 16;
constexpr std::size_t kBodySize = 400;

class CountingSink final : public SmbFramer::Sink {
 public:
  void OnMessage(const SmbMessage& message) override {
    if (message.whole()) ++whole;
  }
  void OnLost(Undecoded, Frame) override {}
  [[nodiscard]] bool WantsRest(const SmbMessage&) override { return true; }

  std::size_t whole = 0;
};

// In pieces of range(0) bytes.
void FrameSmb2(benchmark::State& state) {
  smb2::Buffer bytes;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const smb2::Buffer message = smb2::Framed(smb2::Message({}, smb2::Buffer(kBodySize, 0x11)));
    bytes.insert(bytes.end(), message.begin(), message.end());
  }
  const Origin origin{0, {1, 0}};
  const SourcedBytes all(bytes, {&origin, 1});
  const auto step = static_cast<std::size_t>(state.range(0));
  Budget budget{Limits()};
  CountingSink sink;
  SmbFramer framer(budget, sink);
  std::size_t sent = 0;
  Measure(state, [&] {
    for (std::size_t at = 0; at < bytes.size(); at += step) framer.OnData(all.Sub(at, step));
    sent += kMessages;
  });
  if (sink.whole != sent) state.SkipWithError("messages are missing");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(FrameSmb2)->Arg(64)->Arg(1'460)->Arg(65'536);

}  // namespace
}  // namespace sessenum
