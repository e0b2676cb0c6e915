#include "smb/smb2_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "smb/ntlmssp_builder_testing.h"
#include "smb/smb2_fixture_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

TEST_F(Smb2ConnectionTest, ReadsPipeWithItsNames) {
  Login(NtlmAuthenticate({"alice", "WG", "VM"}));
  Connect();
  Open("\\PIPE\\SrvSvc");
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().info.name, "srvsvc");
  EXPECT_EQ(pipe().info.tree, "\\\\SRV\\IPC$");
  EXPECT_EQ(pipe().info.identity.user, "alice");
  EXPECT_EQ(pipe().info.identity.domain, "WG");
  EXPECT_EQ(pipe().info.identity.workstation, "VM");
  EXPECT_FALSE(pipe().info.identity.guest);
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(11, 4, 'b')));
  Answer(Smb2Command::kWrite, WriteResponse());
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse(Pdu(12, 4, 'a')));
  Transceive({'i', 'n'}, {'o', 'u'}, kStatusBufferOverflow);
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse({'t'}), kStatusBufferOverflow);
  EXPECT_EQ(pipe().to_server(), Text(Pdu(11, 4, 'b')) + "in");
  EXPECT_EQ(pipe().to_client(), Text(Pdu(12, 4, 'a')) + "out");
  EXPECT_FALSE(pipe().closed);
  Ask(Smb2Command::kClose, CloseRequest());
  EXPECT_FALSE(pipe().closed);
  Answer(Smb2Command::kClose, CloseResponse());
  EXPECT_TRUE(pipe().closed);
  EXPECT_TRUE(pipe().destroyed);
}

// A client may ask by SMB1 first (MS-SMB2 3.3.5.3.1).
TEST_F(Smb2ConnectionTest, StartsWithSmb1Negotiate) {
  Buffer negotiate = {0xFF, 'S', 'M', 'B', 0x72};
  negotiate.resize(60);
  SendRaw(kToServer, negotiate);
  Send({.command = Smb2Command::kNegotiate, .response = true, .session = 0}, NegotiateResponse(0x02FF));
  Connect();
  Open();
  Transceive({'i'}, {'o'});
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().to_server() + pipe().to_client(), "io");
}

TEST_F(Smb2ConnectionTest, TakesFlagsFromFinalResponse) {
  Ask(Smb2Command::kSessionSetup, SessionSetupRequest({}));
  Answer(Smb2Command::kSessionSetup, SessionSetupResponse(3), kStatusMoreProcessingRequired);
  Login(NtlmAuthenticate({"bob", "", "", false}), 1);
  Connect();
  Open();
  EXPECT_EQ(pipe().info.identity.user, "bob");
  EXPECT_TRUE(pipe().info.identity.guest);
  EXPECT_FALSE(pipe().info.identity.anonymous);
}

TEST_F(Smb2ConnectionTest, FailedLoginLeavesNoName) {
  Ask(Smb2Command::kSessionSetup, SessionSetupRequest(NtlmAuthenticate({"eve", "WG", "VM"})));
  Answer(Smb2Command::kSessionSetup, ErrorBody(), 0xC000006D);
  Connect();
  Open();
  EXPECT_EQ(pipe().info.identity.user, std::nullopt);
}

TEST_F(Smb2ConnectionTest, FailedCreateOpensNothing) {
  Connect();
  Ask(Smb2Command::kCreate, CreateRequest("srvsvc"));
  Answer(Smb2Command::kCreate, ErrorBody(), 0xC0000034);
  EXPECT_EQ(pipes(), 0U);
}

TEST_F(Smb2ConnectionTest, PendingKeepsRequestAndErrorsCarryNothing) {
  Connect();
  Open();
  Ask(Smb2Command::kIoctl, IoctlRequest({'a'}));
  Answer(Smb2Command::kIoctl, ErrorBody(), kStatusPending, 2);
  Answer(Smb2Command::kIoctl, IoctlResponse({'x'}), 0, 2);
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ErrorBody(), kStatusPending, 2);
  Answer(Smb2Command::kRead, ReadResponse({'y'}), 0, 2);
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse({'n'}), 0xC00000B0);
  Ask(Smb2Command::kIoctl, IoctlRequest({'b'}));
  Answer(Smb2Command::kIoctl, ErrorBody(), kStatusBufferOverflow);
  EXPECT_EQ(pipe().to_server(), "ab");
  EXPECT_EQ(pipe().to_client(), "xy");
  EXPECT_EQ(connection_.counts().malformed, 0U);
}

