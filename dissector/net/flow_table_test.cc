#include "net/flow_table.h"

#include <gtest/gtest.h>

#include <string>

#include "net/flow_recorder_testing.h"
#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

using builder::kAck;
using builder::kFin;
using builder::kRst;
using builder::kSyn;

constexpr std::uint16_t kClientPort = 40'000;

class FlowTableTest : public ::testing::Test {
 protected:
  explicit FlowTableTest(const Limits& limits = {}) : budget_(limits) {}

  void Send(Endpoint from, Endpoint to, std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgment,
            const std::string& text = "") {
    const builder::Raw raw = builder::ToRaw(text);
    const Origin origin{0, {++number_, 0}};
    TcpSegment segment;
    segment.source = from;
    segment.destination = to;
    segment.header = {from.port,
                      to.port,
                      sequence,
                      acknowledgment,
                      20,
                      (flags & kFin) != 0,
                      (flags & kSyn) != 0,
                      (flags & kRst) != 0,
                      (flags & kAck) != 0};
    segment.payload = SourcedBytes(raw, {&origin, 1});
    segment.payload_length = raw.size();
    segment.frame = origin.frame;
    table_.OnSegment(segment, PacketKey::Of(from, to));
    EXPECT_LE(table_.size(), budget_.limits().flows);
    EXPECT_LE(budget_.flow_bytes_held, budget_.limits().total_flow_bytes);
  }
  void Client(std::uint8_t flags, std::uint32_t sequence, std::uint32_t ack, const std::string& text = "") {
    Send(client_, server_, flags, sequence, ack, text);
  }
  void Server(std::uint8_t flags, std::uint32_t sequence, std::uint32_t ack, const std::string& text = "") {
    Send(server_, client_, flags, sequence, ack, text);
  }
  // The client's first byte is at 101, the server's at 501.
  void Handshake() {
    Client(kSyn, 100, 0);
    Server(kSyn | kAck, 500, 101);
    Client(kAck, 101, 501);
  }
  [[nodiscard]] RecordedFlow& flow() { return observer_.flows.back(); }

  Endpoint client_{builder::Address(9), kClientPort};
  Endpoint server_{builder::Address(2), 445};
  Budget budget_;
  FlowRecorder observer_;
  NetworkCounts counts_;
  FlowTable table_{budget_, observer_, counts_};
  std::uint64_t number_ = 0;
};

class FewFlowsTest : public FlowTableTest {
 protected:
  static Limits Few() {
    Limits limits;
    limits.flows = 4;
    limits.total_flow_bytes = 2'000;
    return limits;
  }
  FewFlowsTest() : FlowTableTest(Few()) {}
  [[nodiscard]] static Endpoint Other(std::uint32_t port) {
    return {builder::Address(3), static_cast<std::uint16_t>(port)};
  }
};

TEST_F(FlowTableTest, WholeConnection) {
  Handshake();
  EXPECT_EQ(observer_.asked, 0);
  Client(kAck, 101, 501, "question");
  Server(kAck, 501, 109, "answer");
  EXPECT_EQ(flow().to_server(), "question");
  EXPECT_EQ(flow().to_client(), "answer");
  EXPECT_TRUE(flow().info.from_start);
  EXPECT_EQ(flow().info.client, client_);
  EXPECT_EQ(flow().info.server, server_);
  Client(kFin | kAck, 109, 507);
  EXPECT_EQ(flow().closes, 0);
  Server(kFin | kAck, 507, 110);
  EXPECT_EQ(flow().closes, 1);
  Client(kAck, 110, 508);
  Client(kAck, 101, 501, "question");  // late
  table_.Finish();
  EXPECT_EQ(observer_.asked, 1);
  EXPECT_EQ(flow().closes, 1);
  EXPECT_EQ(counts_.flows, 1U);
  EXPECT_EQ(budget_.history_bytes_held, 0U);
}

TEST_F(FlowTableTest, DataInSynAndInFin) {
  Client(kSyn, 100, 0, "ab");
  Server(kSyn | kAck, 500, 103);
  Client(kFin | kAck, 103, 501, "cd");
  Server(kFin | kAck, 501, 106, "x");
  EXPECT_EQ(flow().to_server(), "abcd");
  EXPECT_EQ(flow().to_client(), "x");
  EXPECT_EQ(flow().closes, 1);
}

