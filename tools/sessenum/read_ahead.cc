#include "read_ahead.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace sessenum::tool {
namespace {

// Bytes of packets that are handed over together: rarely enough that to wake the other thread costs nothing, few enough
// to be in the caches still.
constexpr std::size_t kBatchBytes = 128U << 10U;
constexpr std::size_t kBatches = 8;
// Whoever has to wait waits for so many: to be woken for each would cost more than to take it.
constexpr std::size_t kWorthWaking = kBatches / 2;
// Packets without bytes are handed over, too.
constexpr std::size_t kBatchPackets = 4'096;

// Of how many packets further on, how many bytes are asked for.
constexpr std::size_t kFetchAhead = 4;
constexpr std::size_t kFetchBytes = 512;
constexpr std::size_t kCacheLine = 64;

// Packets, with their bytes.
class Batch {
 public:
  Batch() { bytes_.reserve(kBatchBytes); }

  [[nodiscard]] bool HasRoomFor(const Packet& packet) const {
    return packets_.empty() || (packets_.size() < kBatchPackets && bytes_.size() + packet.bytes.size() <= kBatchBytes);
  }
  void Add(const Packet& packet) {
    // The bytes first: where memory runs out, no packet may be there without them.
    const std::size_t at = bytes_.size();
    bytes_.insert(bytes_.end(), packet.bytes.begin(), packet.bytes.end());
    packets_.push_back({packet, at});
  }
  // False once `on_packet` wants no more.
  [[nodiscard]] bool Give(const PacketSource::OnPacket& on_packet) const {
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      Fetch(i + kFetchAhead);
      const Placed& placed = packets_[i];
      Packet packet = placed.packet;
      packet.bytes = Bytes(bytes_).subspan(placed.at, packet.bytes.size());
      if (!on_packet(packet)) return false;
    }
    return true;
  }
  void Clear() {
    packets_.clear();
    bytes_.clear();
    // A single packet may have been far larger.
    if (bytes_.capacity() <= kBatchBytes) return;
    bytes_.shrink_to_fit();
    bytes_.reserve(kBatchBytes);
  }

 private:
  struct Placed {
    Packet packet;  // its bytes are not where they were
    std::size_t at = 0;
  };

  // What another processor wrote is far away: to ask for it early hides most of that.
  void Fetch(std::size_t index) const {
    if (index >= packets_.size()) return;
    const Placed& placed = packets_[index];
    const std::size_t size = std::min(placed.packet.bytes.size(), kFetchBytes);
    for (std::size_t at = 0; at < size; at += kCacheLine) __builtin_prefetch(bytes_.data() + placed.at + at);
  }

  std::vector<Placed> packets_;
  std::vector<std::uint8_t> bytes_;
};

// Batches on their way from the thread that reads to the one that takes.
class Relay {
 public:
  // The reader's side. An empty batch; nullptr once nobody takes any more.
  [[nodiscard]] Batch* WaitForEmpty() {
    std::unique_lock lock(mutex_);
    if (full() == kBatches) changed_.wait(lock, [this] { return full() <= kBatches - kWorthWaking || abandoned_; });
    return abandoned_ ? nullptr : &batches_[filled_ % kBatches];
  }
  void Fill() {
    Change([this] { ++filled_; });
  }
  void End() {
    Change([this] { ended_ = true; });
  }

  // The taker's side. A full batch; nullptr at the end.
  [[nodiscard]] Batch* WaitForFull() {
    std::unique_lock lock(mutex_);
    if (full() == 0) changed_.wait(lock, [this] { return full() >= kWorthWaking || ended_; });
    return full() > 0 ? &batches_[taken_ % kBatches] : nullptr;
  }
  void Take() {
    Change([this] { ++taken_; });
  }
  void Abandon() {
    Change([this] { abandoned_ = true; });
  }

 private:
  [[nodiscard]] std::size_t full() const { return filled_ - taken_; }

  template <typename Event>
  void Change(Event&& event) {
    const std::lock_guard lock(mutex_);
    event();
    const bool is_telling = ended_ || abandoned_ || full() == kWorthWaking;
    if (is_telling) changed_.notify_all();
  }

  std::array<Batch, kBatches> batches_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t filled_ = 0;
  std::size_t taken_ = 0;
  bool ended_ = false;
  bool abandoned_ = false;
};

// The thread that reads.
class Reader {
 public:
  Reader(PacketSource& source, std::uint64_t first_frame, Relay& relay)
      : source_(source), relay_(relay), thread_([this, first_frame] { Run(first_frame); }) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    relay_.Abandon();
    if (thread_.joinable()) thread_.join();
  }

  // To be called once the relay has ended.
  [[nodiscard]] CaptureError Join() {
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(error_);
  }

 private:
  void Run(std::uint64_t first_frame) {
    try {
      batch_ = relay_.WaitForEmpty();
      if (batch_ != nullptr) error_ = source_.Read(first_frame, [this](const Packet& packet) { return Add(packet); });
    } catch (const std::exception&) {
      failure_ = std::current_exception();
    }
    if (batch_ != nullptr) relay_.Fill();
    relay_.End();
  }
  // False once nobody takes any more.
  [[nodiscard]] bool Add(const Packet& packet) {
    if (!batch_->HasRoomFor(packet)) {
      relay_.Fill();
      batch_ = relay_.WaitForEmpty();
    }
    if (batch_ == nullptr) return false;
    batch_->Add(packet);
    return true;
  }

  PacketSource& source_;
  Relay& relay_;
  Batch* batch_ = nullptr;  // that is being filled
  CaptureError error_;
  std::exception_ptr failure_;
  std::thread thread_;  // goes first: it uses the others
};

class ReadAhead final : public PacketSource {
 public:
  explicit ReadAhead(std::unique_ptr<PacketSource> source) : source_(std::move(source)) {}

  CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) override {
    Relay relay;
    std::unique_ptr<Reader> reader;
    try {
      reader = std::make_unique<Reader>(*source_, first_frame, relay);
    } catch (const std::system_error&) {
      return source_->Read(first_frame, on_packet);  // the system has no more threads
    }
    while (Batch* batch = relay.WaitForFull()) {
      if (!batch->Give(on_packet)) return "";
      batch->Clear();
      relay.Take();
    }
    return reader->Join();
  }

 private:
  std::unique_ptr<PacketSource> source_;
};

}  // namespace

std::unique_ptr<PacketSource> MakeReadAhead(std::unique_ptr<PacketSource> source) {
  return std::make_unique<ReadAhead>(std::move(source));
}

}  // namespace sessenum::tool