TEST_F(Smb2ConnectionTest, PeekIsNotConsumed) {
  Connect();
  Open();
  Ask(Smb2Command::kIoctl, IoctlRequest({}, kFile, 0x0011400C));
  Answer(Smb2Command::kIoctl, IoctlResponse(Pdu(2, 4, 'p'), kFile, 0x0011400C));
  EXPECT_EQ(pipe().to_client(), "");
}

TEST_F(Smb2ConnectionTest, RepeatedMessagesDeliverOnce) {
  Connect();
  Open("srvsvc");
  Open("lsarpc", {1, 1});  // so that a response without request has no one pipe to go to
  Ask(Smb2Command::kIoctl, IoctlRequest({'a'}));
  --id_;
  Ask(Smb2Command::kIoctl, IoctlRequest({'a'}));
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse({'x'}));
  Answer(Smb2Command::kRead, ReadResponse({'x'}));
  EXPECT_EQ(pipe().to_server(), "a");
  EXPECT_EQ(pipe().to_client(), "x{0 gap}");
  EXPECT_EQ(connection_.counts().unattributed, 1U);
}

TEST_F(Smb2ConnectionTest, FollowsRelatedCompounds) {
  Connect();
  const auto related = [&](Smb2Command command, std::uint64_t id, const Buffer& body, bool response) {
    return Message({.command = command,
                    .response = response,
                    .id = id,
                    .flags = 4,
                    .session = kSmb2SameSession,
                    .tree = kSmb2SameTree},
                   body);
  };
  SendRaw(kToServer, Compound({Message({.command = Smb2Command::kCreate, .id = 50}, CreateRequest("srvsvc")),
                               related(Smb2Command::kIoctl, 51, IoctlRequest({'i'}, kSameFile), false),
                               related(Smb2Command::kRead, 52, ReadRequest(kSameFile), false),
                               related(Smb2Command::kClose, 53, CloseRequest(kSameFile), false)}));
  SendRaw(kToClient, Compound({Message({.command = Smb2Command::kCreate, .response = true, .id = 50}, CreateResponse()),
                               related(Smb2Command::kIoctl, 51, IoctlResponse({'o'}, kSameFile), true),
                               related(Smb2Command::kRead, 52, ReadResponse({'r'}), true),
                               related(Smb2Command::kClose, 53, CloseResponse(), true)}));
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().to_server(), "i");
  EXPECT_EQ(pipe().to_client(), "or");
  EXPECT_TRUE(pipe().closed);
}

TEST_F(Smb2ConnectionTest, ACopyOfACreateThatWaitsOpensNothing) {
  Connect();
  for (const std::uint64_t id : {51U, 52U}) {
    SendRaw(kToServer, Compound({Message({.command = Smb2Command::kCreate, .id = 50}, CreateRequest("srvsvc")),
                                 Message({.command = Smb2Command::kIoctl,
                                          .id = id,
                                          .flags = 4,
                                          .session = kSmb2SameSession,
                                          .tree = kSmb2SameTree},
                                         IoctlRequest({'i'}, kSameFile))}));
  }
  EXPECT_EQ(connection_.counts().malformed, 1U);
  connection_.OnClose();
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().to_server(), "i");
  EXPECT_TRUE(pipe().closed);
}

TEST_F(Smb2ConnectionTest, FollowsUnrelatedCompounds) {
  Connect();
  Open("srvsvc");
  Open("lsarpc", {9, 9});
  SendRaw(kToServer, Compound({Message({.command = Smb2Command::kWrite, .id = 50}, WriteRequest({'s'})),
                               Message({.command = Smb2Command::kWrite, .id = 51}, WriteRequest({'l'}, {9, 9})),
                               // Not related: "the same file" means nothing.
                               Message({.command = Smb2Command::kClose, .id = 52}, CloseRequest(kSameFile))}));
  Send({.command = Smb2Command::kClose, .response = true, .id = 52}, CloseResponse());
  EXPECT_EQ(pipe(0).to_server(), "s");
  EXPECT_EQ(pipe(1).to_server(), "l");
  EXPECT_FALSE(pipe(1).closed);
}

