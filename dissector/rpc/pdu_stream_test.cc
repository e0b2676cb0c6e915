#include "rpc/pdu_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "rpc/pdu_builder_testing.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

struct Emitted {
  Octets bytes;
  std::optional<Undecoded> missing;

  friend bool operator==(const Emitted&, const Emitted&) = default;
};

class PduStreamTest : public testing::Test {
 protected:
  void Feed(Bytes bytes) {
    const std::vector<Origin> origins = {{0, {++packets_, 0}}};
    stream_.OnData({bytes, origins});
  }
  void Feed(const Octets& bytes, std::size_t from, std::size_t to) { Feed(Bytes(bytes).subspan(from, to - from)); }

  std::uint64_t packets_ = 0;
  std::vector<Emitted> emitted_;
  std::size_t skipped_ = 0;
  std::vector<Undecoded> unexplained_;  // of what was skipped right behind a PDU
  PduStream stream_{[this](const FramedPdu& pdu) {
                      const Bytes bytes = pdu.bytes.bytes();
                      emitted_.push_back({{bytes.begin(), bytes.end()}, pdu.missing});
                    },
                    [this](std::size_t bytes, std::optional<Undecoded> why) {
                      skipped_ += bytes;
                      if (why) unexplained_.push_back(*why);
                    }};
};

const std::vector<Octets>& Pdus() {
  static const std::vector<Octets> pdus = {
      BindPdu(1, {{0, kSrvsvcInterface, {kNdrSyntax}}}).Build(), RequestPdu(2, CountingStub(84, 1)).Build(),
      PduBuilder(PduType::kShutdown).Build(), RequestPdu(3, CountingStub(300, 7), ByteOrder::kBig).Build(),
      FaultPdu(3, 5).Build()};
  return pdus;
}

Octets Joined(const std::vector<Octets>& pdus) {
  Octets stream;
  for (const Octets& pdu : pdus) stream.insert(stream.end(), pdu.begin(), pdu.end());
  return stream;
}

std::vector<Emitted> AsEmitted(const std::vector<Octets>& pdus) {
  std::vector<Emitted> emitted;
  for (const Octets& pdu : pdus) emitted.push_back({pdu, std::nullopt});
  return emitted;
}

TEST_F(PduStreamTest, OnePieceOrOneByteAtATime) {
  const Octets stream = Joined(Pdus());
  Feed(stream);
  EXPECT_EQ(emitted_, AsEmitted(Pdus()));
  emitted_.clear();
  for (std::size_t i = 0; i < stream.size(); ++i) Feed(stream, i, i + 1);
  EXPECT_EQ(emitted_, AsEmitted(Pdus()));
  EXPECT_EQ(skipped_, 0U);
}

TEST_F(PduStreamTest, CutInTwoAnywhere) {
  const Octets stream = Joined(Pdus());
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    emitted_.clear();
    Feed(stream, 0, cut);
    Feed(stream, cut, stream.size());
    ASSERT_EQ(emitted_, AsEmitted(Pdus())) << cut;
  }
}

TEST_F(PduStreamTest, CutAtRandom) {
  std::mt19937 random(3);
  const Octets stream = Joined(Pdus());
  for (int round = 0; round < 200; ++round) {
    emitted_.clear();
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t to = std::min(stream.size(), at + 1 + random() % 100);
      Feed(stream, at, to);
      at = to;
    }
    ASSERT_EQ(emitted_, AsEmitted(Pdus()));
  }
}

TEST_F(PduStreamTest, EachPduKnowsItsPackets) {
  const Octets pdu = RequestPdu(1, CountingStub(10)).Build();
  std::vector<std::vector<Frame>> frames;
  PduStream stream([&frames](const FramedPdu& framed) { AppendFrames(framed.bytes, frames.emplace_back()); },
                   [](std::size_t /*bytes*/, std::optional<Undecoded> /*why*/) {});
  const Octets twice = Joined({pdu, pdu});
  for (std::uint64_t packet = 1; packet <= 4; ++packet) {
    const std::vector<Origin> origins = {{0, {packet, 0}}};
    stream.OnData({Bytes(twice).subspan((packet - 1) * 17, 17), origins});
  }
  EXPECT_EQ(frames, (std::vector<std::vector<Frame>>{{{1, 0}, {2, 0}}, {{3, 0}, {4, 0}}}));
}

// Loses `length` bytes from `at` on; the rest of the stream comes.
class Hole : public PduStreamTest {
 protected:
  void Lose(std::size_t at, std::size_t length, bool known) {
    const Octets stream = Joined(Pdus());
    emitted_.clear();
    Feed(stream, 0, at);
    stream_.OnMissing(known ? length : 0, Undecoded::kGap);
    Feed(stream, at + length, stream.size());
    stream_.OnClose(Undecoded::kGap);
  }

  // The whole PDUs among what was emitted.
  [[nodiscard]] std::vector<Octets> Whole() const {
    std::vector<Octets> whole;
    for (const Emitted& emitted : emitted_) {
      if (!emitted.missing) whole.push_back(emitted.bytes);
    }
    return whole;
  }
};

TEST_F(Hole, WithinABodyOfKnownLengthCostsThatPduAlone) {
  const std::size_t start = Pdus()[0].size();
  const std::size_t size = Pdus()[1].size();
  for (std::size_t at = 16; at < size; ++at) {
    for (const std::size_t length : {std::size_t{1}, (size - at + 1) / 2, size - at}) {
      Lose(start + at, length, true);
      ASSERT_EQ(Whole(), (std::vector<Octets>{Pdus()[0], Pdus()[2], Pdus()[3], Pdus()[4]})) << at << ' ' << length;
      ASSERT_EQ(emitted_.size(), 5U);
      EXPECT_EQ(emitted_[1].missing, Undecoded::kGap);
      EXPECT_EQ(emitted_[1].bytes, Octets(Pdus()[1].begin(), Pdus()[1].begin() + static_cast<std::ptrdiff_t>(at)));
    }
  }
  EXPECT_EQ(skipped_, 0U);
}

