#include "base/provenance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace sessenum {
namespace {

Frame Packet(std::uint64_t number) { return {number, static_cast<std::int64_t>(number) * 1'000}; }

std::vector<std::uint8_t> Counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

using Runs = std::vector<std::pair<std::size_t, std::uint64_t>>;

Runs RunsOf(SourcedBytes bytes) {
  Runs runs;
  bytes.ForEachRun([&runs](std::size_t offset, const Frame& frame) { runs.emplace_back(offset, frame.number); });
  return runs;
}

class SourcedBytesTest : public testing::Test {
 protected:
  std::vector<std::uint8_t> bytes_ = Counting(10);
  std::vector<Origin> origins_ = {{0, Packet(1)}, {4, Packet(2)}, {7, Packet(3)}};
  SourcedBytes whole_{bytes_, origins_};
};

TEST_F(SourcedBytesTest, EachByteKnowsItsPacket) {
  const std::vector<std::uint64_t> expected = {1, 1, 1, 1, 2, 2, 2, 3, 3, 3};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(whole_.FrameAt(i), Packet(expected[i])) << i;
  EXPECT_EQ(whole_.FrameAt(10), Packet(3));
  EXPECT_EQ(whole_.FrameAt(SIZE_MAX), Packet(3));
  EXPECT_EQ(SourcedBytes(bytes_, {}).FrameAt(0), Frame{});
  EXPECT_EQ(SourcedBytes().FrameAt(0), Frame{});
}

TEST_F(SourcedBytesTest, EveryPartOfEveryPartKnowsItsPackets) {
  for (std::size_t from = 0; from <= 10; ++from) {
    for (std::size_t length = 0; length <= 10 - from; ++length) {
      const SourcedBytes part = whole_.Sub(from, length);
      ASSERT_EQ(part.size(), length);
      for (std::size_t i = 0; i < length; ++i) {
        ASSERT_EQ(part.bytes()[i], bytes_[from + i]);
        ASSERT_EQ(part.FrameAt(i), whole_.FrameAt(from + i)) << from << '+' << i;
      }
      for (std::size_t inner = 0; inner < length; ++inner) {
        ASSERT_EQ(part.Sub(inner).FrameAt(0), whole_.FrameAt(from + inner));
        ASSERT_EQ(part.Sub(inner).size(), length - inner);
      }
    }
  }
  EXPECT_EQ(whole_.Sub(8, SIZE_MAX).size(), 2U);
  EXPECT_TRUE(whole_.Sub(10).empty());
}

TEST_F(SourcedBytesTest, RunsBeginAtZeroAndEndWithTheView) {
  EXPECT_EQ(RunsOf(whole_), (Runs{{0, 1}, {4, 2}, {7, 3}}));
  EXPECT_EQ(RunsOf(whole_.Sub(2, 5)), (Runs{{0, 1}, {2, 2}}));
  EXPECT_EQ(RunsOf(whole_.Sub(4, 3)), (Runs{{0, 2}}));
  EXPECT_EQ(RunsOf(whole_.Sub(5, 3)), (Runs{{0, 2}, {2, 3}}));
  EXPECT_EQ(RunsOf(whole_.Sub(9)), (Runs{{0, 3}}));
  EXPECT_EQ(RunsOf(SourcedBytes(bytes_, {})), Runs{});
}

TEST_F(SourcedBytesTest, NoBytesHaveNoRuns) {
  EXPECT_EQ(RunsOf(whole_.Sub(4, 0)), Runs{});
  EXPECT_EQ(RunsOf(whole_.Sub(10)), Runs{});
}

TEST_F(SourcedBytesTest, FramesAreListedOnceEach) {
  std::vector<Frame> frames;
  AppendFrames(whole_.Sub(0, 5), frames);
  AppendFrames(whole_.Sub(5, 1), frames);
  AppendFrames(whole_.Sub(6), frames);
  EXPECT_EQ(frames, (std::vector<Frame>{Packet(1), Packet(2), Packet(3)}));
}

TEST(SourcedBuffer, KeepsBytesWithTheirOrigins) {
  const std::vector<std::uint8_t> bytes = Counting(6);
  const std::vector<Origin> origins = {{0, Packet(1)}, {3, Packet(2)}};
  SourcedBuffer buffer;
  buffer.Append(SourcedBytes(bytes, origins).Sub(1, 4));
  buffer.Append({});
  buffer.Append(SourcedBytes(bytes, origins).Sub(5));
  EXPECT_EQ(buffer.size(), 5U);
  EXPECT_EQ(RunsOf(buffer.View()), (Runs{{0, 1}, {2, 2}}));
  EXPECT_EQ(buffer.View().bytes()[0], 1);
  buffer.Clear();
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(buffer.View().empty());
}

// A buffer that does the same without any cleverness.
class NaiveBuffer {
 public:
  void Append(SourcedBytes data) {
    for (std::size_t i = 0; i < data.size(); ++i) bytes_.emplace_back(data.bytes()[i], data.FrameAt(i));
  }
  void Consume(std::size_t count) { bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count)); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  void ExpectEqual(SourcedBytes view) const {
    ASSERT_EQ(view.size(), bytes_.size());
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      ASSERT_EQ(view.bytes()[i], bytes_[i].first) << i;
      ASSERT_EQ(view.FrameAt(i), bytes_[i].second) << i;
    }
  }

 private:
  std::vector<std::pair<std::uint8_t, Frame>> bytes_;
};

TEST(SourcedBuffer, ConsumeKeepsOriginsRight) {
  std::mt19937 random(1);
  const std::vector<std::uint8_t> bytes = Counting(64);
  for (int round = 0; round < 200; ++round) {
    SourcedBuffer buffer;
    NaiveBuffer naive;
    for (std::uint64_t packet = 1; packet < 60; ++packet) {
      const std::vector<Origin> origins = {{0, Packet(packet)}, {random() % 64, Packet(packet + 1)}};
      const SourcedBytes data = SourcedBytes(bytes, origins).Sub(random() % 64, random() % 20);
      buffer.Append(data);
      naive.Append(data);
      const std::size_t count = random() % (naive.size() + 1);
      buffer.Consume(count);
      naive.Consume(count);
      naive.ExpectEqual(buffer.View());
      if (HasFatalFailure()) return;
    }
  }
}

// A message is a length byte and so many bytes more.
std::size_t TakeMessage(SourcedBytes data, std::vector<std::vector<std::uint8_t>>& messages,
                        std::vector<std::vector<Frame>>& frames) {
  const std::size_t length = data.empty() ? SIZE_MAX : std::size_t{data.bytes()[0]} + 1;
  if (length > data.size()) return 0;
  const SourcedBytes message = data.Sub(0, length);
  messages.emplace_back(message.bytes().begin(), message.bytes().end());
  AppendFrames(message, frames.emplace_back());
  return length;
}

TEST(SourcedBuffer, DrainGivesTheSameHoweverTheStreamWasCut) {
  std::mt19937 random(2);
  std::vector<std::uint8_t> stream;
  std::vector<std::vector<std::uint8_t>> messages;
  for (int i = 0; i < 100; ++i) {
    const std::size_t length = random() % 40;
    std::vector<std::uint8_t> message(length + 1, static_cast<std::uint8_t>(i));
    message[0] = static_cast<std::uint8_t>(length);
    stream.insert(stream.end(), message.begin(), message.end());
    messages.push_back(message);
  }
  for (int round = 0; round < 100; ++round) {
    SourcedBuffer buffer;
    std::vector<std::vector<std::uint8_t>> seen;
    std::vector<std::vector<Frame>> seen_frames;
    std::vector<std::uint64_t> packet_of;  // of each byte of the stream
    const std::size_t longest = round == 0 ? 1 : 1 + random() % 90;
    for (std::uint64_t packet = 1; packet_of.size() < stream.size(); ++packet) {
      const std::size_t at = packet_of.size();
      const std::size_t size = std::min(1 + random() % longest, stream.size() - at);
      const std::vector<Origin> origin = {{0, Packet(packet)}};
      packet_of.resize(at + size, packet);
      buffer.Drain({Bytes(stream).subspan(at, size), origin},
                   [&](SourcedBytes data) { return TakeMessage(data, seen, seen_frames); });
    }
    EXPECT_TRUE(buffer.empty());
    ASSERT_EQ(seen, messages);
    std::size_t at = 0;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      std::vector<Frame> expected;
      for (std::size_t end = at + messages[i].size(); at < end; ++at) {
        if (expected.empty() || expected.back() != Packet(packet_of[at])) expected.push_back(Packet(packet_of[at]));
      }
      ASSERT_EQ(seen_frames[i], expected) << i;
    }
  }
}

TEST(SourcedBuffer, DrainCopiesNothingThatIsUsedAtOnce) {
  const std::vector<std::uint8_t> bytes = {1, 'a', 2, 'b', 'c', 3, 'd'};
  const std::vector<Origin> origin = {{0, Packet(1)}};
  SourcedBuffer buffer;
  std::vector<const std::uint8_t*> seen;
  buffer.Drain({bytes, origin}, [&](SourcedBytes data) -> std::size_t {
    const std::size_t length = std::size_t{data.bytes()[0]} + 1;
    if (length > data.size()) return 0;
    seen.push_back(data.bytes().data());
    return length;
  });
  EXPECT_EQ(seen, (std::vector<const std::uint8_t*>{&bytes[0], &bytes[2]}));
  EXPECT_EQ(buffer.size(), 2U);
}

}  // namespace
}  // namespace sessenum
