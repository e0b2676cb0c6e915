#include "replay/flow_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "replay/conversation_testing.h"
#include "replay/recorded_call_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kUp = Direction::kToServer;
constexpr auto kDown = Direction::kToClient;
using Ports = std::vector<std::uint16_t>;

FlowInfo Flow(std::uint16_t server_port, bool from_start = true) {
  return {{builder::Address(1), 40'000}, {builder::Address(2), server_port}, from_start};
}

class FlowSinkTest : public testing::Test {
 protected:
  void Say(FlowSink& sink, Direction direction, Bytes bytes) {
    const Origin origin{0, {++frame_, 0}};
    sink.OnData(direction, SourcedBytes(bytes, {&origin, 1}));
  }
  // Replays `talk`, each side's bytes in pieces; `reversed`: the network layer took the client for the server.
  void Replay(const Conversation& talk, FlowSink& sink, Cut cut = Whole, bool reversed = false) {
    for (const Said& said : talk) {
      Bytes rest(said.bytes);
      for (const std::size_t size : cut(rest.size())) {
        Say(sink, reversed ? Reverse(said.direction) : said.direction, rest.first(size));
        rest = rest.subspan(size);
      }
    }
    sink.OnClose();
  }
  [[nodiscard]] std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const RecordedCall& call : calls_) texts.push_back(call.text);
    return texts;
  }

  Limits limits_;
  Budget budget_{limits_};
  Summary summary_;
  std::vector<RecordedCall> calls_;
  CallQueue queue_{budget_, 0, [this](const Call& call) { calls_.push_back(Record(call)); }};
  RunContext run_{budget_, queue_, summary_};
  std::uint64_t frame_ = 0;
};

