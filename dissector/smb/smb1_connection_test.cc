#include "smb/smb1_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "smb/ntlmssp_builder_testing.h"
#include "smb/recorder_testing.h"
#include "smb/smb1_builder_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using namespace smb1;

constexpr std::uint16_t kFid = 0x4001;
constexpr Frame kFrame{7, 0};

std::string Text(const Buffer& bytes) { return {bytes.begin(), bytes.end()}; }

class Smb1ConnectionTest : public testing::Test {
 protected:
  void Send(const Options& options, const Block& block) { SendRaw(options.reply, Message(options, block)); }
  void SendRaw(bool reply, const Buffer& message) {
    const Buffer bytes = smb2::Framed(message);
    const Direction direction = reply ? Direction::kToClient : Direction::kToServer;
    sent_.push_back({direction, bytes});
    const Origin origin{0, kFrame};
    connection_.OnData(direction, SourcedBytes(bytes, {&origin, 1}));
  }
  void Ask(Smb1Command command, const Block& block) { Send({.command = command, .mid = ++mid_}, block); }
  void Answer(Smb1Command command, const Block& block, std::uint32_t status = 0) {
    Send({.command = command, .reply = true, .mid = mid_, .status = status}, block);
  }
  void Login(const Block& request, bool unicode = true, std::uint16_t action = 0) {
    ++mid_;
    Send({.command = Smb1Command::kSessionSetupAndX, .mid = mid_, .tid = 0xFFFF, .uid = 0, .unicode = unicode},
         request);
    Answer(Smb1Command::kSessionSetupAndX, SessionSetupResponse(action));
  }
  void Connect(std::string_view service = "IPC", bool unicode = true) {
    ++mid_;
    Send({.command = Smb1Command::kTreeConnectAndX, .mid = mid_, .tid = 0xFFFF, .unicode = unicode},
         TreeConnect("\\\\SRV\\IPC$", unicode));
    Answer(Smb1Command::kTreeConnectAndX, TreeConnectResponse(service));
  }
  void Open(std::uint16_t fid = kFid, std::string_view name = "\\srvsvc") {
    Ask(Smb1Command::kNtCreateAndX, NtCreate(name, true));
    Answer(Smb1Command::kNtCreateAndX, NtCreateResponse(fid));
  }
  [[nodiscard]] const PipeRecord& pipe(std::size_t index = 0) const { return *recorder_.pipes.at(index); }

  Limits limits_;
  Recorder recorder_;
  Budget budget_{limits_};
  SmbConnection connection_{budget_, recorder_};
  std::vector<std::pair<Direction, Buffer>> sent_;
  std::uint16_t mid_ = 10;
};

TEST_F(Smb1ConnectionTest, ReadsPipeByWriteAndRead) {
  Login(ExtendedSessionSetup(NtlmAuthenticate({"alice", "WG", "VM"})));
  Connect();
  Open();
  ASSERT_EQ(recorder_.pipes.size(), 1U);
  EXPECT_EQ(pipe().info.version, SmbVersion::kSmb1);
  EXPECT_EQ(pipe().info.name, "srvsvc");
  EXPECT_EQ(pipe().info.tree, "\\\\SRV\\IPC$");
  EXPECT_EQ(pipe().info.identity.user, "alice");
  EXPECT_EQ(pipe().info.identity.workstation, "VM");
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, {'w'}));
  Ask(Smb1Command::kReadAndX, ReadAndX(kFid));
  Answer(Smb1Command::kReadAndX, ReadAndXResponse({'r'}));
  Answer(Smb1Command::kReadAndX, ReadAndXResponse({'s'}), 0xC00000B0);
  Ask(Smb1Command::kWrite, CoreWrite(kFid, {'W'}));
  Ask(Smb1Command::kRead, CoreRead(kFid));
  Answer(Smb1Command::kRead, CoreReadResponse({'R'}));
  EXPECT_EQ(pipe().to_server(), "wW");
  EXPECT_EQ(pipe().to_client(), "rR");
  Ask(Smb1Command::kClose, Close(kFid));
  EXPECT_FALSE(pipe().closed);
  Answer(Smb1Command::kClose, {});
  EXPECT_TRUE(pipe().closed);
}

TEST_F(Smb1ConnectionTest, ReadsOldLogins) {
  for (const bool unicode : {true, false}) {
    Login(OldSessionSetup("bob", "DOM", unicode), unicode, 1);
    Connect("IPC", unicode);
    Open();
    EXPECT_EQ(recorder_.pipes.back()->info.identity.user, "bob");
    EXPECT_EQ(recorder_.pipes.back()->info.identity.domain, "DOM");
    EXPECT_TRUE(recorder_.pipes.back()->info.identity.guest);
    EXPECT_EQ(recorder_.pipes.back()->info.tree, "\\\\SRV\\IPC$");
  }
}