TEST_F(Hole, TwoInOneBody) {
  const Octets stream = Joined({Pdus()[3], Pdus()[4]});
  Feed(stream, 0, 40);
  stream_.OnMissing(10, Undecoded::kTruncated);
  Feed(stream, 50, 60);
  stream_.OnMissing(20, Undecoded::kGap);
  Feed(stream, 80, stream.size());
  EXPECT_EQ(Whole(), std::vector<Octets>{Pdus()[4]});
  ASSERT_EQ(emitted_.size(), 2U);
  EXPECT_EQ(emitted_[0].missing, Undecoded::kTruncated);
}

TEST_F(Hole, OfUnknownLengthFindsTheNextHeader) {
  const std::size_t start = Pdus()[0].size();
  for (std::size_t at = 16; at + 5 <= Pdus()[1].size(); ++at) {
    Lose(start + at, 5, false);
    ASSERT_EQ(Whole(), (std::vector<Octets>{Pdus()[0], Pdus()[2], Pdus()[3], Pdus()[4]})) << at;
  }
  EXPECT_GT(skipped_, 0U);
}

TEST_F(Hole, WithinAHeaderFindsTheNextOne) {
  const std::size_t start = Pdus()[0].size();
  for (std::size_t at = 0; at < 16; ++at) {
    for (const bool known : {false, true}) {
      Lose(start + at, 3, known);
      ASSERT_EQ(Whole(), (std::vector<Octets>{Pdus()[0], Pdus()[2], Pdus()[3], Pdus()[4]})) << at;
    }
  }
}

TEST_F(Hole, AcrossSeveralPdus) {
  const std::size_t start = Pdus()[0].size() + 30;
  const std::size_t end = Pdus()[0].size() + Pdus()[1].size() + Pdus()[2].size() + 10;
  for (const bool known : {false, true}) {
    Lose(start, end - start, known);
    ASSERT_EQ(Whole(), (std::vector<Octets>{Pdus()[0], Pdus()[4]}));
  }
}

TEST_F(PduStreamTest, GarbageBeforeAHeaderIsCountedAndPassed) {
  std::mt19937 random(4);
  Octets stream(1'000);
  for (std::uint8_t& byte : stream) byte = static_cast<std::uint8_t>(random() % 5);  // never a version
  const Octets pdus = Joined(Pdus());
  stream.insert(stream.end(), pdus.begin(), pdus.end());
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    emitted_.clear();
    const std::size_t before = skipped_;
    for (std::size_t at = 0; at < stream.size(); at += step) Feed(stream, at, std::min(at + step, stream.size()));
    EXPECT_EQ(emitted_, AsEmitted(Pdus())) << step;
    EXPECT_EQ(skipped_ - before, 1'000U);
  }
}

TEST_F(PduStreamTest, GarbageBehindAPduIsToldOnceHoweverItIsCut) {
  Octets stream = Pdus()[1];
  stream.insert(stream.end(), 40, 0xEE);
  stream.insert(stream.end(), Pdus()[2].begin(), Pdus()[2].end());
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    unexplained_.clear();
    for (std::size_t at = 0; at < stream.size(); at += step) Feed(stream, at, std::min(at + step, stream.size()));
    EXPECT_EQ(unexplained_, std::vector{Undecoded::kMalformed}) << step;
  }
}

TEST_F(Hole, ExplainsWhatIsNoHeaderBehindIt) {
  Lose(Pdus()[0].size(), 20, false);
  EXPECT_GT(skipped_, 0U);
  EXPECT_TRUE(unexplained_.empty());
}

TEST_F(PduStreamTest, GarbageAloneEmitsNothingAndKeepsLittle) {
  const Octets zeros(100'000);
  for (int i = 0; i < 20; ++i) Feed(zeros);
  EXPECT_TRUE(emitted_.empty());
  EXPECT_GT(skipped_, 1'999'000U);
}

TEST_F(PduStreamTest, CloseGivesTheFirstPartOfTheLastPdu) {
  const Octets pdu = RequestPdu(1, CountingStub(50)).Build();
  Feed(pdu, 0, 40);
  stream_.OnClose(Undecoded::kGap);
  ASSERT_EQ(emitted_.size(), 1U);
  EXPECT_EQ(emitted_[0].missing, Undecoded::kGap);
  EXPECT_EQ(emitted_[0].bytes.size(), 40U);
  stream_.OnClose(Undecoded::kGap);
  EXPECT_EQ(emitted_.size(), 1U);
}

TEST_F(PduStreamTest, CloseWithinAHeaderGivesNothing) {
  Feed(Octets{5, 0, 0});
  stream_.OnClose(Undecoded::kGap);
  EXPECT_TRUE(emitted_.empty());
  EXPECT_EQ(skipped_, 3U);
  EXPECT_TRUE(unexplained_.empty());
}

TEST_F(PduStreamTest, CloseWithinTheHeaderBehindAPduIsTold) {
  Feed(Pdus()[2]);
  Feed(Octets{5, 0, 0});
  stream_.OnClose(Undecoded::kGap);
  EXPECT_EQ(emitted_.size(), 1U);
  EXPECT_EQ(unexplained_, std::vector{Undecoded::kGap});
}

}  // namespace
}  // namespace sessenum
