#include "net/tcp_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "net/flow_recorder_testing.h"
#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kIsn = 1'000;
constexpr std::int64_t kSecond = 1'000'000'000;

class TcpStreamTest : public ::testing::Test {
 protected:
  explicit TcpStreamTest(const Limits& limits = {}) : budget_(limits) {}

  // A segment `offset` bytes behind the SYN, of which `captured` bytes are there.
  void Data(std::int64_t offset, const std::string& text, std::size_t captured = SIZE_MAX) {
    const builder::Raw raw = builder::ToRaw(text.substr(0, captured));
    const Frame frame{++number_, time_ns_};
    const Origin origin{0, frame};
    const std::uint32_t sequence = At(offset);
    stream_.See(sequence);
    stream_.OnData({sequence, SourcedBytes(raw, {&origin, 1}), text.size(), frame}, out_);
    EXPECT_LE(budget_.flow_bytes_held, budget_.limits().flow_bytes);
  }
  // The peer acknowledges `offset` bytes.
  void Ack(std::int64_t offset) { stream_.Acknowledge(At(offset), true); }
  void Pass(std::uint32_t packets) {
    for (std::uint32_t i = 0; i < packets; ++i) stream_.CheckHole(++packets_, {number_, time_ns_}, out_);
  }
  void Close() { stream_.Close({number_, time_ns_}, out_); }
  [[nodiscard]] std::uint32_t At(std::int64_t offset) const { return isn_ + 1 + static_cast<std::uint32_t>(offset); }
  [[nodiscard]] const std::string& text() const { return flow_.to_server(); }

  Budget budget_;
  FlowRecorder observer_;
  RecordedFlow flow_;
  RecordingSink sink_{flow_};
  StreamOutput out_{sink_, observer_, budget_, Direction::kToServer};
  TcpStream stream_;
  std::uint32_t isn_ = kIsn;
  std::uint64_t number_ = 0;
  std::uint32_t packets_ = 0;
  std::int64_t time_ns_ = 0;
};

class TcpStreamSmallTest : public TcpStreamTest {
 protected:
  static Limits Small() {
    Limits limits;
    limits.flow_bytes = 4'096;
    return limits;
  }
  TcpStreamSmallTest() : TcpStreamTest(Small()) {}
};

TEST_F(TcpStreamTest, InOrderOutOfOrderAndRepeated) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Data(6, "ghi");
  EXPECT_EQ(text(), "abc");
  Data(3, "def");
  EXPECT_EQ(text(), "abcdefghi");
  Data(0, "abcdefghi");
  Data(6, "ghijkl");
  EXPECT_EQ(text(), "abcdefghijkl");
  EXPECT_TRUE(flow_.conflicts.empty());
  const std::vector<std::uint64_t> frames = {1, 1, 1, 3, 3, 3, 2, 2, 2, 5, 5, 5};
  EXPECT_EQ(flow_.frames[0], frames);
}

TEST_F(TcpStreamTest, EveryCutAndOrderGivesTheSameBytes) {
  std::string whole;
  for (int i = 0; i < 200; ++i) whole += std::to_string(i * 7919) + ";";
  std::mt19937 random(1);
  for (const std::uint32_t isn : {0U, 0xFFFFFFFFU, 0xFFFFFFF0U, 0x7FFFFFF0U, 0xFFFFFC00U}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100}, whole.size()}) {
      for (int round = 0; round < 6; ++round) {
        std::vector<std::pair<std::size_t, std::size_t>> cuts;
        for (std::size_t at = 0; at < whole.size(); at += size) {
          cuts.emplace_back(at, size);
          // Again, with other edges.
          if (round > 2) cuts.emplace_back(at >= 3 ? at - 3 : 0, size + random() % 9);
        }
        if (round > 0) std::shuffle(cuts.begin(), cuts.end(), random);
        isn_ = isn;
        stream_ = TcpStream();
        flow_ = {};
        stream_.StartAfterSyn(isn);
        for (const auto& [at, length] : cuts) Data(static_cast<std::int64_t>(at), whole.substr(at, length));
        EXPECT_EQ(text(), whole) << isn << " " << size << " " << round;
        EXPECT_TRUE(flow_.conflicts.empty());
        EXPECT_EQ(budget_.flow_bytes_held, 0U);
      }
    }
  }
}