TEST_F(Smb2ConnectionTest, ReadWithoutRequestGoesToTheOnlyPipe) {
  Connect();
  Open();
  Send({.command = Smb2Command::kRead, .response = true, .id = 99}, ReadResponse({'x'}));
  Send({.command = Smb2Command::kIoctl, .response = true, .id = 98}, IoctlResponse({'y'}));
  EXPECT_EQ(pipe().to_client(), "xy");
}

TEST_F(Smb2ConnectionTest, UnknownFileStartsAtPdu) {
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(0, 8, 'p')));
  Ask(Smb2Command::kWrite, WriteRequest({'m', 'o', 'r', 'e'}));
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse({'r'}));
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().info.name, std::nullopt);
  EXPECT_EQ(pipe().to_server(), Text(Pdu(0, 8, 'p')) + "more");
  EXPECT_EQ(pipe().to_client(), "r");
}

TEST_F(Smb2ConnectionTest, UnknownFileMayStartWithRead) {
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse(Pdu(12, 8, 'p')));
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().to_client(), Text(Pdu(12, 8, 'p')));
}

TEST_F(Smb2ConnectionTest, UnknownFileThatIsNoPipeStaysSo) {
  Ask(Smb2Command::kWrite, WriteRequest(Buffer(40, 'f')));
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(0, 8, 'p')));
  EXPECT_EQ(pipes(), 0U);
}

TEST_F(Smb2ConnectionTest, UnknownFileOnPipeShareWaitsForPdu) {
  Connect();
  Ask(Smb2Command::kWrite, WriteRequest(Buffer(40, 'f')));
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(0, 8, 'p')));
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().to_server(), Text(Pdu(0, 8, 'p')));
}

TEST_F(Smb2ConnectionTest, NameOfLoneUnansweredCreateIsUsed) {
  Connect();
  Ask(Smb2Command::kCreate, CreateRequest("srvsvc"));
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(11, 8, 'b')));
  ASSERT_EQ(pipes(), 1U);
  EXPECT_EQ(pipe().info.name, "srvsvc");
}

TEST_F(Smb2ConnectionTest, FilesOfDiskSharesAreIgnored) {
  Connect(Smb2ShareType::kDisk);
  Open("srvsvc");
  Ask(Smb2Command::kWrite, WriteRequest(Pdu(0, 8, 'p')));
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse(Pdu(2, 8, 'p')), 0, 2);
  EXPECT_EQ(pipes(), 0U);
  EXPECT_EQ(connection_.counts().unattributed, 0U);
}

TEST_F(Smb2ConnectionTest, DisconnectLogoffAndCloseEndPipes) {
  Connect();
  Open("a", {1, 1});
  Ask(Smb2Command::kTreeDisconnect, Empty());
  EXPECT_FALSE(pipe(0).closed);
  Answer(Smb2Command::kTreeDisconnect, Empty());
  EXPECT_TRUE(pipe(0).closed);
  Connect();
  Open("b", {2, 2});
  Ask(Smb2Command::kLogoff, Empty());
  Answer(Smb2Command::kLogoff, Empty());
  EXPECT_TRUE(pipe(1).closed);
  Connect();
  Open("c", {3, 3});
  Ask(Smb2Command::kClose, CloseRequest({3, 3}));  // never answered
  connection_.OnClose();
  EXPECT_TRUE(pipe(2).closed);
}

TEST_F(Smb2ConnectionTest, HoleInMessageIsCountedInItsPipe) {
  Connect();
  Open();
  const Buffer framed = Framed(Message({.command = Smb2Command::kWrite, .id = 30}, WriteRequest({'a', 'b', 'c', 'd'})));
  Feed(kToServer, {framed.begin(), framed.end() - 3});
  connection_.OnMissing(kToServer, 3, Undecoded::kTruncated, kFrame);
  Ask(Smb2Command::kWrite, WriteRequest({'e'}));
  EXPECT_EQ(pipe().to_server(), "a{3 truncated}e");
}

