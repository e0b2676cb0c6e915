#include "replay/call_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "replay/call_judge.h"
#include "replay/conversation_testing.h"
#include "replay/flow_sink.h"
#include "replay/recorded_call_testing.h"
#include "rpc/pdu_builder_testing.h"
#include "smb/ntlmssp_builder_testing.h"

namespace sessenum {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto kUp = Direction::kToServer;
constexpr auto kDown = Direction::kToClient;
constexpr SyntaxId kOtherInterface{
    {0x6bffd098, 0xa112, 0x3610, {0x98, 0x33, 0x46, 0xc3, 0xf8, 0x7e, 0x34, 0x5a}}, 1, 0};

// One association, fed with PDUs, each in a packet of its own that comes a microsecond after the one before.
class CallTrackerTest : public testing::Test {
 protected:
  void Start(std::optional<std::string> pipe = "srvsvc") {
    Carrier carrier;
    carrier.named_pipe = std::move(pipe);
    association_ = std::make_unique<TrackedAssociation>(std::move(carrier), run_);
  }
  void StartBound() {
    Start();
    Say(kUp, Bind());
    Say(kDown, BindAck());
  }
  void Say(Direction direction, const Stub& pdu) {
    ++frame_;
    const Origin origin{0, {frame_, static_cast<std::int64_t>(frame_) * 1000}};
    association_->OnData(direction, SourcedBytes(pdu, {&origin, 1}));
  }
  void Ask(std::uint32_t id, std::uint32_t level = 10) { Say(kUp, RequestPdu(id, RequestStub(level)).Build()); }
  void Answer(std::uint32_t id, std::uint32_t level = 10) { Say(kDown, ResponsePdu(id, ResponseStub(level)).Build()); }
  void Lose(Direction direction, Undecoded why = Undecoded::kGap) {
    association_->OnMissing(direction, 100, why, {++frame_, 0});
  }
  void Close() { association_->OnClose(); }

  [[nodiscard]] std::uint64_t undecoded(Undecoded why) const {
    return summary_.undecoded[static_cast<std::size_t>(why)];
  }
  [[nodiscard]] std::uint64_t all_undecoded() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : summary_.undecoded) sum += count;
    return sum;
  }
  [[nodiscard]] std::uint64_t verdicts(Verdict verdict) const {
    return summary_.verdicts[static_cast<std::size_t>(verdict)];
  }
  [[nodiscard]] const RecordedCall& call(std::size_t index = 0) const { return calls_.at(index); }

  Limits limits_;
  Budget budget_{limits_};
  Summary summary_;
  std::vector<RecordedCall> calls_;
  CallJudge judge_{budget_, {}};
  CallQueue queue_{budget_, 0, [this](Call& call) {
                     judge_.Examine(call, summary_.verdicts);
                     calls_.push_back(Record(call));
                   }};
  RunContext run_{budget_, queue_, summary_};
  std::unique_ptr<TrackedAssociation> association_;
  std::uint64_t frame_ = 0;
};

TEST_F(CallTrackerTest, PairsARequestWithItsAnswer) {
  StartBound();
  Ask(2);
  EXPECT_THAT(calls_, IsEmpty());
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_EQ(call().text,
            "tcp pipe=srvsvc user=- id=2 ctx=0 ndr/bind_ack none | request 84 bytes in 1 little, level 10 | response "
            "192 bytes in 1 little, level 10 \\\\10.0.0.0 \\\\10.0.0.1 = 0");
  EXPECT_EQ(call().request_frames, std::vector<std::uint64_t>({3}));
  EXPECT_EQ(call().answer_frames, std::vector<std::uint64_t>({4}));
  EXPECT_EQ(call().rtt_ns, 1000);
  EXPECT_EQ(summary_.calls, 1U);
  EXPECT_GT(verdicts(Verdict::kPass), 2U) << "one for each stub, and rules";
  EXPECT_EQ(verdicts(Verdict::kViolation), 0U);
  EXPECT_EQ(all_undecoded(), 0U);
}

