#include "read_ahead.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sessenum::tool {
namespace {

struct Seen {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  LinkType link = LinkType::kNull;
  std::vector<std::uint8_t> bytes;
  std::size_t original_length = 0;

  friend bool operator==(const Seen&, const Seen&) = default;
};

// Gives the packets that it holds, numbered from the one asked for, from a buffer that it uses again.
class SomePackets final : public PacketSource {
 public:
  explicit SomePackets(std::vector<std::vector<std::uint8_t>> packets, std::function<void()> at_end = nullptr)
      : packets_(std::move(packets)), at_end_(std::move(at_end)) {}

  CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) override {
    reader_ = std::this_thread::get_id();
    std::vector<std::uint8_t> buffer;
    for (const std::vector<std::uint8_t>& packet : packets_) {
      buffer = packet;
      ++given_;
      const Frame frame{first_frame++, static_cast<std::int64_t>(7 * given_)};
      const LinkType link = given_ % 2 == 0 ? LinkType::kEthernet : LinkType::kRaw;
      if (!on_packet({frame, link, buffer, packet.size() + 3})) return "";
      buffer.assign(buffer.size(), 0xEE);
    }
    if (at_end_) at_end_();
    return "after the last packet: torn";
  }

  [[nodiscard]] std::size_t given() const { return given_; }
  [[nodiscard]] std::thread::id reader() const { return reader_; }

 private:
  std::vector<std::vector<std::uint8_t>> packets_;
  std::function<void()> at_end_;
  std::size_t given_ = 0;
  std::thread::id reader_;
};

std::vector<std::vector<std::uint8_t>> PacketsOfSizes(const std::vector<std::size_t>& sizes) {
  std::vector<std::vector<std::uint8_t>> packets;
  for (const std::size_t size : sizes) packets.emplace_back(size, static_cast<std::uint8_t>(packets.size()));
  return packets;
}

std::vector<Seen> PacketsOf(PacketSource& source, CaptureError& error) {
  std::vector<Seen> seen;
  error = source.Read(40, [&seen](const Packet& packet) {
    seen.push_back({packet.frame.number,
                    packet.frame.time_ns,
                    packet.link,
                    {packet.bytes.begin(), packet.bytes.end()},
                    packet.original_length});
    return true;
  });
  return seen;
}

void ExpectTheSame(const std::vector<std::size_t>& sizes) {
  CaptureError direct_error;
  CaptureError error;
  SomePackets direct(PacketsOfSizes(sizes));
  const std::vector<Seen> expected = PacketsOf(direct, direct_error);
  const auto ahead = MakeReadAhead(std::make_unique<SomePackets>(PacketsOfSizes(sizes)));
  EXPECT_EQ(PacketsOf(*ahead, error), expected);
  EXPECT_EQ(error, direct_error);
  EXPECT_EQ(error, "after the last packet: torn");
}

TEST(ReadAheadTest, NoPacketAtAll) { ExpectTheSame({}); }

TEST(ReadAheadTest, TheSamePacketsAndTheSameError) { ExpectTheSame({1, 60, 0, 1514, 20, 0}); }

TEST(ReadAheadTest, MoreThanIsReadAhead) { ExpectTheSame(std::vector<std::size_t>(2'000, 1'514)); }

TEST(ReadAheadTest, ManyPacketsWithoutBytes) { ExpectTheSame(std::vector<std::size_t>(20'000, 0)); }

TEST(ReadAheadTest, PacketsLargerThanABatch) { ExpectTheSame({10, 300'000, 10, 131'072, 131'073, 1'000'000, 10}); }

TEST(ReadAheadTest, AnotherThreadReads) {
  auto source = std::make_unique<SomePackets>(PacketsOfSizes({1}));
  const SomePackets& packets = *source;
  CaptureError error;
  const auto ahead = MakeReadAhead(std::move(source));
  static_cast<void>(PacketsOf(*ahead, error));
  EXPECT_NE(packets.reader(), std::this_thread::get_id());
}

TEST(ReadAheadTest, WhoeverWantsNoMoreGetsNoMore) {
  auto source = std::make_unique<SomePackets>(PacketsOfSizes(std::vector<std::size_t>(10'000, 1'000)));
  const SomePackets& packets = *source;
  const auto ahead = MakeReadAhead(std::move(source));
  std::size_t taken = 0;
  EXPECT_EQ(ahead->Read(1, [&taken](const Packet&) { return ++taken < 3; }), "");
  EXPECT_EQ(taken, 3);
  EXPECT_LT(packets.given(), 2'000) << "read on to no end";
}

TEST(ReadAheadTest, ReadsOnAfterTheLastRead) {
  const auto ahead = MakeReadAhead(std::make_unique<SomePackets>(PacketsOfSizes({5, 6})));
  CaptureError error;
  EXPECT_EQ(PacketsOf(*ahead, error).size(), 2);
  EXPECT_EQ(PacketsOf(*ahead, error).size(), 2);
}

TEST(ReadAheadTest, AnExceptionComesOutWhereThePacketsDo) {
  const auto fail = [] { throw std::bad_alloc(); };
  const auto ahead = MakeReadAhead(std::make_unique<SomePackets>(PacketsOfSizes({1, 2, 3}), fail));
  std::size_t taken = 0;
  const auto count = [&taken](const Packet&) {
    ++taken;
    return true;
  };
  EXPECT_THROW(static_cast<void>(ahead->Read(1, count)), std::bad_alloc);
  EXPECT_EQ(taken, 3);
}

}  // namespace
}  // namespace sessenum::tool
