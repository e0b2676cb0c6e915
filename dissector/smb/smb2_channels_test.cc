// Sessions that several connections share.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "smb/ntlmssp_builder_testing.h"
#include "smb/recorder_testing.h"
#include "smb/session_registry.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

constexpr auto kToServer = Direction::kToServer;
constexpr auto kToClient = Direction::kToClient;
constexpr std::uint8_t kBinding = 1;
constexpr std::uint32_t kAccessDenied = 0xC0000022;
constexpr Smb2Guid kClient{0xC1};
constexpr Smb2Guid kServer{0x51};
constexpr SmbHosts kHosts{{4, 10, 0, 0, 1}, {4, 10, 0, 0, 2}};
constexpr SmbHosts kOtherHosts{{4, 10, 9, 0, 1}, {4, 10, 9, 0, 2}};

// One connection of the run.
class Channel {
 public:
  Channel(Budget& budget, Recorder& recorder, SmbSessionRegistry& registry, const SmbHosts& hosts)
      : connection_(std::make_unique<SmbConnection>(budget, recorder, nullptr, &registry, hosts)) {}

  void Feed(Direction direction, const Buffer& message) {
    const Buffer framed = Framed(message);
    const Origin origin{0, {7, 0}};
    connection_->OnData(direction, SourcedBytes(framed, {&origin, 1}));
  }
  void Ask(Smb2Command command, const Buffer& body, std::uint64_t session = kSession) {
    Feed(kToServer, Message({.command = command, .id = ++id_, .session = session}, body));
  }
  void Answer(Smb2Command command, const Buffer& body, std::uint32_t status = 0, std::uint64_t session = kSession) {
    Feed(kToClient,
         Message({.command = command, .response = true, .id = id_, .status = status, .session = session}, body));
  }
  void Negotiate(const Smb2Guid& client = kClient, const Smb2Guid& server = kServer) {
    Ask(Smb2Command::kNegotiate, NegotiateRequest(client), 0);
    Answer(Smb2Command::kNegotiate, NegotiateResponse(0x0302, server), 0, 0);
  }
  void Login() {
    Ask(Smb2Command::kSessionSetup, SessionSetupRequest({}), 0);
    Answer(Smb2Command::kSessionSetup, SessionSetupResponse(0), kStatusMoreProcessingRequired);
    Ask(Smb2Command::kSessionSetup, SessionSetupRequest(NtlmAuthenticate({"alice", "WG", "VM"})));
    Answer(Smb2Command::kSessionSetup, SessionSetupResponse(0));
  }
  void Bind(std::uint32_t status = kStatusSuccess) {
    Ask(Smb2Command::kSessionSetup, SessionSetupRequest({}, kBinding));
    Answer(Smb2Command::kSessionSetup, SessionSetupResponse(0), kStatusMoreProcessingRequired);
    Ask(Smb2Command::kSessionSetup, SessionSetupRequest(NtlmAuthenticate({"eve", "WG", "VM"}), kBinding));
    Answer(Smb2Command::kSessionSetup, SessionSetupResponse(0), status);
  }
  void OpenPipe() {
    Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\SRV\\IPC$"));
    Answer(Smb2Command::kTreeConnect, TreeConnectResponse(Smb2ShareType::kPipe));
    Ask(Smb2Command::kCreate, CreateRequest("srvsvc"));
    Answer(Smb2Command::kCreate, CreateResponse());
  }
  void Transceive(std::uint8_t in, std::uint8_t out) {
    Ask(Smb2Command::kIoctl, IoctlRequest({in}));
    Answer(Smb2Command::kIoctl, IoctlResponse({out}));
  }
  void Lose() { connection_->OnMissing(kToServer, 0, Undecoded::kGap, {8, 0}); }
  void Close() {
    connection_->OnClose();
    connection_.reset();
  }

 private:
  std::unique_ptr<SmbConnection> connection_;
  std::uint64_t id_ = 0;
};

class Smb2ChannelsTest : public testing::Test {
 protected:
  explicit Smb2ChannelsTest(const Limits& limits = {}) : budget_(limits) {}

  [[nodiscard]] Channel Connect(const SmbHosts& hosts = kHosts) { return {budget_, recorder_, registry_, hosts}; }
  // A connection with a session and a pipe that said "a" and heard "b".
  [[nodiscard]] Channel First(const SmbHosts& hosts = kHosts) {
    Channel channel = Connect(hosts);
    channel.Negotiate();
    channel.Login();
    channel.OpenPipe();
    channel.Transceive('a', 'b');
    return channel;
  }
  // A pipe that was opened on one connection is known to have been used on another.
  void ExpectJoined(bool joined) const {
    EXPECT_EQ(recorder_.All(), joined ? "srvsvc/ac/bd/o" : "srvsvc/a/b/o");
    EXPECT_EQ(recorder_.pipes.at(0)->info.identity.user, "alice");
  }

  Budget budget_;
  Recorder recorder_;
  SmbSessionRegistry registry_{budget_};
};

