#include "smb/smb3_unsealer.h"

#include <gtest/gtest.h>

#include <optional>

#include "smb/hex_testing.h"
#include "smb/ntlm_vectors_testing.h"
#include "smb/recorder_testing.h"
#include "smb/session_registry.h"
#include "smb/smb2_builder_testing.h"
#include "smb/smb2_compression_builder_testing.h"
#include "smb/toy_cipher_suite_testing.h"

namespace sessenum {
namespace {

using smb2::Buffer;
using smb2::kSession;
constexpr auto kToServer = Direction::kToServer;
constexpr auto kToClient = Direction::kToClient;
constexpr std::string_view kKeyLine = "smb-session 0x1122334455667788 00112233445566778899aabbccddeeff\n";

// A client and a server that agree on a cipher, set up a session, and encrypt.
class Smb3UnsealerTest : public testing::Test {
 protected:
  explicit Smb3UnsealerTest(const Limits& limits = {}) : budget_(limits) {}
  void SetUp() override { Use(kKeyLine); }

  void Use(std::string_view keys) {
    keys_ = KeyStore();
    ASSERT_FALSE(keys_.Parse(keys));
    before_.clear();
    connection_.reset();
    recorder_ = std::make_unique<Recorder>();
    Reconnect();
    hash_ = PreauthHash();
    id_ = 1;
  }

  // Goes on on another connection between the same hosts.
  void Reconnect() {
    before_.push_back(std::move(connection_));
    connection_ = std::make_unique<SmbConnection>(budget_, *recorder_, &decryption_, &registry_);
  }
  void Feed(Direction direction, const Buffer& message) {
    const Buffer framed = smb2::Framed(message);
    const Origin origin{0, {7, 0}};
    connection_->OnData(direction, SourcedBytes(framed, {&origin, 1}));
  }
  // In clear; `hashed` where it goes into the preauthentication hash.
  void Clear(smb2::Options options, const Buffer& body, bool hashed = true) {
    options.id = id_;
    const Buffer message = smb2::Message(options, body);
    if (hashed) hash_.Add(toy_, message);
    Feed(options.response ? kToClient : kToServer, message);
    if (options.response) ++id_;
  }
  void Negotiate(std::uint16_t dialect = kSmbDialect311, AeadCipher cipher = AeadCipher::kAes128Gcm) {
    Clear({.command = Smb2Command::kNegotiate, .session = 0}, Buffer(36, 0x24));
    Clear({.command = Smb2Command::kNegotiate, .response = true, .session = 0},
          dialect == kSmbDialect311 ? smb2::NegotiateResponse311(static_cast<std::uint16_t>(cipher))
                                    : smb2::NegotiateResponse(dialect));
  }
  void SetUpSession() {
    constexpr auto kSetup = Smb2Command::kSessionSetup;
    Clear({.command = kSetup, .session = 0}, smb2::SessionSetupRequest({}));
    Clear({.command = kSetup, .response = true, .status = kStatusMoreProcessingRequired},
          smb2::SessionSetupResponseWith(ChallengeToken()));
    Clear({.command = kSetup}, smb2::SessionSetupRequest(AuthenticateTokenV2()));
    Clear({.command = kSetup, .response = true}, smb2::SessionSetupResponse(4), false);
  }
  void Bind() {
    constexpr auto kSetup = Smb2Command::kSessionSetup;
    Clear({.command = kSetup}, smb2::SessionSetupRequest({}, 1));
    Clear({.command = kSetup, .response = true, .status = kStatusMoreProcessingRequired},
          smb2::SessionSetupResponseWith(ChallengeToken()));
    Clear({.command = kSetup}, smb2::SessionSetupRequest(AuthenticateTokenV2(), 1));
    Clear({.command = kSetup, .response = true}, smb2::SessionSetupResponse(4));
  }
  [[nodiscard]] Smb3Keys Keys(std::string_view key = "00112233445566778899aabbccddeeff",
                              AeadCipher cipher = AeadCipher::kAes128Gcm) const {
    return Smb311Keys(toy_, FromHex(key), cipher, hash_.value());
  }
  [[nodiscard]] Buffer Sealed(const Smb3Keys& keys, Direction direction, Buffer message,
                              std::uint64_t session = kSession) const {
    Buffer out = smb2::Transform(session, 0);
    StoreInteger(static_cast<std::uint32_t>(message.size()), ByteOrder::kLittle, &out[36]);
    StoreInteger<std::uint16_t>(1, ByteOrder::kLittle, &out[42]);
    const Bytes header(out);
    const Bytes nonce = header.subspan(20, NonceSize(keys.cipher));
    const Digest16 tag = toy_.Encrypt({keys.cipher, keys.For(direction), nonce, header.subspan(20), {}, {}}, message);
    std::copy(tag.begin(), tag.end(), out.begin() + 4);
    out.insert(out.end(), message.begin(), message.end());
    return out;
  }
  void Encrypted(const Smb3Keys& keys, smb2::Options options, const Buffer& body) {
    options.id = id_;
    const Direction direction = options.response ? kToClient : kToServer;
    Feed(direction, Sealed(keys, direction, smb2::Message(options, body)));
    if (options.response) ++id_;
  }
  void Call(const Smb3Keys& keys) {
    const auto both = [&](Smb2Command command, const Buffer& request, const Buffer& response) {
      Encrypted(keys, {.command = command}, request);
      Encrypted(keys, {.command = command, .response = true}, response);
    };
    both(Smb2Command::kTreeConnect, smb2::TreeConnectRequest("\\\\SRV\\IPC$"),
         smb2::TreeConnectResponse(Smb2ShareType::kPipe));
    both(Smb2Command::kCreate, smb2::CreateRequest("srvsvc"), smb2::CreateResponse());
    both(Smb2Command::kIoctl, smb2::IoctlRequest({'q'}), smb2::IoctlResponse({'a'}));
  }
  [[nodiscard]] std::string Outcome() {
    connection_->OnClose();
    return recorder_->All();
  }