TEST_F(Smb2ConnectionTest, LostMessagesAreToldToPipesOfThatDirection) {
  Connect();
  Open();
  connection_.OnMissing(kToClient, 100, Undecoded::kGap, kFrame);
  Ask(Smb2Command::kRead, ReadRequest());
  Answer(Smb2Command::kRead, ReadResponse({'x'}));
  EXPECT_EQ(pipe().to_client(), "{0 gap}x");
  EXPECT_EQ(pipe().to_server(), "");
}

TEST_F(Smb2ConnectionTest, EncryptedAndCompressedAreBlind) {
  Connect();
  Open();
  SendRaw(kToServer, Transform(kSession, 30));
  SendRaw(kToClient, Compressed(30));
  EXPECT_EQ(recorder_.blind, ">encrypted <compressed ");
  EXPECT_EQ(pipe().to_server(), "{0 encrypted}");
  EXPECT_EQ(pipe().to_client(), "{0 compressed}");
  Open("lsarpc", {4, 4});
  EXPECT_TRUE(pipe(1).info.encrypted);
}

// Swaps the two ways of every message.
TEST_F(Smb2ConnectionTest, RepliesTellWhichSideIsTheServer) {
  const auto send = [&](const Options& options, const Buffer& body) {
    Feed(options.response ? kToServer : kToClient, Framed(Message(options, body)));
  };
  send({.command = Smb2Command::kTreeConnect, .id = 1}, TreeConnectRequest("\\\\S\\IPC$"));
  send({.command = Smb2Command::kTreeConnect, .response = true, .id = 1}, TreeConnectResponse(Smb2ShareType::kPipe));
  send({.command = Smb2Command::kCreate, .id = 2}, CreateRequest("srvsvc"));
  send({.command = Smb2Command::kCreate, .response = true, .id = 2}, CreateResponse());
  send({.command = Smb2Command::kWrite, .id = 3}, WriteRequest({'w'}));
  connection_.OnMissing(kToServer, 0, Undecoded::kGap, kFrame);
  EXPECT_EQ(pipe().to_server(), "w");
  EXPECT_EQ(pipe().to_client(), "{0 gap}");
}

// Opens every seal by taking off the transform header.
class FakeUnsealer final : public Smb2Unsealer {
 public:
  bool Unseal(Direction, const Smb2Sealed& sealed, SourcedBuffer& plain) override {
    dialect = sealed.dialect;
    plain.Append(sealed.bytes.Sub(kTransformHeaderSize));
    return true;
  }
  std::uint16_t dialect = 0;
};

TEST(Smb2UnsealTest, PlainMessageTakesItsPlace) {
  const Limits limits;
  Budget budget(limits);
  Recorder recorder;
  SmbCounts counts;
  const auto unsealer = std::make_shared<FakeUnsealer>();
  Smb2Connection connection(budget, recorder, counts, unsealer, nullptr, {});
  const auto send = [&](Direction direction, const Buffer& bytes) {
    SmbMessage message;
    message.bytes = SourcedBytes(bytes, {});
    message.length = bytes.size();
    connection.OnMessage(direction, message);
  };
  const auto seal = [](const Buffer& plain) {
    Buffer sealed = Transform(kSession, 0);
    sealed.insert(sealed.end(), plain.begin(), plain.end());
    return sealed;
  };
  send(kToClient, Message({.command = Smb2Command::kNegotiate, .response = true}, NegotiateResponse(0x0302)));
  send(kToServer, seal(Message({.command = Smb2Command::kWrite}, WriteRequest(Pdu(11, 4, 'b')))));
  ASSERT_EQ(recorder.pipes.size(), 1U);
  EXPECT_TRUE(recorder.pipes[0]->info.encrypted);
  EXPECT_EQ(unsealer->dialect, 0x0302);
  EXPECT_EQ(recorder.blind, "");
  send(kToServer, seal(Transform(kSession, 8)));
  EXPECT_EQ(counts.malformed, 1U);
  connection.OnClose();
}

}  // namespace
}  // namespace sessenum
