#include "rpc/association.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "rpc/pdu_builder_testing.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;
using Log = std::vector<std::string>;

std::string SyntaxOf(const PresentationContext* context) {
  if (context == nullptr) return "unbound";
  if (!context->answered) return "unanswered";
  return context->syntax ? std::string(Name(*context->syntax)) : "none";
}

// Writes down in words what it is told.
class Recorder final : public AssociationObserver {
 public:
  void OnRequest(const AssembledStub& stub, const PresentationContext* context) override {
    Say("request " + Describe(stub) + " op " + (stub.opnum ? std::to_string(*stub.opnum) : "?") + " " +
        SyntaxOf(context));
  }
  void OnResponse(const AssembledStub& stub, const PresentationContext* context,
                  const std::optional<CallInFlight>& request) override {
    Say("response " + Describe(stub) + Asked(request) + " " + SyntaxOf(context));
  }
  void OnFault(const RpcFault& fault, const PresentationContext* context,
               const std::optional<CallInFlight>& request) override {
    Say("fault " + std::to_string(fault.call_id) + " status " + std::to_string(fault.status) + Asked(request) + " " +
        SyntaxOf(context));
  }
  void OnPdu(const Pdu& /*pdu*/, const FramedPdu& bytes) override { pdus.push_back(bytes.bytes.size()); }
  void OnAuthToken(Direction direction, Bytes token) override {
    Say("token " + Way(direction) + " " + std::to_string(token.size()));
  }
  void OnLoss(Direction direction, Undecoded why) override {
    Say("loss " + Way(direction) + " " + std::string(Name(why)));
  }
  void OnAssociationClose() override { Say("close"); }

  Log log;
  std::vector<std::size_t> pdus;  // sizes

 private:
  static std::string Describe(const AssembledStub& stub) {
    return std::to_string(stub.call_id) + " size " + std::to_string(stub.bytes.size()) +
           (stub.missing ? " missing " + std::string(Name(*stub.missing)) : "");
  }
  static std::string Asked(const std::optional<CallInFlight>& request) {
    return request ? " to op " + (request->opnum ? std::to_string(*request->opnum) : "?") : " to nothing";
  }
  static std::string Way(Direction direction) { return direction == Direction::kToServer ? "up" : "down"; }
  void Say(std::string words) { log.push_back(std::move(words)); }
};

class AssociationTest : public testing::Test {
 protected:
  void Send(Direction direction, const Octets& bytes) {
    const std::vector<Origin> origins = {{0, {++packets_, 0}}};
    association_.OnData(direction, {bytes, origins});
  }
  void Up(const PduBuilder& pdu) { Send(Direction::kToServer, pdu.Build()); }
  void Down(const PduBuilder& pdu) { Send(Direction::kToClient, pdu.Build()); }
  void Bind(const SyntaxId& syntax = kNdrSyntax, std::uint16_t id = 0) {
    Up(BindPdu(1, {{id, kSrvsvcInterface, {syntax}}}));
    Down(BindAckPdu(1, {{0, 0, syntax}}));
  }
  void ExpectLog(const Log& expected) {
    EXPECT_EQ(recorder_.log, expected);
    recorder_.log.clear();
  }

  Budget budget_{Limits{}};
  Recorder recorder_;
  RpcAssociation association_{budget_, recorder_};
  std::uint64_t packets_ = 0;
};

const Octets kRequestStub = CountingStub(84);
const Octets kResponseStub = CountingStub(184);

TEST_F(AssociationTest, BindRequestResponse) {
  Bind();
  Up(RequestPdu(2, kRequestStub));
  Down(ResponsePdu(2, kResponseStub));
  ExpectLog({"request 2 size 84 op 12 ndr", "response 2 size 184 to op 12 ndr"});
  association_.OnClose();
  ExpectLog({"close"});
}