  static constexpr std::string_view kRead = "srvsvc/q/a/c";
  static constexpr std::string_view kBlind = ">encrypted <encrypted >encrypted <encrypted >encrypted <encrypted ";

  ToyCipherSuite toy_;
  Budget budget_;
  KeyStore keys_;
  KeyComplaints complaints_{budget_};
  Decryption decryption_{toy_, keys_, complaints_, budget_};
  std::unique_ptr<Recorder> recorder_;
  SmbSessionRegistry registry_{budget_};
  std::vector<std::unique_ptr<SmbConnection>> before_;
  std::unique_ptr<SmbConnection> connection_;
  PreauthHash hash_;
  std::uint64_t id_ = 1;
};

TEST_F(Smb3UnsealerTest, Dialect311WithEachCipher) {
  for (std::uint16_t cipher = 1; cipher <= 4; ++cipher) {
    Use(kKeyLine);
    Negotiate(kSmbDialect311, static_cast<AeadCipher>(cipher));
    SetUpSession();
    Call(Keys("00112233445566778899aabbccddeeff", static_cast<AeadCipher>(cipher)));
    EXPECT_EQ(Outcome(), kRead) << cipher;
    EXPECT_TRUE(recorder_->pipes.at(0)->info.encrypted);
  }
  EXPECT_TRUE(complaints_.list().empty());
}

TEST_F(Smb3UnsealerTest, Dialects300And302) {
  for (const std::uint16_t dialect : {kSmbDialect300, kSmbDialect302}) {
    Use(kKeyLine);
    Negotiate(dialect);
    SetUpSession();
    Call(Smb300Keys(toy_, FromHex("00112233445566778899aabbccddeeff")));
    EXPECT_EQ(Outcome(), kRead);
  }
}

// The keys of 3.0 hang on nothing but the session key.
TEST_F(Smb3UnsealerTest, MidwayInDialect300) {
  Call(Smb300Keys(toy_, FromHex("00112233445566778899aabbccddeeff")));
  EXPECT_EQ(Outcome(), kRead);
}

TEST_F(Smb3UnsealerTest, MidwayInDialect311) {
  Call(Keys());
  EXPECT_EQ(Outcome(), kBlind);
  EXPECT_EQ(complaints_.list(),
            std::vector<std::string>{"key cannot be used for session 0x1122334455667788: its set-up was not captured"});
}

TEST_F(Smb3UnsealerTest, NegotiationAnewStartsTheHashAnew) {
  Clear({.command = Smb2Command::kNegotiate, .session = 0}, Buffer(36, 0x11));
  Clear({.command = Smb2Command::kNegotiate, .response = true, .session = 0}, smb2::NegotiateResponse(0x02FF));
  hash_ = PreauthHash();
  Negotiate();
  SetUpSession();
  Call(Keys());
  EXPECT_EQ(Outcome(), kRead);
}

TEST_F(Smb3UnsealerTest, KeyThatDoesNotFit) {
  Negotiate();
  SetUpSession();
  Call(Keys("ffffffffffffffffffffffffffffffff"));
  EXPECT_EQ(Outcome(), kBlind);
  EXPECT_EQ(complaints_.list(), std::vector<std::string>{"key does not fit session 0x1122334455667788"});
}

TEST_F(Smb3UnsealerTest, WithoutAKeyThereIsNothingToComplainOf) {
  Use("");
  Negotiate();
  SetUpSession();
  Call(Keys());
  EXPECT_EQ(Outcome(), kBlind);
  EXPECT_TRUE(complaints_.list().empty());
}

// A connection that joins has an exchange and a hash of its own; the keys are those of the first (MS-SMB2 3.3.5.5.3).
TEST_F(Smb3UnsealerTest, AConnectionThatJoinsTheSession) {
  for (const bool first_closes : {false, true}) {
    Use(kKeyLine);
    Negotiate();
    SetUpSession();
    const Smb3Keys keys = Keys();
    Reconnect();
    Negotiate();
    Bind();
    if (first_closes) before_.back()->OnClose();
    Call(keys);
    if (!first_closes) before_.back()->OnClose();
    EXPECT_EQ(Outcome(), kRead);
    EXPECT_TRUE(complaints_.list().empty());
  }
}

TEST_F(Smb3UnsealerTest, AConnectionThatJoinsWhatWasNotCaptured) {
  Negotiate();
  Bind();
  Call(Keys());
  EXPECT_EQ(Outcome(), kBlind);
  EXPECT_EQ(complaints_.list(),
            std::vector<std::string>{"key cannot be used for session 0x1122334455667788: its set-up was not captured"});
}

// The key that its exchange yields is not the session's, and does not count as one that does not fit.
TEST_F(Smb3UnsealerTest, AConnectionThatJoinsGivesNoKey) {
  Use("nt-password User Password\n");
  Negotiate(kSmbDialect300);
  Bind();
  Call(Keys());
  EXPECT_EQ(Outcome(), kBlind);
  EXPECT_TRUE(complaints_.list().empty());
}

// A damaged message is not a key that does not fit.
TEST_F(Smb3UnsealerTest, DamagedMessageAmongOthers) {
  Negotiate();
  SetUpSession();
  Feed(kToServer, Sealed(Keys("ffffffffffffffffffffffffffffffff"), kToServer, Buffer(64, 0)));
  Call(Keys());
  EXPECT_EQ(Outcome(), ">encrypted " + std::string(kRead));
  EXPECT_TRUE(complaints_.list().empty());
}

TEST_F(Smb3UnsealerTest, AuthenticationAnewKeepsTheKeys) {
  Negotiate();
  SetUpSession();
  const Smb3Keys keys = Keys();
  Clear({.command = Smb2Command::kSessionSetup}, smb2::SessionSetupRequest({}));
  Clear({.command = Smb2Command::kSessionSetup, .response = true, .status = kStatusMoreProcessingRequired},
        smb2::SessionSetupResponse(0));
  Call(keys);
  EXPECT_EQ(Outcome(), kRead);
}

TEST_F(Smb3UnsealerTest, AnyByteChangedYieldsNoData) {
  Negotiate();
  SetUpSession();
  Encrypted(Keys(), {.command = Smb2Command::kTreeConnect}, smb2::TreeConnectRequest("\\\\SRV\\IPC$"));
  Encrypted(Keys(), {.command = Smb2Command::kTreeConnect, .response = true},
            smb2::TreeConnectResponse(Smb2ShareType::kPipe));
  Encrypted(Keys(), {.command = Smb2Command::kCreate}, smb2::CreateRequest("srvsvc"));
  Encrypted(Keys(), {.command = Smb2Command::kCreate, .response = true}, smb2::CreateResponse());
  const Buffer write =
      Sealed(Keys(), kToServer, smb2::Message({.command = Smb2Command::kIoctl, .id = 90}, smb2::IoctlRequest({'q'})));
  for (std::size_t at = 0; at < write.size(); ++at) {
    Buffer changed = write;
    changed[at] ^= 0x20;
    Feed(kToServer, changed);
  }
  for (std::size_t size = kTransformHeaderSize; size < write.size(); ++size) {
    Feed(kToServer, Buffer(write.begin(), write.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  EXPECT_EQ(recorder_->pipes.at(0)->to_server().find('q'), std::string::npos);
  Feed(kToServer, write);
  EXPECT_NE(recorder_->pipes.at(0)->to_server().find('q'), std::string::npos);
}

TEST_F(Smb3UnsealerTest, CompoundAndCompressedMessagesInside) {
  Negotiate();
  SetUpSession();
  Call(Keys());
  const Buffer first = smb2::Message({.command = Smb2Command::kIoctl, .id = 50}, smb2::IoctlRequest({'x'}));
  const Buffer second = smb2::Message({.command = Smb2Command::kIoctl, .id = 51}, smb2::IoctlRequest({'y'}));
  Feed(kToServer, Sealed(Keys(), kToServer, smb2::Compound({first, second})));
  EXPECT_EQ(recorder_->pipes.at(0)->to_server(), "qxy");
  Feed(kToServer, Sealed(Keys(), kToServer, smb2::Transform(kSession, 100)));
  EXPECT_EQ(recorder_->pipes.at(0)->to_server(), "qxy") << "no transform within a transform";
  const Buffer third = smb2::Message({.command = Smb2Command::kIoctl, .id = 52}, smb2::IoctlRequest({'z'}));
  const Buffer packed = smb2::Unchained(Smb2CompressionAlgorithm::kLz77, third);
  Feed(kToServer, Sealed(Keys(), kToServer, packed));
  EXPECT_EQ(recorder_->pipes.at(0)->to_server(), "qxyz");
  EXPECT_EQ(recorder_->blind, "");
  const Buffer around = smb2::Unchained(Smb2CompressionAlgorithm::kLz77, Sealed(Keys(), kToServer, packed));
  Feed(kToServer, Sealed(Keys(), kToServer, around));
  EXPECT_EQ(recorder_->pipes.at(0)->to_server(), "qxyz{0 compressed}") << "nor within a compressed message";
}

class Smb3UnsealerOfTwo : public Smb3UnsealerTest {
 protected:
  static Limits Two() {
    Limits limits;
    limits.smb_sessions = 2;
    limits.key_complaints = 3;
    return limits;
  }
  Smb3UnsealerOfTwo() : Smb3UnsealerTest(Two()) {}
};

// A thousand sessions that nobody set up, each with a key of the user's.
TEST_F(Smb3UnsealerOfTwo, SessionsAndComplaintsAreBounded) {
  std::string lines;
  for (int i = 1; i <= 9; ++i) lines += "smb-session 0x" + std::to_string(i) + " 00112233445566778899aabbccddeeff\n";
  Use(lines);
  Negotiate();
  for (std::uint64_t session = 1; session <= 9; ++session) Feed(kToServer, smb2::Transform(session, 100));
  static_cast<void>(Outcome());
  EXPECT_GT(budget_.hits(Cap::kSmbSessions), 0U);
  EXPECT_EQ(complaints_.list().size(), 3U);
  EXPECT_GT(budget_.hits(Cap::kKeyComplaints), 0U);
}

// The vectors of "Encryption in SMB 3.0: A protocol perspective"
TEST(Smb3UnsealerVectors, Dialect300) {
  const CipherSuite* suite = SystemCipherSuite();
  if (suite == nullptr) GTEST_SKIP() << "built without a cryptographic library";
  const Limits limits;
  Budget budget(limits);
  KeyComplaints complaints(budget);
  KeyStore keys;
  ASSERT_FALSE(keys.Parse("smb-session 0x8e40014000011 B4546771B515F766A86735532DD6C4F0"));
  const Decryption decryption{*suite, keys, complaints, budget};
  Smb3Unsealer unsealer(decryption);
  auto message = FromHex(
      "FD534D42A6015530A18F6D9AFFE22AFAE8E6648486000000000000001100001400E4080050000000000001001100001400E40800"
      "DBF46435C5F14169293CE079E344479BF670227E49873F458672C3098DAC467DD5809F369D674091665157871483E01F7BECD02064EAC3E2"
      "35F913668BBC2F097980D4B378F1993EFF6E60D177309E5B");
  const Origin origin{0, {4, 0}};
  const auto unseal = [&](SourcedBuffer& plain) {
    return unsealer.Unseal(kToClient, {0x8e40014000011, kSmbDialect300, SourcedBytes(message, {&origin, 1})}, plain);
  };
  SourcedBuffer plain;
  ASSERT_TRUE(unseal(plain));
  EXPECT_EQ(ToHex(plain.View().bytes()),
            "fe534d4240000100000000000900210009000000000000000400000000000000fffe0000010000001100001400e40800"
            "0000000000000000000000000000000011000000170000000000000000000000");
  EXPECT_EQ(plain.View().FrameAt(0).number, 4U);
  for (std::size_t at = 4; at < message.size(); ++at) {
    message[at] ^= 1;
    SourcedBuffer none;
    EXPECT_FALSE(unseal(none)) << at;
    EXPECT_TRUE(none.empty());
    message[at] ^= 1;
  }
}

}  // namespace
}  // namespace sessenum
