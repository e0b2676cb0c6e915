#include "smb/ntlm_sealing.h"

#include <gtest/gtest.h>

#include "rpc/association.h"
#include "rpc/pdu_builder_testing.h"
#include "smb/ntlm_vectors_testing.h"

namespace sessenum {
namespace {

constexpr auto kToServer = Direction::kToServer;
constexpr auto kToClient = Direction::kToClient;
constexpr std::uint32_t kFlagsV2 = 0xE28A8235;
constexpr std::string_view kSessionKey = "55555555555555555555555555555555";

// Seals as a peer does: the mirror of NtlmUnsealer.
class Sealer {
 public:
  Sealer(const CipherSuite& suite, Direction direction)
      : suite_(suite),
        signing_key_(NtlmSigningKey(suite, ArrayFromHex<16>(kSessionKey), direction)),
        stream_(NtlmSealingKey(suite, ArrayFromHex<16>(kSessionKey), kFlagsV2, direction)) {}

  // `pdu` has a token of 16 bytes, which becomes the signature.
  [[nodiscard]] std::vector<std::uint8_t> Seal(std::vector<std::uint8_t> pdu, bool signs_header = true) {
    const Result<Pdu> parsed = ParsePdu(pdu);
    const std::size_t sealed = parsed.value().stub.size() + parsed.value().auth->pad_length;
    const auto body = std::span(pdu).subspan(parsed.value().stub_at, sealed);
    const auto token = std::span(pdu).last(16);
    StoreInteger<std::uint32_t>(1, ByteOrder::kLittle, token.data());
    StoreInteger(sequence_, ByteOrder::kLittle, &token[12]);
    const Bytes covered = signs_header ? Bytes(pdu).first(pdu.size() - 16) : Bytes(body);
    const Digest16 checksum = suite_.HmacMd5(signing_key_, {token.subspan(12), covered});
    std::copy_n(checksum.begin(), 8, token.begin() + 4);
    stream_.Apply(body);
    stream_.Apply(token.subspan(4, 8));
    ++sequence_;
    return pdu;
  }

 private:
  const CipherSuite& suite_;
  Digest16 signing_key_;
  Rc4 stream_;
  std::uint32_t sequence_ = 0;
};

// Writes down what comes out of an association: ">stub " and "<stub ", with "!" in front of what is not readable.
class Listener final : public AssociationObserver {
 public:
  void OnRequest(const AssembledStub& stub, const PresentationContext*) override { Note('>', stub); }
  void OnResponse(const AssembledStub& stub, const PresentationContext*, const std::optional<CallInFlight>&) override {
    Note('<', stub);
  }
  void OnFault(const RpcFault&, const PresentationContext*, const std::optional<CallInFlight>&) override {
    said += "fault ";
  }
  void OnAuthToken(Direction, Bytes) override {}
  void OnLoss(Direction, Undecoded) override {}
  void OnAssociationClose() override {}

  std::string said;

 private:
  void Note(char way, const AssembledStub& stub) {
    if (stub.missing) said += std::string(Name(*stub.missing)) + "! ";
    if (stub.missing == Undecoded::kEncrypted) return;
    said += way + std::string(stub.bytes.bytes().begin(), stub.bytes.bytes().end()) + " ";
  }
};

class NtlmSealingTest : public testing::Test {
 protected:
  void SetUp() override {
    if (suite_ == nullptr) GTEST_SKIP() << "built without a cryptographic library";
    Use("nt-password User Password");
  }
  void Use(std::string_view keys) {
    keys_ = KeyStore();
    ASSERT_FALSE(keys_.Parse(keys));
    decryption_.emplace(Decryption{*suite_, keys_, complaints_, budget_});
    sealing_.emplace(*decryption_);
    association_.emplace(budget_, listener_, &*sealing_);
    to_server_.emplace(*suite_, kToServer);
    to_client_.emplace(*suite_, kToClient);
  }
  void Send(Direction direction, const std::vector<std::uint8_t>& pdu) {
    const Origin origin{0, {3, 0}};
    association_->OnData(direction, SourcedBytes(pdu, {&origin, 1}));
  }
  void Authenticate() {
    Send(kToServer,
         PduBuilder(PduType::kBind).Put(std::uint64_t{0}).Put(std::uint32_t{0}).Auth(WithToken({1})).Build());
    Send(kToClient, BindAckPdu(1, {}).Auth(WithToken(ChallengeToken())).Build());
    Send(kToServer, PduBuilder(PduType::kAuth3).Put(std::uint32_t{0}).Auth(WithToken(AuthenticateTokenV2())).Build());
  }
  static BuiltAuth WithToken(std::vector<std::uint8_t> token) { return {10, 6, 0, std::move(token)}; }
  static std::vector<std::uint8_t> Request(std::string_view stub, std::uint8_t pad = 3,
                                           unsigned flags = kFirstFrag | kLastFrag, std::uint32_t call_id = 1) {
    return RequestPdu(call_id, AsBytes(stub)).Flags(flags).Auth({10, 6, pad, std::vector<std::uint8_t>(16)}).Build();
  }
  static std::vector<std::uint8_t> Response(std::string_view stub, std::uint32_t call_id = 1) {
    return ResponsePdu(call_id, AsBytes(stub)).Auth({10, 6, 0, std::vector<std::uint8_t>(16)}).Build();
  }