TEST_F(CallTrackerTest, TheServersAnswerToTheBindNamesTheTransferSyntax) {
  for (const NdrFormat format : kAllFormats) {
    calls_.clear();
    Start();
    Say(kUp, Bind(format.syntax));
    Say(kDown, BindAck(format.syntax));
    Say(kUp, RequestPdu(2, RequestStub(502, format), format.order).Build());
    Say(kDown, ResponsePdu(2, ResponseStub(502, 3, format), format.order).Build());
    ASSERT_THAT(calls_, SizeIs(1)) << FormatName(format);
    EXPECT_THAT(call().text, HasSubstr(std::string(Name(format.syntax)) + "/bind_ack"));
    EXPECT_THAT(call().text, HasSubstr("\\\\10.0.0.0 \\\\10.0.0.1 \\\\10.0.0.2 = 0"));
    EXPECT_THAT(call().text, Not(HasSubstr("undecoded")));
  }
}

TEST_F(CallTrackerTest, WithoutAnAnswerToTheBindTheSyntaxIsAssumed) {
  for (const NdrFormat format : kAllFormats) {
    calls_.clear();
    Start();
    Say(kUp, Bind(format.syntax));
    Say(kUp, RequestPdu(2, RequestStub(1, format), format.order).Build());
    Say(kDown, ResponsePdu(2, ResponseStub(1, 3, format), format.order).Build());
    ASSERT_THAT(calls_, SizeIs(1)) << FormatName(format);
    EXPECT_THAT(call().text, HasSubstr(std::string(Name(format.syntax)) + "/assumed"));
    EXPECT_THAT(call().text, HasSubstr("= 0"));
  }
}

TEST_F(CallTrackerTest, WithoutABindThePipesNameDecides) {
  Start("srvsvc");
  Ask(2);
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("ndr/assumed"));
  Start("wkssvc");
  Ask(3);
  Answer(3);
  Close();
  EXPECT_THAT(calls_, SizeIs(1));
  EXPECT_EQ(all_undecoded(), 0U);
}

TEST_F(CallTrackerTest, WithoutABindAndANameTheStubDecides) {
  Start(std::nullopt);
  Ask(2);
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("ndr/assumed"));
  Say(kUp, RequestPdu(3, Stub(64, 0xEE)).Build());
  Close();
  EXPECT_THAT(calls_, SizeIs(1));
  EXPECT_EQ(undecoded(Undecoded::kNoBind), 1U);
}

TEST_F(CallTrackerTest, OnTheSrvsvcPipeAStubThatFitsNothingIsACallWithoutABind) {
  Start("srvsvc");
  Say(kUp, RequestPdu(2, Stub(64, 0xEE)).Build());
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("request 64 bytes in 1 little, not decoded"));
  EXPECT_THAT(call().text, HasSubstr("| undecoded malformed"));
  EXPECT_EQ(undecoded(Undecoded::kMalformed), 1U);
}

TEST_F(CallTrackerTest, ABoundInterfaceCountsForMoreThanThePipesName) {
  Start("srvsvc");
  Say(kUp, Bind(TransferSyntax::kNdr, kOtherInterface));
  Say(kDown, BindAck());
  Ask(2);
  Answer(2);
  Start("wkssvc");
  Say(kUp, Bind());
  Say(kDown, BindAck());
  Ask(3);
  Answer(3);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("pipe=wkssvc user=- id=3"));
}

TEST_F(CallTrackerTest, OtherOperationsAreNoCalls) {
  StartBound();
  for (const std::uint16_t opnum : std::initializer_list<std::uint16_t>{0, 11, 13, 15}) {
    Say(kUp, RequestPdu(opnum, RequestStub(), ByteOrder::kLittle, 0, opnum).Build());
    Answer(opnum);
  }
  Close();
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(all_undecoded(), 0U);
}

TEST_F(CallTrackerTest, AnAnswerMayComeBeforeItsRequest) {
  StartBound();
  Answer(2);
  EXPECT_THAT(calls_, IsEmpty());
  Ask(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("| request 84 bytes"));
  EXPECT_THAT(call().text, HasSubstr("| response 192 bytes"));
  EXPECT_EQ(call().rtt_ns, -1000);
  EXPECT_EQ(summary_.calls, 1U);
}