TEST_F(AssociationTest, TheAnswerDecidesTheSyntax) {
  Up(BindPdu(1, {{0, kSrvsvcInterface, {kNdrSyntax}},
                 {1, kSrvsvcInterface, {kNdr64Syntax}},
                 {2, kSrvsvcInterface, {kFeatureNegotiation}}}));
  Down(BindAckPdu(1, {{2, 2, {}}, {0, 0, kNdr64Syntax}, {3, 3, {}}}));
  Up(RequestPdu(2, kRequestStub, ByteOrder::kLittle, 1));
  Up(RequestPdu(3, kRequestStub, ByteOrder::kLittle, 0));
  Up(RequestPdu(4, kRequestStub, ByteOrder::kLittle, 2));
  ExpectLog({"request 2 size 84 op 12 ndr64", "request 3 size 84 op 12 none", "request 4 size 84 op 12 unbound"});
}

TEST_F(AssociationTest, AlterContextAddsAContext) {
  Bind();
  Up(BindPdu(2, {{1, kSrvsvcInterface, {kNdr64Syntax}}}, PduType::kAlterContext));
  Down(BindAckPdu(2, {{0, 0, kNdr64Syntax}}, "", PduType::kAlterContextResp));
  Up(RequestPdu(3, kRequestStub, ByteOrder::kLittle, 1));
  Up(RequestPdu(4, kRequestStub, ByteOrder::kLittle, 0));
  ExpectLog({"request 3 size 84 op 12 ndr64", "request 4 size 84 op 12 ndr"});
}

TEST_F(AssociationTest, WithoutABindOrItsAnswer) {
  Up(RequestPdu(2, kRequestStub));
  Up(BindPdu(3, {{0, kSrvsvcInterface, {kNdrSyntax}}}));
  Up(RequestPdu(4, kRequestStub));
  Down(PduBuilder(PduType::kBindNak).CallId(3).Put(std::uint16_t{4}));
  ExpectLog({"request 2 size 84 op 12 unbound", "request 4 size 84 op 12 unanswered"});
}

TEST_F(AssociationTest, PipelinedCallsAreAnsweredInAnyOrder) {
  Bind();
  Up(RequestPdu(2, kRequestStub, ByteOrder::kLittle, 0, 12));
  Up(RequestPdu(3, kRequestStub, ByteOrder::kLittle, 0, 21));
  Up(RequestPdu(4, kRequestStub, ByteOrder::kLittle, 0, 15));
  Down(ResponsePdu(4, kResponseStub));
  Down(ResponsePdu(2, kResponseStub));
  Down(ResponsePdu(3, kResponseStub));
  recorder_.log.erase(recorder_.log.begin(), recorder_.log.begin() + 3);
  ExpectLog(
      {"response 4 size 184 to op 15 ndr", "response 2 size 184 to op 12 ndr", "response 3 size 184 to op 21 ndr"});
}

TEST_F(AssociationTest, AResponseToAnUnknownRequest) {
  Bind();
  Down(ResponsePdu(9, kResponseStub));
  Up(RequestPdu(2, kRequestStub));
  Down(ResponsePdu(2, kResponseStub));
  Down(ResponsePdu(2, kResponseStub));  // it has been answered
  ExpectLog({"response 9 size 184 to nothing ndr", "request 2 size 84 op 12 ndr", "response 2 size 184 to op 12 ndr",
             "response 2 size 184 to nothing ndr"});
}

TEST_F(AssociationTest, Faults) {
  Bind();
  Up(RequestPdu(2, kRequestStub));
  Down(FaultPdu(2, 5));
  Down(FaultPdu(7, 0x6F7, false));
  ExpectLog({"request 2 size 84 op 12 ndr", "fault 2 status 5 to op 12 ndr", "fault 7 status 1783 to nothing ndr"});
}