  const CipherSuite* suite_ = SystemCipherSuite();
  Limits limits_;
  Budget budget_{limits_};
  KeyComplaints complaints_{budget_};
  KeyStore keys_;
  std::optional<Decryption> decryption_;
  Listener listener_;
  std::optional<NtlmSealing> sealing_;
  std::optional<RpcAssociation> association_;
  std::optional<Sealer> to_server_;
  std::optional<Sealer> to_client_;
};

// MS-NLMP 4.2.4.4 with key exchange, 4.2.3.4 without
TEST_F(NtlmSealingTest, Vectors) {
  const auto check = [&](std::string_view key, std::uint32_t flags, std::string_view sealed, std::string_view token) {
    const auto message = FromHex(sealed);
    const auto signature = FromHex(token);
    const SealedPdu pdu{message, 0, message.size(), signature};
    NtlmUnsealer unsealer(*suite_, ArrayFromHex<16>(key), flags, kToServer);
    std::vector<std::uint8_t> plain = message;
    ASSERT_TRUE(unsealer.Unseal(pdu, plain));
    EXPECT_EQ(ToHex(plain), "50006c00610069006e007400650078007400");
    plain = message;
    EXPECT_FALSE(unsealer.Unseal(pdu, plain)) << "the same again";
  };
  check(kSessionKey, kFlagsV2, "54e50165bf1936dc996020c1811b0f06fb5f", "010000007fb38ec5c55d497600000000");
  check("eb93429a8bd952f8b89c55b87f475edc", 0x82088235, "a02372f6530273f3aa1eb90190ce5200c99d",
        "01000000ff2aeb52f681793a00000000");
}

TEST_F(NtlmSealingTest, CallsInBothDirections) {
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("question")));
  Send(kToClient, to_client_->Seal(Response("answer")));
  Send(kToServer, to_server_->Seal(Request("again", 0), false));
  Send(kToClient, to_client_->Seal(FaultPdu(1, 5).Auth({10, 6, 0, std::vector<std::uint8_t>(16)}).Build()));
  Send(kToServer, to_server_->Seal(Request("third")));
  Send(kToClient, to_client_->Seal(Response("thrice")));
  EXPECT_EQ(listener_.said, ">question <answer >again fault >third <thrice ");
  EXPECT_TRUE(complaints_.list().empty());
}

TEST_F(NtlmSealingTest, Fragments) {
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("one,", 4, kFirstFrag)));
  Send(kToServer, to_server_->Seal(Request("two,", 0, 0)));
  Send(kToServer, to_server_->Seal(Request("three", 3, kLastFrag)));
  EXPECT_EQ(listener_.said, ">one,two,three ");
}

TEST_F(NtlmSealingTest, AnyByteChangedYieldsNoData) {
  Authenticate();
  const auto pdu = to_server_->Seal(Request("question"));
  for (std::size_t at = 0; at < pdu.size(); ++at) {
    Use("nt-password User Password");
    Authenticate();
    listener_.said.clear();
    auto changed = pdu;
    changed[at] ^= 0x41;
    Send(kToServer, changed);
    EXPECT_EQ(listener_.said.find("question"), std::string::npos) << at;
  }
}

TEST_F(NtlmSealingTest, AfterAGapADirectionStaysSealed) {
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("one")));
  static_cast<void>(to_server_->Seal(Request("lost")));
  association_->OnMissing(kToServer, 0, Undecoded::kGap, {});
  Send(kToServer, to_server_->Seal(Request("three", 3, kFirstFrag | kLastFrag, 3)));
  Send(kToClient, to_client_->Seal(Response("answer")));
  EXPECT_EQ(listener_.said, ">one encrypted! <answer ");
  EXPECT_TRUE(complaints_.list().empty());
}

TEST_F(NtlmSealingTest, WithoutTheExchangeOrAKeyItStaysSealed) {
  Send(kToServer, to_server_->Seal(Request("midway")));
  EXPECT_EQ(listener_.said, "encrypted! ");
  Use("nt-password Eve Password");
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("not Eve's")));
  EXPECT_EQ(listener_.said, "encrypted! encrypted! ");
  EXPECT_TRUE(complaints_.list().empty());
}

TEST_F(NtlmSealingTest, WrongKeyIsReportedOnce) {
  Use("nt-password User wrong");
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("one")));
  Send(kToServer, to_server_->Seal(Request("two")));
  EXPECT_EQ(listener_.said, "encrypted! encrypted! ");
  EXPECT_EQ(complaints_.list(), std::vector<std::string>{"key does not fit user Domain\\User"});
}

TEST_F(NtlmSealingTest, LaterTokensOfOthersChangeNothing) {
  Authenticate();
  Send(kToServer, to_server_->Seal(Request("one")));
  Send(kToServer,
       PduBuilder(PduType::kAlterContext).Put(std::uint64_t{0}).Put(std::uint32_t{0}).Auth(WithToken({1})).Build());
  Send(kToServer, to_server_->Seal(Request("two")));
  EXPECT_EQ(listener_.said, ">one >two ");
}

}  // namespace
}  // namespace sessenum