TEST_F(CallTrackerTest, AFaultMayComeBeforeItsRequest) {
  StartBound();
  Say(kDown, FaultPdu(2, 5).Build());
  Ask(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("| request 84 bytes in 1 little, level 10 | fault 5"));
}

TEST_F(CallTrackerTest, AnEarlyAnswerToAnotherOperationIsForgotten) {
  StartBound();
  Answer(2);
  Say(kUp, RequestPdu(2, Stub(8), ByteOrder::kLittle, 0, 15).Build());
  Close();
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(all_undecoded(), 0U);
}

TEST_F(CallTrackerTest, SeveralCallsInFlightArePairedByCallId) {
  StartBound();
  Ask(2, 10);
  Ask(3, 502);
  Ask(4, 0);
  Answer(4, 0);
  Answer(2, 10);
  Answer(3, 502);
  ASSERT_THAT(calls_, SizeIs(3));
  EXPECT_THAT(call(0).text, AllOf(HasSubstr("id=4 "), HasSubstr("level 0 \\\\")));
  EXPECT_THAT(call(1).text, AllOf(HasSubstr("id=2 "), HasSubstr("level 10 \\\\")));
  EXPECT_THAT(call(2).text, AllOf(HasSubstr("id=3 "), HasSubstr("level 502 \\\\")));
}

TEST_F(CallTrackerTest, ACallIdIsUsedAgainAfterItsAnswer) {
  StartBound();
  for (int i = 0; i < 3; ++i) {
    Ask(1);
    Answer(1);
  }
  ASSERT_THAT(calls_, SizeIs(3));
  EXPECT_EQ(call(2).request_frames, std::vector<std::uint64_t>({7}));
  EXPECT_EQ(call(2).answer_frames, std::vector<std::uint64_t>({8}));
}

TEST_F(CallTrackerTest, ACallIdUsedAgainBeforeItsAnswerLeavesTheFirstCallUnanswered) {
  StartBound();
  Ask(1, 10);
  Ask(1, 502);
  Answer(1, 502);
  ASSERT_THAT(calls_, SizeIs(2));
  EXPECT_THAT(call(0).text, HasSubstr("request 84 bytes in 1 little, level 10"));
  EXPECT_THAT(call(0).text, Not(HasSubstr("response")));
  EXPECT_THAT(call(1).text, HasSubstr("response"));
}

TEST_F(CallTrackerTest, ARequestWithoutAnAnswerIsACallOnceTheAssociationEnds) {
  StartBound();
  Ask(2);
  EXPECT_THAT(calls_, IsEmpty());
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, testing::EndsWith("| request 84 bytes in 1 little, level 10"));
  EXPECT_EQ(call().rtt_ns, std::nullopt);
  EXPECT_EQ(all_undecoded(), 0U) << "nothing was lost: the server did not answer";
}

TEST_F(CallTrackerTest, ALostAnswerIsAGap) {
  StartBound();
  Ask(2);
  Lose(kDown);
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, testing::EndsWith("level 10 | undecoded gap"));
  EXPECT_EQ(undecoded(Undecoded::kGap), 1U);
}

TEST_F(CallTrackerTest, WhatWasLostBeforeTheRequestIsNotItsAnswer) {
  StartBound();
  Lose(kDown);
  Ask(2);
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, Not(HasSubstr("undecoded")));
}

TEST_F(CallTrackerTest, TheReasonOfALossIsKept) {
  for (const Undecoded why : {Undecoded::kEncrypted, Undecoded::kCompressed, Undecoded::kTruncated}) {
    calls_.clear();
    StartBound();
    Ask(2);
    Lose(kDown, why);
    Close();
    ASSERT_THAT(calls_, SizeIs(1));
    EXPECT_THAT(call().text, HasSubstr("undecoded " + std::string(Name(why))));
    EXPECT_EQ(undecoded(why), 1U);
  }
}

TEST_F(CallTrackerTest, ALostRequestLeavesItsAnswer) {
  StartBound();
  Lose(kUp);
  Answer(2);
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, Not(HasSubstr("request")));
  EXPECT_THAT(call().text, HasSubstr("| response 192 bytes"));
  EXPECT_THAT(call().text, HasSubstr("| undecoded gap"));
  EXPECT_EQ(undecoded(Undecoded::kGap), 1U);
}