TEST_F(Smb1ConnectionTest, OpenAndX) {
  Connect();
  Ask(Smb1Command::kOpenAndX, OpenAndX("\\PIPE\\SRVSVC", true));
  Answer(Smb1Command::kOpenAndX, OpenAndXResponse(kFid));
  ASSERT_EQ(recorder_.pipes.size(), 1U);
  EXPECT_EQ(pipe().info.name, "srvsvc");
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, {'w'}));
  EXPECT_EQ(pipe().to_server(), "w");
}

TEST_F(Smb1ConnectionTest, LengthBeforeFirstWriteIsLeftOut) {
  Connect();
  Open();
  Buffer prefixed = {20, 0};
  const Buffer pdu = smb2::Pdu(11, 4, 'b');
  prefixed.insert(prefixed.end(), pdu.begin(), pdu.end());
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, prefixed, 0x000C));
  EXPECT_EQ(pipe().to_server(), Text(pdu));
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, pdu, 0x000C));
  EXPECT_EQ(pipe().to_server(), Text(pdu) + Text(pdu));
}

TEST_F(Smb1ConnectionTest, TransactionsInParts) {
  Connect();
  Open();
  Ask(Smb1Command::kTransaction, Transaction(0x26, kFid, {'a', 'b'}, 5));
  Answer(Smb1Command::kTransaction, {});  // go on
  Send({.command = Smb1Command::kTransactionSecondary, .mid = mid_}, TransactionSecondary({'c', 'd'}, 5, 2));
  Send({.command = Smb1Command::kTransactionSecondary, .mid = mid_}, TransactionSecondary({'e'}, 5, 4));
  EXPECT_EQ(pipe().to_server(), "abcde");
  Answer(Smb1Command::kTransaction, TransactionResponse({'A'}, 3));
  Answer(Smb1Command::kTransaction, TransactionResponse({'B', 'C'}, 3, 1), 0x80000005);
  EXPECT_EQ(pipe().to_client(), "ABC");
  Ask(Smb1Command::kReadAndX, ReadAndX(kFid));
  Answer(Smb1Command::kReadAndX, ReadAndXResponse({'D'}), 0x00EA0001);
  EXPECT_EQ(pipe().to_client(), "ABCD");
}

TEST_F(Smb1ConnectionTest, LostPartOfTransactionIsAHole) {
  Connect();
  Open();
  Ask(Smb1Command::kTransaction, Transaction(0x26, kFid, {'a'}, 1));
  Answer(Smb1Command::kTransaction, TransactionResponse({'A'}, 6));
  Answer(Smb1Command::kTransaction, TransactionResponse({'F'}, 6, 5));
  EXPECT_EQ(pipe().to_client(), "A{4 gap}F");
}

TEST_F(Smb1ConnectionTest, PeekIsNotConsumed) {
  Connect();
  Open();
  Ask(Smb1Command::kTransaction, Transaction(0x23, kFid, {}, 0));
  Answer(Smb1Command::kTransaction, TransactionResponse({'p'}, 1));
  EXPECT_EQ(pipe().to_client(), "");
}

TEST_F(Smb1ConnectionTest, CallByNameLivesForOneAnswer) {
  Connect();
  Ask(Smb1Command::kTransaction, Transaction(0x54, 0, {'q'}, 1, "\\PIPE\\srvsvc"));
  ASSERT_EQ(recorder_.pipes.size(), 1U);
  EXPECT_EQ(pipe().info.name, "srvsvc");
  EXPECT_FALSE(pipe().closed);
  Answer(Smb1Command::kTransaction, TransactionResponse({'r'}, 1));
  EXPECT_EQ(pipe().to_server() + pipe().to_client(), "qr");
  EXPECT_TRUE(pipe().closed);
}

TEST_F(Smb1ConnectionTest, ChainOfLoginAndTree) {
  Block setup = OldSessionSetup("carol", "D", true);
  setup.words[0] = static_cast<std::uint8_t>(Smb1Command::kTreeConnectAndX);
  const std::size_t next = BytesAt(13) + setup.bytes.size();
  StoreInteger(static_cast<std::uint16_t>(next), ByteOrder::kLittle, setup.words.data() + 2);
  Buffer message = Message({.command = Smb1Command::kSessionSetupAndX, .tid = 0xFFFF, .uid = 0}, setup);
  Buffer bytes = {0};
  PutText(bytes, "\\\\SRV\\IPC$", true, next + 1 + 8 + 2);
  ByteWriter to(message);
  to.Write<std::uint8_t>(4);
  to.WriteBytes(Words({kLast, 0, 0, 1}));
  to.Write(static_cast<std::uint16_t>(bytes.size()));
  to.WriteBytes(bytes);
  SendRaw(false, message);

  Block done = SessionSetupResponse(0);
  done.words[0] = static_cast<std::uint8_t>(Smb1Command::kTreeConnectAndX);
  StoreInteger<std::uint16_t>(BytesAt(3), ByteOrder::kLittle, done.words.data() + 2);
  Buffer reply = Message({.command = Smb1Command::kSessionSetupAndX, .reply = true}, done);
  ByteWriter to_reply(reply);
  to_reply.Write<std::uint8_t>(3);
  to_reply.WriteBytes(Words({kLast, 0, 0}));
  to_reply.Write<std::uint16_t>(4);
  to_reply.WriteBytes(Buffer{'I', 'P', 'C', 0});
  SendRaw(true, reply);
  Open();
  EXPECT_EQ(pipe().info.identity.user, "carol");
  EXPECT_EQ(pipe().info.tree, "\\\\SRV\\IPC$");
}