TEST_F(FlowSinkTest, FindsRpcOnAnyPort) {
  for (const std::uint16_t port : Ports{135, 445, 139, 49'152, 80, 1}) {
    calls_.clear();
    FlowSink sink(Flow(port), run_);
    Replay(TcpConversation(), sink);
    ASSERT_THAT(calls_, SizeIs(6)) << port;
    EXPECT_THAT(calls_.front().text, HasSubstr("tcp pipe=- "));
  }
}

TEST_F(FlowSinkTest, FindsSmbOnAnyPort) {
  for (const std::uint16_t port : Ports{445, 139, 4445, 80}) {
    calls_.clear();
    FlowSink sink(Flow(port), run_);
    Replay(Smb2Conversation(), sink);
    ASSERT_THAT(calls_, SizeIs(5)) << port;
    EXPECT_THAT(calls_.front().text, HasSubstr("smb2 pipe=srvsvc user=alice "));
  }
}

TEST_F(FlowSinkTest, FindsEitherByteByByte) {
  for (const std::uint16_t port : Ports{4000, 445, 139}) {
    for (const Conversation& talk : {TcpConversation(), Smb2Conversation()}) {
      calls_.clear();
      FlowSink whole(Flow(port), run_);
      Replay(talk, whole);
      const std::vector<std::string> expected = Texts();
      calls_.clear();
      FlowSink bytes(Flow(port), run_);
      Replay(talk, bytes, ByteByByte);
      EXPECT_EQ(Texts(), expected) << port;
      EXPECT_THAT(expected, testing::Not(IsEmpty()));
    }
  }
}

TEST_F(FlowSinkTest, LetsOtherProtocolsGo) {
  const std::string http = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
  FlowSink sink(Flow(80), run_);
  for (int i = 0; i < 40; ++i) {
    for (const Direction direction : {kUp, kDown}) Say(sink, direction, Stub(http.begin(), http.end()));
  }
  // Even a bind is not looked at any more.
  Replay(TcpConversation(), sink);
  EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(FlowSinkTest, ACaptureMayStartInsideAMessage) {
  FlowSink sink(Flow(49'152, /*from_start=*/false), run_);
  Say(sink, kUp, Stub(70, 0xEE));
  Say(sink, kDown, Stub(300, 0xEE));
  Say(sink, kDown, Stub(300, 0xEE));
  Replay(TcpConversation(), sink);
  EXPECT_THAT(calls_, SizeIs(6));
}

TEST_F(FlowSinkTest, WhatStandsBeforeAHoleIsNoStartOfAHeader) {
  FlowSink sink(Flow(49'152, /*from_start=*/false), run_);
  Say(sink, kUp, Stub({5, 0, 0}));
  sink.OnMissing(kUp, 100, Undecoded::kGap, {});
  Replay(TcpConversation(), sink);
  EXPECT_THAT(calls_, SizeIs(6));
}

TEST_F(FlowSinkTest, AHeaderCorrectsAnOrientationThatWasGuessed) {
  const std::vector<std::pair<Conversation, Cut>> talks = {{TcpConversation(), Whole},
                                                           {TcpConversation(), ByteByByte},
                                                           {Smb2Conversation(), Whole},
                                                           {Smb2Conversation(), ByteByByte}};
  for (const auto& [talk, cut] : talks) {
    calls_.clear();
    FlowInfo info = Flow(49'152, /*from_start=*/false);
    std::swap(info.client, info.server);
    FlowSink sink(info, run_);
    Replay(talk, sink, cut, /*reversed=*/true);
    ASSERT_GE(calls_.size(), 5U);
    for (const RecordedCall& call : calls_) {
      EXPECT_EQ(call.client, Flow(49'152).client);
      EXPECT_EQ(call.server, Flow(49'152).server);
      EXPECT_FALSE(call.answer_frames.empty());
    }
  }
}

TEST_F(FlowSinkTest, AnAnswerThatIsSeenFirstCorrectsTheOrientationToo) {
  Conversation talk = TcpConversation();
  talk.erase(talk.begin());  // the bind
  FlowInfo info = Flow(49'152, /*from_start=*/false);
  std::swap(info.client, info.server);
  FlowSink sink(info, run_);
  Replay(talk, sink, Whole, /*reversed=*/true);
  ASSERT_THAT(calls_, SizeIs(6));
  EXPECT_EQ(calls_[0].client, Flow(49'152).client);
}

TEST_F(FlowSinkTest, ASynLeavesNoDoubtAboutTheOrientation) {
  FlowSink sink(Flow(49'152), run_);
  Replay(TcpConversation(), sink, Whole, /*reversed=*/true);
  for (const RecordedCall& call : calls_) {
    EXPECT_EQ(call.client, Flow(49'152).client);
    EXPECT_EQ(call.server, Flow(49'152).server);
  }
}

TEST_F(FlowSinkTest, BothDirectionsStartsAreKeptUntilOneIsRecognised) {
  const Conversation talk = TcpConversation();
  FlowSink sink(Flow(49'152), run_);
  // The first bytes of the bind, then the first of its answer, then the rest of both.
  Say(sink, kUp, Bytes(talk[0].bytes).first(10));
  Say(sink, kDown, Bytes(talk[1].bytes).first(10));
  Say(sink, kUp, Bytes(talk[0].bytes).subspan(10));
  Say(sink, kDown, Bytes(talk[1].bytes).subspan(10));
  Replay(Conversation(talk.begin() + 2, talk.end()), sink);
  ASSERT_THAT(calls_, SizeIs(6));
  EXPECT_THAT(calls_[0].text, HasSubstr("ndr/bind_ack"));
}

TEST_F(FlowSinkTest, OnAnSmbPortAStreamThatStartsInsideAMessageIsSmb) {
  FlowSink sink(Flow(445, /*from_start=*/false), run_);
  Say(sink, kUp, Stub(70, 0xEE));
  Replay(Smb2Conversation(), sink);
  EXPECT_THAT(calls_, SizeIs(5));
}

TEST_F(FlowSinkTest, MessagesThatCannotBeLookedIntoAreCounted) {
  FlowSink sink(Flow(445), run_);
  Say(sink, kUp, smb2::Framed(smb2::Transform(smb2::kSession, 200)));
  Say(sink, kDown, smb2::Framed(smb2::Transform(smb2::kSession, 200)));
  Say(sink, kDown, smb2::Framed(smb2::Compressed(200)));
  sink.OnClose();
  EXPECT_EQ(summary_.undecoded[static_cast<std::size_t>(Undecoded::kEncrypted)], 2U);
  EXPECT_EQ(summary_.undecoded[static_cast<std::size_t>(Undecoded::kCompressed)], 1U);
  EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(FlowSinkTest, MessagesThatContradictThemselvesAreCounted) {
  FlowSink sink(Flow(445), run_);
  Say(sink, kUp, smb2::Framed(smb2::Message({.command = Smb2Command::kWrite}, smb2::Buffer(49, 0xFF))));
  Replay(Smb2Conversation(), sink);
  EXPECT_EQ(summary_.undecoded[static_cast<std::size_t>(Undecoded::kMalformed)], 1U);
  EXPECT_THAT(calls_, SizeIs(5));
}

TEST_F(FlowSinkTest, AnswersWithoutRequestsOnAShareOfPipesAreCounted) {
  Smb2Talk smb;
  smb.OpenPipe("srvsvc");
  smb.ClosePipe();
  smb.Answer(Smb2Command::kRead, smb2::ReadResponse(Stub(100, 1)));
  FlowSink sink(Flow(445), run_);
  Replay(smb.talk, sink);
  EXPECT_EQ(summary_.undecoded[static_cast<std::size_t>(Undecoded::kGap)], 1U);
}

TEST_F(FlowSinkTest, FourLettersOfACutNameAreEnoughForThePipe) {
  constexpr std::size_t kNameAt = 4 + 64 + 56;
  constexpr std::size_t kDataAt = 4 + 64 + 48;
  for (const std::size_t letters : std::vector<std::size_t>{3, 4}) {
    calls_.clear();
    FlowSink sink(Flow(445), run_);
    const auto cut = [&](const Stub& bytes, std::size_t size) {
      Say(sink, kUp, Bytes(bytes).first(size));
      sink.OnMissing(kUp, bytes.size() - size, Undecoded::kTruncated, {frame_, 0});
    };
    Smb2Talk smb;
    smb.OpenPipe("srvsvc");
    smb.Ask(Smb2Command::kWrite, smb2::WriteRequest(RequestPdu(2, RequestStub()).Build()));
    for (std::size_t i = 0; i < smb.talk.size(); ++i) {
      const Said& said = smb.talk[i];
      if (i + 1 == smb.talk.size()) {
        cut(said.bytes, kDataAt + kPduHeaderSize);
      } else if (i + 3 == smb.talk.size()) {
        cut(said.bytes, kNameAt + 2 * letters);
      } else {
        Say(sink, said.direction, said.bytes);
      }
    }
    sink.OnClose();
    EXPECT_THAT(calls_, SizeIs(letters == 4 ? 1 : 0)) << letters;
  }
}

TEST_F(FlowSinkTest, AConnectionThatSaysNothingCloses) {
  FlowSink sink(Flow(445), run_);
  sink.OnMissing(kUp, 10, Undecoded::kGap, {});
  sink.OnClose();
  EXPECT_THAT(calls_, IsEmpty());
}

}  // namespace
}  // namespace sessenum