TEST_F(Smb2ChannelsTest, ABoundConnectionUsesThePipe) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  second.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, ABoundConnectionMayGoByOtherAddresses) {
  Channel first = First();
  Channel second = Connect(kOtherHosts);
  second.Negotiate();
  second.Bind();
  second.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, RequestsStayWithTheirConnection) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  // Both wait for an answer to the same MessageId, one with a copy of an answer that is the other's.
  first.Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\SRV\\C$"));
  second.Ask(Smb2Command::kIoctl, IoctlRequest({'c'}));
  second.Answer(Smb2Command::kIoctl, IoctlResponse({'d'}));
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, APipeOfTheSecondConnectionIsTheFirstsToo) {
  Channel first = Connect();
  first.Negotiate();
  first.Login();
  Channel second = Connect(kOtherHosts);
  second.Negotiate();
  second.Bind();
  second.OpenPipe();
  second.Transceive('a', 'b');
  second.Close();
  first.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, WithoutASetUpBothAddressesTell) {
  Channel first = First();
  Channel second = Connect();
  second.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, WithoutASetUpTheFirstMessageMayBeAnAnswer) {
  Channel first = First();
  Channel second = Connect();
  second.Answer(Smb2Command::kIoctl, IoctlResponse({'d'}));
  EXPECT_EQ(recorder_.All(), "srvsvc/a/bd/o");
}

TEST_F(Smb2ChannelsTest, TheSameNumberOfOtherHostsIsAnotherSession) {
  Channel first = First();
  for (const SmbHosts& hosts : {kOtherHosts, SmbHosts{kHosts.client, kOtherHosts.server},
                                SmbHosts{kOtherHosts.client, kHosts.server}, SmbHosts{kHosts.server, kHosts.client}}) {
    Channel second = Connect(hosts);
    second.Transceive('c', 'd');
  }
  ExpectJoined(false);
}

TEST_F(Smb2ChannelsTest, GuidsTellServersOfOneAddressApart) {
  Channel first = First();
  for (const auto& [client, server] : {std::pair(kClient, Smb2Guid{0x52}), std::pair(Smb2Guid{0xC2}, kServer)}) {
    Channel second = Connect();
    second.Negotiate(client, server);
    second.Bind();
    second.Transceive('c', 'd');
  }
  ExpectJoined(false);
}

// A machine and its copy have one ServerGuid; zeros are nobody's.
TEST_F(Smb2ChannelsTest, OneGuidIsNotEnoughElsewhere) {
  Channel first = First();
  for (const auto& [client, server] : {std::pair(kClient, Smb2Guid{}), std::pair(Smb2Guid{}, kServer)}) {
    Channel second = Connect(kOtherHosts);
    second.Negotiate(client, server);
    second.Bind();
    second.Transceive('c', 'd');
  }
  ExpectJoined(false);
}

TEST_F(Smb2ChannelsTest, ZeroGuidsTellNothing) {
  Channel first = Connect(kOtherHosts);
  first.Negotiate({}, {});
  first.Login();
  first.OpenPipe();
  first.Transceive('a', 'b');
  Channel stranger = Connect();
  stranger.Negotiate({}, {});
  stranger.Bind();
  stranger.Transceive('c', 'd');
  ExpectJoined(false);
  Channel second = Connect(kOtherHosts);
  second.Negotiate({}, {});
  second.Bind();
  second.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, WhereAnAddressHasTwoServersItTellsNothing) {
  Channel first = First();
  Channel other = Connect();
  other.Negotiate(kClient, {0x52});
  other.Login();
  other.OpenPipe();
  Channel second = Connect();
  second.Transceive('c', 'd');
  EXPECT_EQ(recorder_.All(), "srvsvc/a/b/osrvsvc///o");
  other.Close();
  recorder_.pipes.pop_back();
  Channel third = Connect();
  third.Negotiate();
  third.Bind();
  third.Transceive('c', 'd');
  ExpectJoined(true);
}

TEST_F(Smb2ChannelsTest, ASetUpOfItsOwnIsANewSession) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Login();
  second.Transceive('c', 'd');
  ExpectJoined(false);
}

// The capture missed the first half of it.
TEST_F(Smb2ChannelsTest, HalfASetUpOfItsOwnIsANewSessionToo) {
  Channel first = First();
  Channel second = Connect();
  second.Ask(Smb2Command::kSessionSetup, SessionSetupRequest({}));
  second.Transceive('c', 'd');
  ExpectJoined(false);
}

TEST_F(Smb2ChannelsTest, ANewSessionTakesTheNumberOfOneThatWasJoined) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  second.Login();
  second.Transceive('c', 'd');
  ExpectJoined(false);
}

TEST_F(Smb2ChannelsTest, WhoWasRefusedHoldsNothingOpen) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind(kAccessDenied);
  first.Close();
  EXPECT_TRUE(recorder_.pipes.at(0)->closed);
}

TEST_F(Smb2ChannelsTest, ToBindOnceMoreIsRefusedAndChangesNothing) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  second.Bind(kAccessDenied);
  first.Close();
  second.Transceive('c', 'd');
  ExpectJoined(true);
  second.Close();
  EXPECT_TRUE(recorder_.pipes.at(0)->closed);
}