TEST_F(Smb1ConnectionTest, ChainThatLeadsBackEnds) {
  Block read = ReadAndX(kFid);
  read.words[0] = static_cast<std::uint8_t>(Smb1Command::kReadAndX);
  read.words[2] = 32;
  Ask(Smb1Command::kReadAndX, read);
  EXPECT_EQ(connection_.counts().malformed, 1U);
}

TEST_F(Smb1ConnectionTest, FilesOfOtherSharesAreIgnored) {
  Connect("A:");
  Open();
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, smb2::Pdu(0, 4, 'x')));
  Ask(Smb1Command::kReadAndX, ReadAndX(kFid));
  Answer(Smb1Command::kReadAndX, ReadAndXResponse(smb2::Pdu(2, 4, 'x')));
  EXPECT_EQ(recorder_.pipes.size(), 0U);
}

TEST_F(Smb1ConnectionTest, UnknownFileStartsAtPdu) {
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, smb2::Pdu(0, 4, 'x')));
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid + 1, {'n', 'o'}));
  ASSERT_EQ(recorder_.pipes.size(), 1U);
  EXPECT_EQ(pipe().info.name, std::nullopt);
}

TEST_F(Smb1ConnectionTest, DisconnectAndLogoffEndPipes) {
  Connect();
  Open();
  Answer(Smb1Command::kTreeDisconnect, {});
  EXPECT_TRUE(pipe(0).closed);
  Connect();
  Open();
  Answer(Smb1Command::kLogoffAndX, {Words({kLast, 0}), {}});
  EXPECT_TRUE(pipe(1).closed);
}

TEST_F(Smb1ConnectionTest, BufferBeyondMessageIsMalformed) {
  Connect();
  Open();
  Block write = WriteAndX(kFid, {'a'});
  write.words[20] = 2;  // DataLength
  Ask(Smb1Command::kWriteAndX, write);
  EXPECT_EQ(connection_.counts().malformed, 1U);
  EXPECT_EQ(pipe().to_server(), "{0 malformed}");
}

// Cuts each message at each byte, as a hole in the capture and as a shorter message; and sets each byte to 0xFF.
TEST_F(Smb1ConnectionTest, EveryTruncationIsSurvived) {
  Login(ExtendedSessionSetup(NtlmAuthenticate({"alice", "WG", "VM"})));
  Login(OldSessionSetup("bob", "DOM", true));
  Connect();
  Open();
  Ask(Smb1Command::kWriteAndX, WriteAndX(kFid, smb2::Pdu(11, 8, 'b'), 0x000C));
  Ask(Smb1Command::kReadAndX, ReadAndX(kFid));
  Answer(Smb1Command::kReadAndX, ReadAndXResponse({'r'}));
  Ask(Smb1Command::kTransaction, Transaction(0x26, kFid, {'a', 'b'}, 3));
  Send({.command = Smb1Command::kTransactionSecondary, .mid = mid_}, TransactionSecondary({'c'}, 3, 2));
  Answer(Smb1Command::kTransaction, TransactionResponse({'A', 'B'}, 2));
  Ask(Smb1Command::kTransaction, Transaction(0x54, 0, {'q'}, 1, "\\PIPE\\srvsvc"));
  enum class Harm { kHole, kShort, kByte };
  for (std::size_t which = 0; which < sent_.size(); ++which) {
    const Buffer& whole = sent_[which].second;
    for (std::size_t at = 4; at < whole.size(); ++at) {
      for (const Harm harm : {Harm::kHole, Harm::kShort, Harm::kByte}) {
        Recorder recorder;
        SmbConnection connection(budget_, recorder);
        for (std::size_t i = 0; i < sent_.size(); ++i) {
          Buffer bytes = sent_[i].second;
          if (i == which && harm == Harm::kByte) bytes[at] = 0xFF;
          if (i == which && harm != Harm::kByte) bytes.resize(at);
          if (i == which && harm == Harm::kShort) {
            StoreInteger(static_cast<std::uint32_t>(at - 4), ByteOrder::kBig, bytes.data());
          }
          connection.OnData(sent_[i].first, SourcedBytes(bytes, {}));
          if (i == which && harm == Harm::kHole) {
            connection.OnMissing(sent_[i].first, whole.size() - at, Undecoded::kTruncated, kFrame);
          }
        }
        connection.OnClose();
        for (const auto& record : recorder.pipes) EXPECT_TRUE(record->closed && record->destroyed);
      }
    }
  }
}

}  // namespace
}  // namespace sessenum
