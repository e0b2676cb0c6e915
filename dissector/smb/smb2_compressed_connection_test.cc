#include <gtest/gtest.h>

#include <array>

#include "smb/smb2_compression_builder_testing.h"
#include "smb/smb2_fixture_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

class Smb2CompressedTest : public Smb2ConnectionTest {
 protected:
  void SetUp() override {
    Connect();
    Open();
  }
  [[nodiscard]] Buffer Write(std::string_view text) {
    return Message({.command = Smb2Command::kWrite, .id = ++id_}, WriteRequest(Buffer(text.begin(), text.end())));
  }
  void ExpectBlind(const Buffer& message, std::string_view what) {
    const std::string before = pipe().to_server();
    recorder_.blind.clear();
    SendRaw(kToServer, message);
    EXPECT_EQ(recorder_.blind, ">compressed ") << what;
    EXPECT_EQ(pipe().to_server(), before + "{0 compressed}") << what;
  }
};

TEST_F(Smb2CompressedTest, EachAlgorithmIsReadAsIfPlain) {
  for (const Algorithm algorithm :
       {Algorithm::kLznt1, Algorithm::kLz77, Algorithm::kLz77Huffman, Algorithm::kLz4, Algorithm::kNone}) {
    SendRaw(kToServer, Unchained(algorithm, Write("u")));
    SendRaw(kToServer, Unchained(algorithm, Write("o"), 64));
    const Buffer chained = Write("c");
    SendRaw(kToServer, Chained(static_cast<std::uint32_t>(chained.size()), {Payload(algorithm, chained)}));
  }
  EXPECT_EQ(pipe().to_server(), "uocuocuocuocuoc");
  EXPECT_EQ(recorder_.blind, "");
  EXPECT_EQ(connection_.counts().malformed, 0U);
}

TEST_F(Smb2CompressedTest, AChainWithAPattern) {
  Buffer message = Write(std::string(500, 'x'));
  const Buffer head(message.begin(), message.end() - 500);
  SendRaw(kToServer, Chained(static_cast<std::uint32_t>(message.size()),
                             {Payload(Algorithm::kNone, head), Payload(Algorithm::kPatternV1, Buffer(500, 'x'))}));
  EXPECT_EQ(pipe().to_server(), std::string(500, 'x'));
}

TEST_F(Smb2CompressedTest, ACompoundInside) {
  SendRaw(kToServer, Unchained(Algorithm::kLz77, Compound({Write("one"), Write("two")})));
  EXPECT_EQ(pipe().to_server(), "onetwo");
}

TEST_F(Smb2CompressedTest, NothingNests) {
  const Buffer inner = Unchained(Algorithm::kLz77, Write("x"));
  ExpectBlind(Unchained(Algorithm::kLz77, inner), "compressed in compressed");
  ExpectBlind(Unchained(Algorithm::kLz77, inner, 16), "that, its header in clear");
  ExpectBlind(Unchained(Algorithm::kLz77, Transform(kSession, 100)), "encrypted in compressed");
  ExpectBlind(Unchained(Algorithm::kLz77, Buffer(100, 0xEE)), "no message in compressed");
  ExpectBlind(Unchained(Algorithm::kLz77, Buffer()), "nothing in compressed");
}

TEST_F(Smb2CompressedTest, WhatDoesNotExpandIsBlind) {
  const Buffer message = Write("secret");
  Buffer unknown = Unchained(Algorithm::kNone, message);
  unknown[8] = 9;  // CompressionAlgorithm
  ExpectBlind(unknown, "unknown");
  ExpectBlind(
      Unchained(Algorithm::kLz77, static_cast<std::uint32_t>(message.size() + 1), {}, Pack(Algorithm::kLz77, message)),
      "too short");
  ExpectBlind(
      Unchained(Algorithm::kLz77, static_cast<std::uint32_t>(message.size() - 1), {}, Pack(Algorithm::kLz77, message)),
      "too long");
  EXPECT_EQ(connection_.counts().malformed, 0U);
}

