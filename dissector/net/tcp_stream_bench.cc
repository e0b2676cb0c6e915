// One direction of a connection, put back in order.
#include "net/tcp_stream.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/allocation_meter_testing.h"

namespace sessenum {
namespace {

constexpr std::size_t kSegmentSize = 1'460;
constexpr std::uint32_t kIsn = 1'000;

class CountingSink final : public DuplexSink {
 public:
  void OnData(Direction, SourcedBytes data) override { bytes += data.size(); }
  void OnMissing(Direction, std::uint64_t, Undecoded, Frame) override {}
  void OnClose() override {}

  std::size_t bytes = 0;
};

class NoObserver final : public FlowObserver {
 public:
  [[nodiscard]] std::unique_ptr<DuplexSink> OnFlow(const FlowInfo&) override { return nullptr; }
  void OnConflict(DuplexSink&, const OverlapConflict&) override {}
};

// A connection that never ends: segments come in groups, and in a group in the order given.
class Sender {
 public:
  Sender() { stream_.StartAfterSyn(kIsn); }

  template <std::size_t kSize>
  void Send(const std::array<std::uint32_t, kSize>& order) {
    for (const std::uint32_t place : order) {
      const Frame frame{++number_, 0};
      const Origin origin{0, frame};
      const auto sequence = next_ + place * static_cast<std::uint32_t>(kSegmentSize);
      stream_.See(sequence);
      stream_.OnData({sequence, SourcedBytes(payload_, {&origin, 1}), payload_.size(), frame}, out_);
    }
    next_ += static_cast<std::uint32_t>(kSize * kSegmentSize);
    stream_.Acknowledge(next_, true);
  }
  [[nodiscard]] std::size_t delivered() const { return sink_.bytes; }

 private:
  Budget budget_{Limits()};
  NoObserver observer_;
  CountingSink sink_;
  StreamOutput out_{sink_, observer_, budget_, Direction::kToServer};
  TcpStream stream_;
  std::vector<std::uint8_t> payload_ = std::vector<std::uint8_t>(kSegmentSize, 0x5A);
  std::uint32_t next_ = kIsn + 1;
  std::uint64_t number_ = 0;
};

template <std::size_t kSize>
void Reassemble(benchmark::State& state, const std::array<std::uint32_t, kSize>& order) {
  Sender sender;
  std::size_t sent = 0;
  Measure(state, [&] {
    sender.Send(order);
    sent += kSize * kSegmentSize;
  });
  if (sender.delivered() != sent) state.SkipWithError("bytes are missing");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSize * kSegmentSize));
}
BENCHMARK_CAPTURE(Reassemble, in_order, std::array<std::uint32_t, 8>{0, 1, 2, 3, 4, 5, 6, 7});
BENCHMARK_CAPTURE(Reassemble, swapped, std::array<std::uint32_t, 8>{1, 0, 3, 2, 5, 4, 7, 6});
BENCHMARK_CAPTURE(Reassemble, backwards, std::array<std::uint32_t, 8>{7, 6, 5, 4, 3, 2, 1, 0});

}  // namespace
}  // namespace sessenum