TEST_F(FlowTableTest, OrientationWithoutASyn) {
  const Endpoint low{builder::Address(1), 1'025};
  const Endpoint high{builder::Address(2), 50'000};
  const Endpoint mapper{builder::Address(3), 135};
  const Endpoint lower{builder::Address(4), 80};
  const struct {
    Endpoint from, to, server;
    std::uint8_t flags;
  } cases[] = {{low, high, low, kAck},        {high, low, low, kAck},          {mapper, lower, mapper, kAck},
               {lower, mapper, mapper, kAck}, {low, mapper, low, kSyn | kAck}, {mapper, high, high, kSyn}};
  std::uint16_t shift = 0;
  for (const auto& [from, to, server, flags] : cases) {
    ++shift;
    Endpoint source = from;
    Endpoint destination = to;
    Endpoint expected = server;
    source.address.bytes[1] = destination.address.bytes[1] = expected.address.bytes[1] =
        static_cast<std::uint8_t>(shift);
    Send(source, destination, flags, 1, 1, "x");
    EXPECT_EQ(flow().info.server, expected) << shift;
    EXPECT_EQ(flow().info.from_start, (flags & kSyn) != 0) << shift;
  }
}

TEST_F(FlowTableTest, RstClosesAndABlindRstDoesNot) {
  Handshake();
  Client(kAck, 101, 501, "abc");
  Server(kRst, 0x40000000, 0);
  Client(kAck, 104, 501, "def");
  EXPECT_EQ(flow().to_server(), "abcdef");
  Client(kAck, 110, 501, "jkl");
  Server(kRst | kAck, 501, 113);
  EXPECT_EQ(flow().to_server(), "abcdef[3 gap]jkl");
  EXPECT_EQ(flow().closes, 1);
  Client(kAck, 113, 501, "late");
  EXPECT_EQ(counts_.flows, 1U);
}

TEST_F(FlowTableTest, RetransmittedSynOpensNothing) {
  Client(kSyn, 100, 0);
  Client(kSyn, 100, 0);
  Server(kSyn | kAck, 500, 101);
  Client(kAck, 101, 501, "abc");
  Client(kSyn, 100, 0);
  Server(kSyn | kAck, 500, 101);
  Client(kAck, 104, 501, "def");
  EXPECT_EQ(flow().to_server(), "abcdef");
  EXPECT_EQ(counts_.flows, 1U);
}

TEST_F(FlowTableTest, PortReuseInTheOpenAndAfterTheEnd) {
  Handshake();
  Client(kAck, 101, 501, "one");
  Client(kSyn, 90'000, 0);
  EXPECT_EQ(observer_.flows.front().closes, 1);
  Client(kAck, 90'001, 700, "two");
  EXPECT_EQ(flow().to_server(), "two");
  Client(kFin | kAck, 90'004, 700);
  Server(kFin | kAck, 700, 90'005);
  EXPECT_EQ(flow().closes, 1);
  Server(kSyn | kAck, 12, 7'001);  // its SYN is not in the capture
  Client(kAck, 7'001, 13, "three");
  EXPECT_EQ(flow().to_server(), "three");
  EXPECT_EQ(counts_.flows, 3U);
  EXPECT_EQ(observer_.asked, 3);
}

TEST_F(FlowTableTest, PortReuseWhoseHandshakeWasLost) {
  Handshake();
  Client(kAck, 101, 501, "first");
  Client(kRst, 106, 0);
  Client(kAck, 101, 501, "first");  // late, and of the first
  EXPECT_EQ(observer_.flows.size(), 1U);
  Client(kAck, 0x4000'0000, 0x5000'0000, "second");
  ASSERT_EQ(observer_.flows.size(), 2U);
  EXPECT_EQ(flow().to_server(), "second");
  EXPECT_FALSE(flow().info.from_start);
}

TEST_F(FlowTableTest, RefusedClientMayTryAgainWithTheSameNumber) {
  Client(kSyn, 100, 0);
  Server(kRst | kAck, 0, 101);
  Client(kSyn, 100, 0);
  Server(kSyn | kAck, 500, 101);
  Client(kAck, 101, 501, "abc");
  EXPECT_EQ(flow().to_server(), "abc");
}

TEST_F(FlowTableTest, HoleEndsWhenBothSidesHaveEverything) {
  Handshake();
  Client(kAck, 104, 501, "def");
  Client(kFin | kAck, 107, 501);
  Server(kFin | kAck, 501, 108);
  EXPECT_EQ(flow().closes, 0);
  Client(kAck, 108, 502);
  EXPECT_EQ(flow().to_server(), "[3 gap]def");
  EXPECT_EQ(flow().closes, 1);
}

TEST_F(FlowTableTest, LostRequestIsAGapInItsPlace) {
  Handshake();
  Client(kAck, 101, 501, "one");
  Server(kAck, 501, 107, "answer to what was lost");
  Client(kAck, 107, 524, "three");
  for (std::uint32_t i = 0; i < TcpStream::kGapPackets; ++i) Server(kAck, 524, 112);
  EXPECT_EQ(flow().to_server(), "one[3 gap]three");
}

TEST_F(FlowTableTest, AnswerWaitsForTheRequestThatWasCapturedLater) {
  Handshake();
  Client(kAck, 101, 501, "ask");
  Server(kAck, 501, 104, "told");
  Server(kAck, 505, 107, "again told");
  EXPECT_EQ(flow().conversation, ">ask<told");
  Client(kAck, 104, 505, "ask");
  EXPECT_EQ(flow().conversation, ">ask<told>ask<again told");
  Client(kAck, 107, 515, "end");
  EXPECT_EQ(flow().conversation, ">ask<told>ask<again told>end");
}

TEST_F(FlowTableTest, AnswersFollowTheGapOfALostRequest) {
  Handshake();
  Client(kAck, 101, 501, "one");
  Server(kAck, 501, 104, "1st");
  Server(kAck, 504, 107, "2nd");  // answers what was lost
  Client(kAck, 107, 507, "three");
  Server(kAck, 507, 112, "3rd");
  EXPECT_EQ(flow().conversation, ">one<1st");
  table_.Finish();
  EXPECT_EQ(flow().to_server(), "one[3 gap]three");
  EXPECT_EQ(flow().conversation, ">one<1st<2nd>three<3rd");
}

// A whole conversation waits behind one lost packet.
TEST_F(FlowTableTest, WhatBothDirectionsHoldIsDeliveredInTurns) {
  Handshake();
  Server(kAck, 501, 104, "hello");  // answers three bytes that were lost
  Client(kAck, 104, 506, "one");
  Server(kAck, 506, 107, "1st");
  Client(kAck, 107, 509, "two");
  Server(kAck, 509, 110, "2nd");
  for (std::uint32_t i = 0; i < TcpStream::kGapPackets; ++i) Server(kAck, 512, 110);
  EXPECT_EQ(flow().to_server(), "[3 gap]onetwo");
  EXPECT_EQ(flow().conversation, "<hello>one<1st>two<2nd");
}

TEST_F(FlowTableTest, ALateSegmentIsFollowedByItsAnswerFirst) {
  Handshake();
  Server(kAck, 501, 104, "1st");
  Client(kAck, 104, 504, "two");
  Server(kAck, 504, 107, "2nd");
  Client(kAck, 101, 501, "one");
  EXPECT_EQ(flow().conversation.substr(flow().conversation.find("two") - 1), ">two<2nd");
}

// The second answer waits for a request that comes late; the first, which came behind it, must not wait with it.
TEST_F(FlowTableTest, ALateSegmentFollowsTheAnswersThatItsSenderHad) {
  Handshake();
  Client(kAck, 101, 501, "one");
  Server(kAck, 504, 107, "2nd");
  Server(kAck, 501, 104, "1st");
  Client(kAck, 104, 504, "two");
  EXPECT_EQ(flow().conversation, ">one<1st>two<2nd");
}

// Both directions lost something, and the capture ends before it is noticed.
TEST_F(FlowTableTest, AtTheEndHolesOfBothDirectionsStandInTheirPlaces) {
  Handshake();
  Client(kAck, 104, 501, "two");
  Server(kAck, 504, 107, "2nd");
  Client(kAck, 110, 507, "four");
  Server(kAck, 510, 114, "4th");
  table_.Finish();
  EXPECT_EQ(flow().to_server(), "[3 gap]two[3 gap]four");
  EXPECT_EQ(flow().to_client(), "[3 gap]2nd[3 gap]4th");
  EXPECT_EQ(flow().conversation, ">two<2nd>four<4th");
}

TEST_F(FlowTableTest, RequestsFollowTheGapOfALostAnswer) {
  Handshake();
  Client(kAck, 101, 501, "one");
  Client(kAck, 104, 504, "two");  // has the answer that was lost
  Server(kAck, 504, 107, "2nd");
  EXPECT_EQ(flow().to_client(), "");
  table_.Finish();
  EXPECT_EQ(flow().to_client(), "[3 gap]2nd");
  EXPECT_EQ(flow().to_server(), "onetwo");
}

TEST_F(FlowTableTest, NobodyWaitsForLong) {
  Handshake();
  Client(kAck, 101, 501, "ask");
  Server(kAck, 501, 104, "told");
  Client(kAck, 104, 999, "x");  // has what was never captured
  for (std::uint32_t i = 1; i <= TcpStream::kGapPackets; ++i) Client(kAck, 104 + i, 999, "x");
  EXPECT_EQ(flow().to_server(), "ask" + std::string(TcpStream::kGapPackets + 1, 'x'));
  Client(kAck, 105 + TcpStream::kGapPackets, 999, "y");
  EXPECT_EQ(flow().to_server().back(), 'y');
}

TEST_F(FlowTableTest, OneDirectionOnly) {
  Client(kSyn, 100, 0);
  Client(kAck, 101, 501, "abc");
  Client(kAck, 104, 601, "def");
  table_.Finish();
  EXPECT_EQ(flow().to_server(), "abcdef");
  EXPECT_EQ(flow().to_client(), "[100 gap]");
}

TEST_F(FlowTableTest, UninterestingFlowIsAskedForOnce) {
  observer_.ignores_all = true;
  Handshake();
  for (std::uint32_t i = 0; i < 100; ++i) Client(kAck, 101 + 5 * i, 501, "abc");
  EXPECT_EQ(observer_.asked, 1);
  EXPECT_EQ(budget_.flow_bytes_held, 0U);
  Client(kSyn, 90'000, 0);
  Client(kAck, 90'001, 0, "x");
  EXPECT_EQ(observer_.asked, 2);
  table_.Finish();
}

TEST_F(FlowTableTest, ADirectionOfNoInterestIsNotGivenUntilTheOtherMakesItSo) {
  Handshake();
  observer_.interest = {Interest::kNone, Interest::kOpen};
  Client(kAck, 101, 501, "abc");
  EXPECT_EQ(flow().to_server(), "");
  Server(kAck, 501, 104, "def");
  EXPECT_EQ(flow().to_client(), "def");
  flow().interest = {Interest::kYes, Interest::kYes};
  Client(kAck, 104, 504, "ghi");
  EXPECT_EQ(flow().to_server(), "ghi");
  EXPECT_EQ(observer_.asked, 1);
}

TEST_F(FlowTableTest, AConnectionOfNoInterestIsClosedAndIgnored) {
  Handshake();
  observer_.interest = {Interest::kNone, Interest::kNone};
  Client(kAck, 101, 501, "abc");
  EXPECT_EQ(flow().closes, 1);
  Client(kAck, 104, 501, "def");
  Server(kAck | kFin, 501, 104);
  EXPECT_EQ(observer_.asked, 1);
  const FlowKey key = PacketKey::Of(client_, server_).flow;
  EXPECT_TRUE(table_.Ignores(key, {++number_, 0}));
  // A SYN of another number opens another.
  observer_.interest = {Interest::kYes, Interest::kYes};
  Client(kSyn, 7'000, 0);
  EXPECT_FALSE(table_.Ignores(key, {++number_, 0}));
  Client(kAck, 7'001, 0, "new");
  EXPECT_EQ(observer_.asked, 2);
  EXPECT_EQ(flow().to_server(), "new");
  EXPECT_EQ(counts_.flows, 2U);
}

class FewUndecidedTest : public FlowTableTest {
 protected:
  static Limits Few() {
    Limits limits;
    limits.undecided_flows = 2;
    return limits;
  }
  FewUndecidedTest() : FlowTableTest(Few()) { observer_.interest = {Interest::kOpen, Interest::kOpen}; }

  void Say(std::uint16_t port, std::uint32_t sequence, const std::string& text) {
    Send({client_.address, port}, server_, kAck, sequence, 1, text);
  }
};

TEST_F(FewUndecidedTest, TheOneUnheardOfForLongestLosesItsSinkAndMayHaveAnother) {
  Say(1, 100, "a");
  Say(2, 100, "b");
  Say(3, 100, "c");
  ASSERT_EQ(observer_.flows.size(), 3U);
  EXPECT_EQ(observer_.flows.front().closes, 1);
  EXPECT_EQ(flow().closes, 0);
  observer_.interest = {Interest::kYes, Interest::kYes};
  Say(1, 101, "d");
  EXPECT_EQ(observer_.flows.size(), 4U);
  EXPECT_EQ(flow().to_server(), "d");
  EXPECT_EQ(counts_.flows, 3U);
  table_.Finish();
  for (const RecordedFlow& each : observer_.flows) EXPECT_EQ(each.closes, 1);
}

TEST_F(FewUndecidedTest, WhatIsDecidedKeepsItsSink) {
  Say(1, 100, "a");
  flow().interest = {Interest::kYes, Interest::kYes};
  Say(1, 101, "b");
  for (std::uint16_t port = 2; port < 9; ++port) Say(port, 100, "c");
  EXPECT_EQ(observer_.flows.front().closes, 0);
  EXPECT_EQ(observer_.flows.front().to_server(), "ab");
}

TEST_F(FewUndecidedTest, WhatHoldsBytesBackKeepsItsSink) {
  Say(1, 100, "a");
  Say(1, 105, "later");
  for (std::uint16_t port = 2; port < 9; ++port) Say(port, 100, "c");
  Say(1, 101, "bcde");
  EXPECT_EQ(observer_.flows.front().to_server(), "abcdelater");
}

TEST_F(FlowTableTest, SynFloodIsBoundedAndAsksForNothing) {
  Handshake();
  Client(kAck, 101, 501, "abc");
  for (std::uint32_t i = 0; i < 300'000; ++i) {
    const Endpoint flooder{builder::Address(static_cast<std::uint8_t>(10 + i % 200)),
                           static_cast<std::uint16_t>(i / 7)};
    Send(flooder, server_, kSyn, i, 0);
  }
  EXPECT_EQ(table_.size(), budget_.limits().flows);
  EXPECT_GT(budget_.hits(Cap::kFlows), 0U);
  EXPECT_EQ(observer_.asked, 1);
  // The flood did not displace the one that carries data.
  Client(kAck, 104, 501, "def");
  EXPECT_EQ(flow().to_server(), "abcdef");
}

TEST_F(FewFlowsTest, TheOneUnheardOfForLongestIsClosed) {
  for (std::uint32_t i = 1; i <= 4; ++i) Send(Other(i), server_, kAck, 1, 1, "x");
  Send(Other(1), server_, kAck, 2, 1, "y");
  Send(Other(5), server_, kAck, 1, 1, "x");
  EXPECT_EQ(budget_.hits(Cap::kFlows), 1U);
  int closed = 0;
  for (const RecordedFlow& one : observer_.flows) {
    if (one.closes == 0) continue;
    ++closed;
    EXPECT_EQ(one.info.client.port, 2);
  }
  EXPECT_EQ(closed, 1);
  table_.Finish();
  for (const RecordedFlow& one : observer_.flows) EXPECT_EQ(one.closes, 1);
}

TEST_F(FewFlowsTest, TotalOfHeldBytesIsCapped) {
  for (std::uint32_t i = 1; i <= 4; ++i) {
    Send(Other(i), server_, kSyn, 0, 0);
    Send(Other(i), server_, kAck, 11, 1, std::string(400, 'x'));
  }
  EXPECT_GT(budget_.hits(Cap::kTotalFlowBytes), 0U);
  // Who began to hold first had to let go.
  EXPECT_EQ(observer_.flows.front().to_server(), "[10 gap]" + std::string(400, 'x'));
  EXPECT_EQ(observer_.flows.back().to_server(), "");
  table_.Finish();
  EXPECT_EQ(budget_.flow_bytes_held, 0U);
}

}  // namespace
}  // namespace sessenum