TEST_F(TcpStreamTest, FirstCopyWinsAndDifferencesAreReported) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abcdef");
  Data(2, "cXXf");  // delivered bytes
  Data(10, "klm");
  Data(9, "jkZm");  // held bytes
  Data(6, "ghi");
  EXPECT_EQ(text(), "abcdefghijklm");
  ASSERT_EQ(flow_.conflicts.size(), 2U);
  EXPECT_EQ(flow_.conflicts[0].length, 2U);
  EXPECT_EQ(flow_.conflicts[0].second.number, 2U);
  EXPECT_EQ(flow_.conflicts[1].length, 1U);
}

TEST_F(TcpStreamTest, KeepAlivesAreNeitherDataNorConflict) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Data(2, std::string(1, '\0'));
  Data(2, "");
  Ack(10);
  Data(9, std::string(1, '\0'));  // behind a hole, and acknowledged
  EXPECT_FALSE(stream_.holds());
  Data(3, "d");
  EXPECT_EQ(text(), "abcd");
  EXPECT_TRUE(flow_.conflicts.empty());
}

TEST_F(TcpStreamTest, KeepAliveAtAStartInTheMiddle) {
  Data(2, std::string(1, '\0'));
  Data(2, std::string(1, '\0'));
  Data(3, "abc");
  EXPECT_EQ(text(), "abc");
}

TEST_F(TcpStreamTest, ZeroAtAStartInTheMiddleIsDataWhereTheNextByteComesAloneToo) {
  const std::string sent("\0\0\1a", 4);
  for (std::size_t i = 0; i < sent.size(); ++i) Data(static_cast<std::int64_t>(i), sent.substr(i, 1));
  EXPECT_EQ(text(), sent);
  const std::vector<std::uint64_t> frames = {1, 2, 3, 4};
  EXPECT_EQ(flow_.frames[0], frames);
}

TEST_F(TcpStreamTest, ZeroAtAStartMayBeSentAgain) {
  const std::string zero(1, '\0');
  Data(2, zero);
  Data(3, "a");
  Data(2, zero + "ab");
  EXPECT_EQ(text(), zero + "ab");
  EXPECT_TRUE(flow_.conflicts.empty());
}

TEST_F(TcpStreamTest, CutSegmentsAreTruncatedNotGaps) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abcdef", 2);
  Data(12, "mnopqr", 3);
  Data(6, "ghijkl");
  Data(18, "stu", 0);
  EXPECT_EQ(text(), "ab[4 truncated]ghijklmno[3 truncated][3 truncated]");
  Data(0, "abcdef", 2);
  Data(19, "tuvw", 3);
  EXPECT_EQ(text(), "ab[4 truncated]ghijklmno[3 truncated][3 truncated]v[1 truncated]");
}

TEST_F(TcpStreamTest, HoleIsAGapOnlyOnceAcknowledgedAndLongAgo) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Data(6, "ghi");
  Pass(1'000);
  EXPECT_EQ(text(), "abc");
  Ack(9);
  Pass(TcpStream::kGapPackets);
  EXPECT_EQ(text(), "abc");
  Pass(1);
  EXPECT_EQ(text(), "abc[3 gap]ghi");
  Data(3, "def");  // too late
  EXPECT_EQ(text(), "abc[3 gap]ghi");
  EXPECT_TRUE(flow_.conflicts.empty());
}

TEST_F(TcpStreamTest, HoleIsAGapSoonerOnASlowConnection) {
  stream_.StartAfterSyn(kIsn);
  Data(3, "def");
  Ack(6);
  Pass(1);
  time_ns_ = kSecond;
  Pass(TcpStream::kGapPacketsSlow - 1);
  EXPECT_EQ(text(), "");
  Pass(1);
  EXPECT_EQ(text(), "[3 gap]def");
}

TEST_F(TcpStreamTest, OnlyAcknowledgedHolesAreGivenUp) {
  stream_.StartAfterSyn(kIsn);
  Data(1, "b");
  Data(3, "d");
  Data(5, "f");
  Ack(4);
  Pass(TcpStream::kGapPackets + 1);
  EXPECT_EQ(text(), "[1 gap]b[1 gap]d");
  Data(4, "e");
  EXPECT_EQ(text(), "[1 gap]b[1 gap]def");
}