TEST_F(Smb2ChannelsTest, ThePipeLivesAsLongAsItsLastConnection) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  first.Close();
  EXPECT_FALSE(recorder_.pipes.at(0)->closed);
  // A third may still join.
  Channel third = Connect(kOtherHosts);
  third.Negotiate();
  third.Bind();
  second.Close();
  third.Transceive('c', 'd');
  ExpectJoined(true);
  third.Close();
  EXPECT_EQ(recorder_.All(), "srvsvc/ac/bd/c");
}

TEST_F(Smb2ChannelsTest, OtherSessionsOfAConnectionEndWithIt) {
  Channel first = First();
  const std::uint64_t other = kSession + 1;
  first.Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\SRV\\IPC$"), other);
  first.Answer(Smb2Command::kTreeConnect, TreeConnectResponse(Smb2ShareType::kPipe), 0, other);
  first.Ask(Smb2Command::kCreate, CreateRequest("lsarpc"), other);
  first.Answer(Smb2Command::kCreate, CreateResponse(), 0, other);
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  first.Close();
  EXPECT_FALSE(recorder_.pipes.at(0)->closed);
  EXPECT_TRUE(recorder_.pipes.at(1)->closed);
}

TEST_F(Smb2ChannelsTest, ASessionEndsWithItsConnections) {
  Channel first = First();
  first.Close();
  Channel second = Connect();
  second.Transceive('c', 'd');
  EXPECT_EQ(recorder_.All(), "srvsvc/a/b/c");
}

TEST_F(Smb2ChannelsTest, LogoffAnywhereEndsIt) {
  for (const bool on_first : {true, false}) {
    recorder_.pipes.clear();
    Channel first = First();
    Channel second = Connect();
    second.Negotiate();
    second.Bind();
    Channel& leaver = on_first ? first : second;
    leaver.Ask(Smb2Command::kLogoff, Empty());
    leaver.Answer(Smb2Command::kLogoff, Empty());
    first.Transceive('c', 'd');
    second.Transceive('c', 'd');
    EXPECT_EQ(recorder_.All(), "srvsvc/a/b/c");
    first.Close();
    second.Close();
  }
}

TEST_F(Smb2ChannelsTest, CloseAndTreeDisconnectAnywhereEndThePipe) {
  for (const auto& [command, request, response] : {std::tuple(Smb2Command::kClose, CloseRequest(), CloseResponse()),
                                                   std::tuple(Smb2Command::kTreeDisconnect, Empty(), Empty())}) {
    recorder_.pipes.clear();
    Channel first = First();
    Channel second = Connect();
    second.Negotiate();
    second.Bind();
    second.Ask(command, request);
    second.Answer(command, response);
    EXPECT_EQ(recorder_.All(), "srvsvc/a/b/c");
    first.Close();
    second.Close();
  }
}

TEST_F(Smb2ChannelsTest, WhatIsLostOnAnyOfThemMayBeThePipes) {
  Channel first = First();
  Channel second = Connect();
  second.Negotiate();
  second.Bind();
  second.Lose();
  first.Lose();
  EXPECT_EQ(recorder_.All(), "srvsvc/a{0 gap}{0 gap}/b/o");
}

class Smb2ChannelsOfTwo : public Smb2ChannelsTest {
 protected:
  static Limits Two() {
    Limits limits;
    limits.smb_known_sessions = 2;
    limits.smb_sessions = 2;
    return limits;
  }
  Smb2ChannelsOfTwo() : Smb2ChannelsTest(Two()) {}
};

TEST_F(Smb2ChannelsOfTwo, WhatIsKnownIsBounded) {
  Channel first = First();
  EXPECT_EQ(budget_.hits(Cap::kSmbKnownSessions), 0U);
  Channel flood = Connect(kOtherHosts);
  for (std::uint64_t session = 1; session <= 9; ++session) {
    flood.Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\S\\IPC$"), session);
  }
  EXPECT_GT(budget_.hits(Cap::kSmbKnownSessions), 0U);
  Channel second = Connect();
  second.Transceive('c', 'd');
  ExpectJoined(false);
}

TEST_F(Smb2ChannelsOfTwo, SessionsThatEndMakeRoom) {
  for (int i = 0; i < 9; ++i) {
    Channel first = First();
    first.Close();
  }
  EXPECT_EQ(budget_.hits(Cap::kSmbKnownSessions), 0U);
}

TEST_F(Smb2ChannelsOfTwo, JoiningIsBounded) {
  Channel first = First();
  Channel second = Connect();
  second.Transceive('c', 'd');
  std::vector<Channel> others;
  for (std::uint64_t session = 1; session <= 3; ++session) {
    others.push_back(Connect());
    others.back().Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\S\\IPC$"), session);
    second.Ask(Smb2Command::kTreeConnect, TreeConnectRequest("\\\\S\\IPC$"), session);
  }
  EXPECT_GT(budget_.hits(Cap::kSmbSessions), 0U);
  first.Close();
  EXPECT_EQ(recorder_.All(), "srvsvc/ac/bd/c") << "the one that was joined first was let go";
}

}  // namespace
}  // namespace sessenum