TEST_F(CallTrackerTest, AnAnswerToALostRequestThatCannotBeOursIsCountedAsLost) {
  StartBound();
  Lose(kUp);
  Say(kDown, ResponsePdu(2, Stub(64, 0xEE)).Build());
  Close();
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(undecoded(Undecoded::kGap), 1U);
  EXPECT_EQ(summary_.calls, 0U);
}

TEST_F(CallTrackerTest, AFaultWhoseRequestWasLostIsNoCall) {
  StartBound();
  Lose(kUp);
  Say(kDown, FaultPdu(2, 5).Build());
  Close();
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(undecoded(Undecoded::kGap), 1U);
}

TEST_F(CallTrackerTest, AFaultIsAnAnswer) {
  StartBound();
  Ask(2);
  Say(kDown, FaultPdu(2, 0x1C010002).Build());
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, testing::EndsWith("level 10 | fault 469827586"));
  EXPECT_EQ(call().answer_frames, std::vector<std::uint64_t>({4}));
  EXPECT_EQ(call().rtt_ns, 1000);
  EXPECT_EQ(all_undecoded(), 0U);
}

TEST_F(CallTrackerTest, EncryptedStubsAreACallThatIsNotDecoded) {
  StartBound();
  BuiltAuth privacy;
  privacy.level = kAuthLevelPrivacy;
  Say(kUp, RequestPdu(2, Stub(96, 0xEE)).Auth(privacy).Build());
  Say(kDown, ResponsePdu(2, Stub(96, 0xEE)).Auth(privacy).Build());
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("ndr/bind_ack rpc | request 0 bytes in 1 little, missing encrypted, not decoded"));
  EXPECT_THAT(call().text, HasSubstr("| undecoded encrypted"));
  EXPECT_EQ(undecoded(Undecoded::kEncrypted), 2U);
  EXPECT_EQ(verdicts(Verdict::kViolation), 0U) << "what was not seen is not judged";
}

TEST_F(CallTrackerTest, SignedStubsAreRead) {
  StartBound();
  BuiltAuth integrity;
  integrity.pad_length = 8;
  Say(kUp, RequestPdu(2, RequestStub()).Auth(integrity).Build());
  Say(kDown, ResponsePdu(2, ResponseStub()).Auth(integrity).Build());
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("none | request 84 bytes in 1 little, level 10 | response 192 bytes"));
}

TEST_F(CallTrackerTest, AMalformedStubKeepsWhatWasDecodedAndNamesItsPacket) {
  StartBound();
  const Stub stub = ResponseStub();
  Ask(2);
  Say(kDown, ResponsePdu(2, Bytes(stub).first(stub.size() - 6)).Build());
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("level 10 \\\\10.0.0.0 \\\\10.0.0.1 | undecoded malformed | G5-truncated"));
  EXPECT_EQ(call().finding_frames, std::vector<std::uint64_t>({4}));
  EXPECT_EQ(undecoded(Undecoded::kMalformed), 1U);
  EXPECT_EQ(verdicts(Verdict::kViolation), 1U);
}

TEST_F(CallTrackerTest, AFindingNamesThePacketOfItsFragment) {
  StartBound();
  const Stub stub = RequestStub();
  const std::size_t half = 48;
  Stub tail(stub.begin() + half, stub.end());
  tail.push_back(0xEE);  // behind the last parameter
  Say(kUp, RequestPdu(2, Bytes(stub).first(half)).Flags(kFirstFrag).Build());
  Say(kUp, RequestPdu(2, tail).Flags(kLastFrag).Build());
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("request 85 bytes in 2 little, level 10"));
  EXPECT_THAT(call().text, HasSubstr("| G5-trailing-bytes"));
  EXPECT_EQ(call().request_frames, std::vector<std::uint64_t>({3, 4}));
  EXPECT_EQ(call().finding_frames, std::vector<std::uint64_t>({4}));
}