TEST_F(TcpStreamTest, CloseReportsWhatIsMissingAtTheEnd) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Ack(10);
  Close();
  EXPECT_EQ(text(), "abc[7 gap]");
}

TEST_F(TcpStreamTest, CloseDoesNotTakeAFinForData) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Ack(4);
  Close();
  EXPECT_EQ(text(), "abc");

  stream_ = TcpStream();
  stream_.StartAfterSyn(kIsn);
  stream_.OnFin(At(5));
  Ack(6);
  EXPECT_TRUE(stream_.fin_acknowledged());
  EXPECT_FALSE(stream_.finished());
  Close();
  EXPECT_EQ(text(), "abc[5 gap]");
}

TEST_F(TcpStreamTest, AcknowledgmentsAloneAreNotData) {
  Ack(0);
  Ack(500);
  EXPECT_EQ(text(), "");
  Close();
  EXPECT_EQ(text(), "[500 gap]");
}

TEST_F(TcpStreamTest, WildAcknowledgmentIsNotBelieved) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  Ack(std::int64_t{3} << 29U);
  Close();
  EXPECT_EQ(text(), "abc");
}

TEST_F(TcpStreamTest, StartInTheMiddleMovesBackUntilSomethingIsDelivered) {
  stream_.See(At(10));
  Data(5, "fghij");
  EXPECT_EQ(text(), "fghij");
  Data(0, "abcde");
  EXPECT_EQ(text(), "fghij");
}

TEST_F(TcpStreamTest, HeldBytesAreGivenBackAtTheEnd) {
  stream_.StartAfterSyn(kIsn);
  Data(10, "abc");
  EXPECT_GT(budget_.flow_bytes_held, 0U);
  Close();
  EXPECT_EQ(text(), "[10 gap]abc");
  EXPECT_EQ(budget_.flow_bytes_held, 0U);
}

TEST_F(TcpStreamTest, FinIsReachedOverTheWrap) {
  isn_ = 0xFFFFFFFE;
  stream_.StartAfterSyn(isn_);
  stream_.OnFin(At(3));
  Data(0, "abc");
  EXPECT_TRUE(stream_.finished());
}

TEST_F(TcpStreamTest, RstMustBeNear) {
  stream_.StartAfterSyn(kIsn);
  Data(0, "abc");
  EXPECT_TRUE(stream_.IsNear(At(3)));
  EXPECT_TRUE(stream_.IsNear(At(100'000)));
  EXPECT_FALSE(stream_.IsNear(At(1 << 30)));
  EXPECT_FALSE(stream_.IsNear(At(-100'000)));
}

TEST_F(TcpStreamSmallTest, EndlessHolesStayWithinTheCap) {
  stream_.StartAfterSyn(kIsn);
  for (int i = 1; i < 20'000; i += 2) Data(i, "x");
  EXPECT_GT(budget_.hits(Cap::kFlowBytes), 0U);
  EXPECT_NE(text().find("[1 gap]x[1 gap]x"), std::string::npos);
  Close();
  EXPECT_EQ(std::count(text().begin(), text().end(), 'x'), 10'000);
}

TEST_F(TcpStreamSmallTest, SegmentLargerThanTheCapIsDeliveredBehindAGap) {
  stream_.StartAfterSyn(kIsn);
  Data(5, std::string(5'000, 'x'));
  EXPECT_EQ(text(), "[5 gap]" + std::string(5'000, 'x'));
}

TEST_F(TcpStreamTest, ClaimsOfCutBytesCostNoWalk) {
  stream_.StartAfterSyn(kIsn);
  for (int i = 1; i < 8'000; i += 2) Data(i, "x");
  const std::string claim(60'000, 'y');
  for (int i = 0; i < 20'000; ++i) Data(2, claim, 0);
  // One entry, up to the next byte held.
  Close();
  EXPECT_EQ(text().substr(0, 26), "[1 gap]x[1 truncated]x[1 g");
}

}  // namespace
}  // namespace sessenum
