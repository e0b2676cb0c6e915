#include <gtest/gtest.h>

#include <algorithm>

#include "smb/ntlmssp_builder_testing.h"
#include "smb/smb2_fixture_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

TEST_F(Smb2ConnectionTest, BufferBeyondMessageIsMalformed) {
  Connect();
  Open();
  Buffer message = Message({.command = Smb2Command::kWrite, .id = 30}, WriteRequest({'a', 'b'}));
  message[64 + 4] = 3;  // Length
  SendRaw(kToServer, message);
  EXPECT_EQ(connection_.counts().malformed, 1U);
  EXPECT_EQ(pipe().to_server(), "{0 malformed}");
}

TEST_F(Smb2ConnectionTest, HostileNextCommands) {
  Connect();
  Open();
  for (const std::uint32_t next : {1U, 8U, 63U, 68U, 0x7FFFFFF8U, 0xFFFFFFF8U, 0xFFFFFFFFU}) {
    Buffer message = Message({.command = Smb2Command::kWrite, .id = 30}, WriteRequest({'a'}));
    StoreInteger(next, ByteOrder::kLittle, message.data() + 20);
    SendRaw(kToServer, message);
  }
  EXPECT_EQ(connection_.counts().malformed, 7U);
}

TEST_F(Smb2ConnectionTest, HostileOffsetsReadNothingOutside) {
  Connect();
  Open();
  for (std::size_t at = 64; at < 64 + 56; ++at) {
    Buffer request = Message({.command = Smb2Command::kIoctl, .id = 1000 + at}, IoctlRequest({'a', 'b'}));
    Buffer response =
        Message({.command = Smb2Command::kIoctl, .response = true, .id = 1000 + at}, IoctlResponse({'a', 'b'}));
    request[at] = 0xFF;
    if (at < response.size()) response[at] = 0xFF;
    SendRaw(kToServer, request);
    SendRaw(kToClient, response);
  }
}

class Smb2ConversationTest : public Smb2ConnectionTest {
 protected:
  void SetUp() override {
    Send({.command = Smb2Command::kNegotiate, .response = true}, NegotiateResponse(0x0311));
    Login(NtlmAuthenticate({"alice", "WG", "VM"}));
    Connect();
    Open();
    Ask(Smb2Command::kWrite, WriteRequest(Pdu(11, 40, 'b')));
    Ask(Smb2Command::kRead, ReadRequest());
    Answer(Smb2Command::kRead, ReadResponse(Pdu(12, 30, 'a')));
    Transceive(Pdu(0, 200, 'q'), Pdu(2, 100, 'r'), kStatusBufferOverflow);
    Ask(Smb2Command::kRead, ReadRequest());
    Answer(Smb2Command::kRead, ReadResponse(Buffer(300, 'r')));
    Ask(Smb2Command::kClose, CloseRequest());
    Answer(Smb2Command::kClose, CloseResponse());
    connection_.OnClose();
  }
};

TEST_F(Smb2ConversationTest, CutInAnyWayGivesTheSame) {
  for (const std::size_t step : {1U, 2U, 3U, 7U, 64U, 113U}) {
    Recorder recorder;
    SmbConnection connection(budget_, recorder);
    for (const Sent& message : sent_) {
      for (std::size_t at = 0; at < message.bytes.size(); at += step) {
        const std::size_t size = std::min(step, message.bytes.size() - at);
        const Buffer piece(message.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                           message.bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        const Origin origin{0, kFrame};
        connection.OnData(message.direction, SourcedBytes(piece, {&origin, 1}));
      }
    }
    connection.OnClose();
    EXPECT_EQ(recorder.All(), recorder_.All()) << step;
  }
}

// Cuts each message at each byte, as a hole in the capture and as a shorter message.
TEST_F(Smb2ConversationTest, EveryTruncationIsSurvived) {
  for (std::size_t which = 0; which < sent_.size(); ++which) {
    for (std::size_t kept = 0; kept < sent_[which].bytes.size(); ++kept) {
      for (const bool hole : {true, false}) {
        Recorder recorder;
        SmbConnection connection(budget_, recorder);
        for (std::size_t i = 0; i < sent_.size(); ++i) {
          Buffer bytes = sent_[i].bytes;
          if (i == which) bytes.resize(kept);
          if (i == which && !hole && kept > 4) {
            StoreInteger(static_cast<std::uint32_t>(kept - 4), ByteOrder::kBig, bytes.data());
          }
          const Origin origin{0, kFrame};
          connection.OnData(sent_[i].direction, SourcedBytes(bytes, {&origin, 1}));
          if (i == which && hole) {
            connection.OnMissing(sent_[i].direction, sent_[i].bytes.size() - kept, Undecoded::kGap, kFrame);
          }
        }
        connection.OnClose();
        for (const auto& pipe : recorder.pipes) EXPECT_TRUE(pipe->closed && pipe->destroyed);
      }
    }
  }
}

TEST(Smb2LimitsTest, OldestGoes) {
  Limits limits;
  limits.smb_opens = 2;
  limits.smb_requests = 2;
  limits.smb_trees = 2;
  limits.smb_sessions = 2;
  Budget budget(limits);
  Recorder recorder;
  SmbConnection connection(budget, recorder);
  const auto send = [&](const Options& options, const Buffer& body) {
    const Buffer bytes = Framed(Message(options, body));
    connection.OnData(options.response ? kToClient : kToServer, SourcedBytes(bytes, {}));
  };
  for (std::uint32_t i = 1; i <= 3; ++i) {
    send({.command = Smb2Command::kTreeConnect, .response = true, .id = i, .tree = i},
         TreeConnectResponse(Smb2ShareType::kPipe));
    send({.command = Smb2Command::kSessionSetup, .response = true, .id = i, .session = i}, SessionSetupResponse(0));
  }
  for (std::uint64_t i = 1; i <= 3; ++i) {
    send({.command = Smb2Command::kCreate, .id = 10 + i, .tree = 3}, CreateRequest("srvsvc"));
    send({.command = Smb2Command::kCreate, .response = true, .id = 10 + i, .tree = 3}, CreateResponse({i, i}));
  }
  for (std::uint64_t i = 1; i <= 3; ++i) {
    send({.command = Smb2Command::kRead, .id = 20 + i, .tree = 3}, ReadRequest({3, 3}));
  }
  EXPECT_EQ(budget.hits(Cap::kSmbTrees), 1U);
  EXPECT_EQ(budget.hits(Cap::kSmbSessions), 1U);
  EXPECT_EQ(budget.hits(Cap::kSmbOpens), 1U);
  EXPECT_EQ(budget.hits(Cap::kSmbRequests), 1U);
  ASSERT_EQ(recorder.pipes.size(), 3U);
  EXPECT_TRUE(recorder.pipes[0]->closed);
  EXPECT_FALSE(recorder.pipes[1]->closed);
}

}  // namespace
}  // namespace sessenum