TEST_F(CallTrackerTest, AStubThatTheCaptureCutIsNotMalformed) {
  StartBound();
  Ask(2);
  const Stub pdu = ResponsePdu(2, ResponseStub()).Build();
  Say(kDown, Stub(pdu.begin(), pdu.end() - 40));
  association_->OnMissing(kDown, 40, Undecoded::kTruncated, {frame_, 0});
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("missing truncated, level 10"));
  EXPECT_THAT(call().text, testing::EndsWith("| undecoded truncated")) << "and no finding";
  EXPECT_EQ(undecoded(Undecoded::kTruncated), 1U);
  EXPECT_EQ(verdicts(Verdict::kViolation), 0U);
  EXPECT_GT(verdicts(Verdict::kUndecided), 1U);
}

TEST_F(CallTrackerTest, AFragmentTrainThatNeverEndsIsAGap) {
  StartBound();
  Say(kUp, RequestPdu(2, Bytes(RequestStub()).first(48)).Flags(kFirstFrag).Build());
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("request 48 bytes in 1 little, missing gap"));
  EXPECT_THAT(call().text, testing::EndsWith("| undecoded gap"));
}

TEST_F(CallTrackerTest, TheNameInAnNtlmTokenIsTheUser) {
  StartBound();
  BuiltAuth ntlm;
  ntlm.token = NtlmAuthenticate({.user = "bob", .domain = "CORP", .workstation = "WS7"});
  Say(kUp, PduBuilder(PduType::kAuth3).CallId(1).Put(std::uint32_t{0}).Auth(ntlm).Build());
  Ask(2);
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("user=bob"));
}

TEST_F(CallTrackerTest, AServersTokenNamesNobody) {
  Start();
  BuiltAuth ntlm;
  ntlm.token = NtlmAuthenticate({.user = "mallory", .domain = "", .workstation = ""});
  Say(kUp, Bind());
  Say(kDown, BindAckPdu(1, {{0, 0, kNdrSyntax}}).Auth(ntlm).Build());
  Ask(2);
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("user=-"));
}

TEST_F(CallTrackerTest, TooManyCallsUnderWayEndTheOldest) {
  limits_.rpc_calls = 2;
  budget_ = Budget(limits_);
  StartBound();
  for (std::uint32_t id = 2; id <= 5; ++id) Ask(id);
  EXPECT_THAT(calls_, SizeIs(2));
  EXPECT_GT(budget_.hits(Cap::kRpcCalls), 0U);
  Answer(5);
  Close();
  ASSERT_THAT(calls_, SizeIs(4));
  EXPECT_THAT(call(0).text, HasSubstr("id=2 "));
  EXPECT_THAT(call(1).text, HasSubstr("id=3 "));
  EXPECT_THAT(call(2).text, AllOf(HasSubstr("id=5 "), HasSubstr("response")));
  EXPECT_THAT(call(3).text, AllOf(HasSubstr("id=4 "), Not(HasSubstr("response"))));
}

TEST_F(CallTrackerTest, ManyAnswersWithoutRequestsAreCappedToo) {
  limits_.rpc_calls = 4;
  budget_ = Budget(limits_);
  StartBound();
  for (std::uint32_t id = 2; id < 50; ++id) Say(kDown, FaultPdu(id, 5).Build());
  EXPECT_GT(budget_.hits(Cap::kRpcCalls), 0U);
  Close();
  EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(CallTrackerTest, MoreSessionsThanTheCapAreNotDecoded) {
  limits_.sessions = 3;
  budget_ = Budget(limits_);
  StartBound();
  Ask(2);
  Say(kDown, ResponsePdu(2, ResponseStub(10, 4)).Build());
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("G5-too-many-sessions"));
  EXPECT_EQ(budget_.hits(Cap::kSessions), 1U);
}

// What a small snaplen leaves of a PDU.
Stub FirstBytes(const PduBuilder& pdu, std::size_t size) {
  Stub bytes = pdu.Build();
  bytes.resize(size);
  return bytes;
}