TEST_F(Smb2CompressedTest, AnIncompleteMessageSaysWhatBecameOfIt) {
  const Buffer framed = Framed(Unchained(Algorithm::kLz77, Write("x")));
  for (const Undecoded why : {Undecoded::kGap, Undecoded::kTruncated}) {
    Feed(kToServer, Buffer(framed.begin(), framed.end() - 1));
    connection_.OnMissing(kToServer, 1, why, kFrame);
  }
  EXPECT_EQ(pipe().to_server(), "{0 gap}{0 truncated}");
  EXPECT_EQ(recorder_.blind, "");
}

TEST_F(Smb2CompressedTest, BombsHitTheCaps) {
  Buffer pattern = Pack(Algorithm::kPatternV1, {'x'});
  StoreInteger<std::uint32_t>(0xFFFFFFFF, ByteOrder::kLittle, &pattern[4]);
  ExpectBlind(Chained(0xFFFFFFFF, {Payload(Algorithm::kPatternV1, 0, pattern)}), "4 GiB");
  EXPECT_EQ(budget_.hits(Cap::kSmbMessageBytes), 1U);
  ExpectBlind(Unchained(Algorithm::kLz77, 0xFFFFFFFF, Buffer(64, 'x'), pattern), "4 GiB and some");
  EXPECT_EQ(budget_.hits(Cap::kSmbMessageBytes), 2U);

  constexpr std::uint32_t kLargest = 16U << 20U;
  StoreInteger(kLargest, ByteOrder::kLittle, &pattern[4]);
  for (int i = 0; i < 6; ++i) ExpectBlind(Chained(kLargest, {Payload(Algorithm::kPatternV1, 0, pattern)}), "16 MiB");
  EXPECT_EQ(budget_.hits(Cap::kSmbExpansionBytes), 2U);
  EXPECT_LE(budget_.smb_bytes_expanded, limits_.smb_expansion_bytes);

  // What grows modestly is read for all that.
  SendRaw(kToServer, Unchained(Algorithm::kLz77, Write("x")));
  EXPECT_EQ(pipe().to_server().back(), 'x');
}

// A disk's READ answer says in clear that nobody wants it; what follows need not even expand.
TEST_F(Smb2CompressedTest, FilesAreNotExpanded) {
  Connect(Smb2ShareType::kDisk);
  Open("file", {9, 9});
  Ask(Smb2Command::kRead, ReadRequest({9, 9}));
  const Buffer answer =
      Message({.command = Smb2Command::kRead, .response = true, .id = id_}, ReadResponse(Buffer(100'000, 'f')));
  const Buffer start(answer.begin(), answer.begin() + 200);
  const Buffer rest = {0xEE};
  SendRaw(kToClient, Unchained(Algorithm::kLz77, 99'880, start, rest));
  EXPECT_EQ(recorder_.blind, "");
  EXPECT_EQ(pipe().to_client(), "");
  EXPECT_EQ(connection_.counts().malformed, 0U);
}

// Keeps the packets that brought a pipe's bytes.
class FrameRecorder final : public PipeObserver {
 public:
  std::unique_ptr<DuplexSink> OnPipe(const PipeInfo&) override { return std::make_unique<Sink>(*this); }
  void OnBlindMessage(Direction, Undecoded, Frame) override {}

  std::vector<Frame> frames;

 private:
  struct Sink final : DuplexSink {
    explicit Sink(FrameRecorder& to) : record(to) {}
    void OnData(Direction, SourcedBytes data) override { AppendFrames(data, record.frames); }
    void OnMissing(Direction, std::uint64_t, Undecoded, Frame) override {}
    void OnClose() override {}
    FrameRecorder& record;
  };
};

TEST(Smb2CompressedFrames, BytesCameInAllPacketsOfTheMessage) {
  const Limits limits;
  Budget budget(limits);
  FrameRecorder recorder;
  SmbConnection connection(budget, recorder);
  const Buffer framed = Framed(
      Unchained(Algorithm::kLz77, Message({.command = Smb2Command::kWrite, .id = 1}, WriteRequest(Pdu(11, 4, 'b')))));
  const std::array<Origin, 3> origins{Origin{0, {7, 0}}, Origin{30, {8, 0}}, Origin{90, {9, 0}}};
  connection.OnData(kToServer, SourcedBytes(framed, origins));
  EXPECT_EQ(recorder.frames, (std::vector<Frame>{{7, 0}, {8, 0}, {9, 0}}));
}

}  // namespace
}  // namespace sessenum