TEST_F(AssociationTest, FragmentsBothWays) {
  Bind();
  Up(RequestPdu(2, CountingStub(50)).Flags(kFirstFrag));
  Up(RequestPdu(2, CountingStub(34, 50)).Flags(kLastFrag));
  Down(ResponsePdu(2, CountingStub(100)).Flags(kFirstFrag));
  Down(ResponsePdu(2, CountingStub(80, 100)).Flags(0));
  Down(ResponsePdu(2, CountingStub(4)).Flags(kLastFrag));
  ExpectLog({"request 2 size 84 op 12 ndr", "response 2 size 184 to op 12 ndr"});
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(AssociationTest, TokensOfTheSecurityExchange) {
  BuiltAuth auth;
  Up(BindPdu(1, {{0, kSrvsvcInterface, {kNdrSyntax}}}).Auth(auth));
  auth.token.resize(48);
  Down(BindAckPdu(1, {{0, 0, kNdrSyntax}}).Auth(auth));
  auth.token.resize(99);
  Up(PduBuilder(PduType::kAuth3).Put(std::uint32_t{0}).Auth(auth));
  Up(RequestPdu(2, kRequestStub).Auth(auth));  // a signature, not a token of the exchange
  ExpectLog({"token up 16", "token down 48", "token up 99", "request 2 size 84 op 12 ndr"});
}

TEST_F(AssociationTest, PrivacyIsMarked) {
  BuiltAuth auth;
  auth.level = kAuthLevelPrivacy;
  Bind();
  Up(RequestPdu(2, kRequestStub).Auth(auth));
  Down(ResponsePdu(2, kResponseStub).Auth(auth));
  ExpectLog({"request 2 size 84 missing encrypted op 12 ndr", "response 2 size 184 missing encrypted to op 12 ndr"});
}

// Writes down what it is to unseal, and has no key.
class Sealing final : public StubSealing {
 public:
  void OnToken(Bytes /*token*/) override {}
  [[nodiscard]] bool Unseal(Direction /*direction*/, const SealedPdu& pdu, std::vector<std::uint8_t>&) override {
    sizes.push_back(pdu.sealed_size);
    EXPECT_EQ(pdu.sealed_at + pdu.sealed_size + kSecTrailerSize, pdu.bytes.size());
    return false;
  }
  void OnLoss(Direction /*direction*/) override {}

  std::vector<std::size_t> sizes;
};

TEST_F(AssociationTest, WhatIsSealedEndsWithThePduWhateverItsPaddingIsSaidToBe) {
  Sealing sealing;
  RpcAssociation association(budget_, recorder_, &sealing);
  const BuiltAuth auth{10, kAuthLevelPrivacy, 255, Octets(16)};
  const auto send = [&](const PduBuilder& pdu) {
    const Octets bytes = pdu.Build();
    const std::vector<Origin> origins = {{0, {++packets_, 0}}};
    association.OnData(Direction::kToClient, {bytes, origins});
  };
  send(FaultPdu(2, 5).Auth(auth));
  send(PduBuilder(PduType::kShutdown).Auth(auth));
  send(PduBuilder(PduType::kBindNak).Put(std::uint16_t{4}).Auth(auth));
  EXPECT_EQ(sealing.sizes.size(), 3U);
}

TEST_F(AssociationTest, OtherPdusSayNothing) {
  Bind();
  Up(RequestPdu(2, kRequestStub));
  Up(PduBuilder(PduType::kCoCancel).CallId(2));
  Up(PduBuilder(PduType::kOrphaned).CallId(2));
  Down(ResponsePdu(2, kResponseStub));
  Down(PduBuilder(PduType::kShutdown));
  ExpectLog({"request 2 size 84 op 12 ndr", "response 2 size 184 to op 12 ndr"});
}

TEST_F(AssociationTest, MalformedPdusAreALossInTheirDirection) {
  Octets bytes = RequestPdu(2, kRequestStub).Build();
  StoreInteger(std::uint16_t{0xFFF0}, ByteOrder::kLittle, &bytes[10]);
  Send(Direction::kToServer, bytes);
  Down(PduBuilder(PduType::kResponse));  // no room for its fields
  ExpectLog({"loss up malformed", "loss down malformed"});
}

TEST_F(AssociationTest, ADamagedHeaderIsALossInItsDirection) {
  Bind();
  Octets damaged = ResponsePdu(2, kResponseStub).Build();
  damaged[0] = 0xEE;
  Up(RequestPdu(2, kRequestStub));
  Send(Direction::kToClient, damaged);
  ExpectLog({"request 2 size 84 op 12 ndr", "loss down malformed"});
  Down(FaultPdu(3, 5));
  Send(Direction::kToClient, {5, 0, 2});
  recorder_.log.clear();
  association_.OnClose();
  ExpectLog({"loss down gap", "close"});
}

TEST_F(AssociationTest, MissingBytes) {
  Bind();
  const Octets request = RequestPdu(2, kRequestStub).Build();
  Send(Direction::kToServer, Octets(request.begin(), request.begin() + 44));
  association_.OnMissing(Direction::kToServer, request.size() - 44, Undecoded::kTruncated, {});
  ExpectLog({"request 2 size 20 missing truncated op 12 ndr", "loss up truncated"});
  Up(RequestPdu(3, kRequestStub));
  Down(ResponsePdu(2, kResponseStub));
  ExpectLog({"request 3 size 84 op 12 ndr", "response 2 size 184 to op 12 ndr"});
}

TEST_F(AssociationTest, WhatIsUnfinishedComesAtTheEnd) {
  Bind();
  Up(RequestPdu(2, kRequestStub).Flags(kFirstFrag));
  Up(RequestPdu(3, kRequestStub));
  Down(ResponsePdu(3, kResponseStub).Flags(kFirstFrag));
  const Octets cut = ResponsePdu(3, kResponseStub).Flags(kLastFrag).Build();
  Send(Direction::kToClient, Octets(cut.begin(), cut.begin() + 34));
  recorder_.log.clear();
  association_.OnClose();
  ExpectLog({"response 3 size 194 missing gap to op 12 ndr", "request 2 size 84 missing gap op 12 ndr", "close"});
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(AssociationTest, TheSameHoweverTheStreamsAreCut) {
  Octets up;
  Octets down;
  const auto add = [](const PduBuilder& pdu, Octets& to) {
    const Octets bytes = pdu.Build();
    to.insert(to.end(), bytes.begin(), bytes.end());
  };
  Bind();
  for (std::uint32_t call = 2; call < 12; ++call) {
    const ByteOrder order = call % 2 == 0 ? ByteOrder::kLittle : ByteOrder::kBig;
    add(RequestPdu(call, CountingStub(call * 7), order).Flags(kFirstFrag), up);
    add(RequestPdu(call, CountingStub(call), order).Flags(kLastFrag), up);
    add(call % 3 == 0 ? FaultPdu(call, call) : ResponsePdu(call, CountingStub(call * 20), order), down);
  }
  Send(Direction::kToServer, up);
  Send(Direction::kToClient, down);
  const Log whole = recorder_.log;
  EXPECT_EQ(whole.size(), 20U);
  std::mt19937 random(6);
  for (int round = 0; round < 50; ++round) {
    recorder_.log.clear();
    for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
      const Octets& stream = direction == Direction::kToServer ? up : down;
      for (std::size_t at = 0; at < stream.size();) {
        const std::size_t size = round == 0 ? 1 : std::min(stream.size() - at, std::size_t{1} + random() % 70);
        const auto from = stream.begin() + static_cast<std::ptrdiff_t>(at);
        Send(direction, Octets(from, from + static_cast<std::ptrdiff_t>(size)));
        at += size;
      }
    }
    ASSERT_EQ(recorder_.log, whole);
  }
}

TEST(Association, CallsInFlightAreCapped) {
  Limits limits;
  limits.rpc_calls = 10;
  Budget budget(limits);
  Recorder recorder;
  RpcAssociation association(budget, recorder);
  for (std::uint32_t call = 0; call < 100; ++call) {
    const Octets bytes = RequestPdu(call, kRequestStub).Build();
    association.OnData(Direction::kToServer, {bytes, {}});
  }
  EXPECT_EQ(budget.hits(Cap::kRpcCalls), 90U);
  EXPECT_EQ(recorder.log.size(), 100U);
}

}  // namespace
}  // namespace sessenum