TEST_F(CallTrackerTest, ARequestThatIsCutBeforeItsOpnumMayBeACall) {
  Start();
  Say(kUp, FirstBytes(RequestPdu(2, RequestStub()), 18));
  Lose(kUp, Undecoded::kTruncated);
  Say(kDown, FirstBytes(ResponsePdu(2, ResponseStub()), 60));
  Lose(kDown, Undecoded::kTruncated);
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_EQ(call().text,
            "tcp pipe=srvsvc user=- id=2 ctx=0 - none | operation not seen | request 0 bytes in 1 little, missing "
            "truncated, not decoded | response 36 bytes in 1 little, missing truncated, not decoded | undecoded "
            "truncated");
  EXPECT_EQ(undecoded(Undecoded::kTruncated), 2U);
}

TEST_F(CallTrackerTest, AnAnswerToNothingThatWasCapturedIsCounted) {
  StartBound();
  Say(kDown, ResponsePdu(2, Stub(40, 7)).Build());
  Answer(3);
  Close();
  ASSERT_THAT(calls_, SizeIs(1)) << "the other has not the shape of a NetrSessionEnum";
  EXPECT_THAT(call().text, HasSubstr("id=3 "));
  EXPECT_EQ(undecoded(Undecoded::kGap), 1U);
}

TEST_F(CallTrackerTest, AWholeAnswerNamesTheOperationThatWasCutOff) {
  StartBound();
  Say(kUp, FirstBytes(RequestPdu(2, RequestStub()), 20));
  Lose(kUp, Undecoded::kTruncated);
  Answer(2);
  Say(kUp, FirstBytes(RequestPdu(3, RequestStub()), 20));
  Lose(kUp, Undecoded::kTruncated);
  Say(kDown, ResponsePdu(3, Stub(40, 7)).Build());
  ASSERT_THAT(calls_, SizeIs(1)) << "the second answer is none to a NetrSessionEnum";
  EXPECT_THAT(call().text, HasSubstr("\\\\10.0.0.0 \\\\10.0.0.1 = 0 | undecoded truncated"));
  EXPECT_THAT(call().text, Not(HasSubstr("operation not seen")));
  EXPECT_EQ(undecoded(Undecoded::kTruncated), 2U);
}

TEST_F(CallTrackerTest, ARequestThatIsCutBeforeItsOpnumOnAnotherPipeIsNoCall) {
  for (const std::optional<std::string>& pipe : {std::optional<std::string>("spoolss"), std::optional<std::string>()}) {
    Start(pipe);
    Say(kUp, FirstBytes(RequestPdu(2, RequestStub()), 18));
    Lose(kUp, Undecoded::kTruncated);
    Close();
  }
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(undecoded(Undecoded::kTruncated), 1U) << "the pipe without a name may have been srvsvc";
}

TEST_F(CallTrackerTest, WhatIsSealedIsNoStubThoughItsTrailerIsCutOff) {
  StartBound();
  const BuiltAuth privacy{10, kAuthLevelPrivacy, 0, Stub(16, 0xEE)};
  Say(kUp, RequestPdu(2, RequestStub()).Auth(privacy).Build());
  Say(kDown, FirstBytes(ResponsePdu(2, ResponseStub()).Auth(privacy), 100));
  Lose(kDown, Undecoded::kTruncated);
  Close();
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("response 0 bytes in 1 little, missing encrypted, not decoded"));
  EXPECT_EQ(undecoded(Undecoded::kEncrypted), 2U);
}

TEST_F(CallTrackerTest, AnAssociationThatEndsWithoutACloseHoldsNobodyUp) {
  StartBound();
  Ask(2);
  association_.reset();
  StartBound();
  Ask(3);
  Answer(3);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("id=3 "));
}

TEST_F(CallTrackerTest, SmbEncryptionIsThatOfTheCarrier) {
  Carrier carrier;
  carrier.transport = Transport::kSmb2;
  carrier.named_pipe = "srvsvc";
  carrier.smb_encrypted = true;
  association_ = std::make_unique<TrackedAssociation>(std::move(carrier), run_);
  Ask(2);
  Answer(2);
  ASSERT_THAT(calls_, SizeIs(1));
  EXPECT_THAT(call().text, HasSubstr("smb2 pipe=srvsvc"));
  EXPECT_THAT(call().text, HasSubstr(" smb3 | request"));
}

}  // namespace
}  // namespace sessenum
