#include "replay/stub_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

using Stub = std::vector<std::uint8_t>;

Stub RequestStub(NdrFormat format) {
  MessageBuilder build;
  return EncodeMessage(build.Request(10), format);
}

Stub ResponseStub(NdrFormat format, std::uint32_t level = 502, std::uint32_t sessions = 3) {
  MessageBuilder build;
  return EncodeMessage(build.Response(level, sessions), format);
}

Stub Join(Stub head, const Stub& tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

// Signature, a bitmask command, and a last one that says so (MS-RPCE 2.2.2.13).
Stub Trailer() {
  return {0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71, 0x01, 0x00, 0x04, 0x00,
          0x01, 0x00, 0x00, 0x00, 0x03, 0x40, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00};
}

template <typename Message>
Message Decoded(const Stub& stub, NdrFormat format) {
  Message message;
  const Status status = DecodeStub(stub, format, Limits(), message);
  EXPECT_TRUE(status.ok()) << "at " << status.offset;
  return message;
}

// The only anomaly of `report` but those that every stub of a big-endian NDR64 has.
std::vector<Anomaly> Anomalies(const StubReport& report) {
  std::vector<Anomaly> found;
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    if (anomaly.kind != AnomalyKind::kNdr64BigEndian) found.push_back(anomaly);
  }
  return found;
}

class StubDecoderTest : public testing::TestWithParam<NdrFormat> {};

TEST_P(StubDecoderTest, AStubThatEndsWithItsLastParameterHasNothingOdd) {
  EXPECT_TRUE(Anomalies(Decoded<SessionEnumRequest>(RequestStub(GetParam()), GetParam()).report).empty());
  EXPECT_TRUE(Anomalies(Decoded<SessionEnumResponse>(ResponseStub(GetParam()), GetParam()).report).empty());
}

TEST_P(StubDecoderTest, AVerificationTrailerBehindARequestIsNothingOdd) {
  const Stub stub = Join(RequestStub(GetParam()), Trailer());
  EXPECT_TRUE(Anomalies(Decoded<SessionEnumRequest>(stub, GetParam()).report).empty());
}

TEST_P(StubDecoderTest, ResidueInFrontOfATrailerIsNothingOddUpToFifteenBytes) {
  for (const std::size_t residue : {4U, 8U, 12U}) {
    const Stub stub = Join(Join(RequestStub(GetParam()), Stub(residue, 0xEE)), Trailer());
    EXPECT_TRUE(Anomalies(Decoded<SessionEnumRequest>(stub, GetParam()).report).empty()) << residue;
  }
}

TEST_P(StubDecoderTest, MoreResidueIsTrailingBytes) {
  const Stub plain = RequestStub(GetParam());
  const Stub stub = Join(Join(plain, Stub(16, 0xEE)), Trailer());
  const auto found = Anomalies(Decoded<SessionEnumRequest>(stub, GetParam()).report);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, AnomalyKind::kTrailingBytes);
  EXPECT_EQ(found[0].where, (Extent{static_cast<std::uint32_t>(plain.size()), 16}));
  EXPECT_EQ(found[0].seen, 16U);
}

TEST_P(StubDecoderTest, BytesBehindATrailerAreTrailing) {
  const Stub head = Join(RequestStub(GetParam()), Trailer());
  const auto found = Anomalies(Decoded<SessionEnumRequest>(Join(head, Stub(5, 0xEE)), GetParam()).report);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, AnomalyKind::kTrailingBytes);
  EXPECT_EQ(found[0].where, (Extent{static_cast<std::uint32_t>(head.size()), 5}));
}

TEST_P(StubDecoderTest, AMalformedTrailerIsNamedAsOne) {
  Stub cut = Trailer();
  cut.pop_back();
  Stub endless = Trailer();
  endless[17] = 0;  // no command says that it is the last
  for (const Stub& trailer : {cut, endless}) {
    const Stub plain = RequestStub(GetParam());
    const auto found = Anomalies(Decoded<SessionEnumRequest>(Join(plain, trailer), GetParam()).report);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, AnomalyKind::kBadTrailer);
    EXPECT_EQ(found[0].where.offset, plain.size());
  }
}

TEST_P(StubDecoderTest, EveryCutOfATrailerIsMalformedOrTrailingAndNeverFails) {
  const Stub plain = RequestStub(GetParam());
  const Stub whole = Join(plain, Trailer());
  for (std::size_t size = plain.size() + 1; size < whole.size(); ++size) {
    const Stub stub(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto found = Anomalies(Decoded<SessionEnumRequest>(stub, GetParam()).report);
    ASSERT_EQ(found.size(), 1U) << size;
    const bool has_signature = size >= plain.size() + 8;
    EXPECT_EQ(found[0].kind, has_signature ? AnomalyKind::kBadTrailer : AnomalyKind::kTrailingBytes) << size;
  }
}

TEST_P(StubDecoderTest, BytesBehindAResponseAreTrailingEvenWhereTheyLookLikeATrailer) {
  const Stub plain = ResponseStub(GetParam());
  const auto found = Anomalies(Decoded<SessionEnumResponse>(Join(plain, Trailer()), GetParam()).report);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, AnomalyKind::kTrailingBytes);
  EXPECT_EQ(found[0].where, (Extent{static_cast<std::uint32_t>(plain.size()), 24}));
}

TEST_P(StubDecoderTest, AStubThatEndsTooEarlyHasNoTrailingBytes) {
  const Stub whole = ResponseStub(GetParam());
  SessionEnumResponse message;
  const Status status = DecodeStub(Bytes(whole).first(whole.size() - 1), GetParam(), Limits(), message);
  EXPECT_EQ(status.code, Errc::kTruncated);
  EXPECT_TRUE(message.report.anomalies.Has(AnomalyKind::kTruncated));
  EXPECT_FALSE(message.report.anomalies.Has(AnomalyKind::kTrailingBytes));
}

TEST_P(StubDecoderTest, TheTransferSyntaxIsGuessedFromRequestAndResponse) {
  for (const std::uint32_t level : {0U, 1U, 2U, 10U, 502U}) {
    MessageBuilder build;
    SessionEnumRequest request;
    const Stub in = EncodeMessage(build.Request(level), GetParam());
    EXPECT_EQ(DecodeGuessing(in, GetParam().order, Limits(), request), GetParam().syntax) << level;
    EXPECT_EQ(request.info.level.value, level);
    EXPECT_EQ(request.report.format, GetParam());
    SessionEnumResponse response;
    const Stub out = EncodeMessage(build.Response(level, 4), GetParam());
    EXPECT_EQ(DecodeGuessing(out, GetParam().order, Limits(), response), GetParam().syntax) << level;
    EXPECT_EQ(response.info.container.sessions.size(), 4U);
  }
}

TEST_P(StubDecoderTest, ATrailerDoesNotDisturbTheGuess) {
  SessionEnumRequest request;
  const Stub stub = Join(RequestStub(GetParam()), Trailer());
  EXPECT_EQ(DecodeGuessing(stub, GetParam().order, Limits(), request), GetParam().syntax);
}

TEST_P(StubDecoderTest, NothingIsGuessedOfBytesThatFitNoSyntax) {
  SessionEnumRequest request;
  SessionEnumResponse response;
  const Stub whole = RequestStub(GetParam());
  const std::vector<Stub> misfits = {{},
                                     Stub(200, 0),
                                     Stub(200, 0xFF),
                                     Stub(whole.begin(), whole.end() - 1),
                                     Join(whole, {0xEE}),
                                     Join(ResponseStub(GetParam()), {0xEE})};
  for (const Stub& stub : misfits) {
    EXPECT_EQ(DecodeGuessing(stub, GetParam().order, Limits(), request), std::nullopt) << stub.size();
    EXPECT_EQ(DecodeGuessing(stub, GetParam().order, Limits(), response), std::nullopt) << stub.size();
  }
}

TEST_P(StubDecoderTest, AnUnlistedLevelDoesNotFitWell) {
  MessageBuilder build;
  SessionEnumRequest request = build.Request(3);
  request.info.unlisted_arm = UnlistedArm::kAbsent;
  SessionEnumRequest decoded;
  EXPECT_EQ(DecodeGuessing(EncodeMessage(request, GetParam()), GetParam().order, Limits(), decoded), std::nullopt);
}

TEST_P(StubDecoderTest, ALevelThatContradictsItsUnionDoesNotFitWell) {
  MessageBuilder build;
  SessionEnumRequest request = build.Request(10);
  request.info.level.value = 502;
  SessionEnumRequest decoded;
  EXPECT_EQ(DecodeGuessing(EncodeMessage(request, GetParam()), GetParam().order, Limits(), decoded), std::nullopt);
}

TEST_P(StubDecoderTest, AHabitOfTheSenderStillFitsWell) {
  MessageBuilder build;
  SessionEnumResponse response = build.Response(10, 2);
  Session& session = response.info.container.sessions.front();
  session.username = build.Units({'a', 0xD800, 0, 'b', 0});  // an unpaired surrogate and an embedded NUL
  SessionEnumResponse decoded;
  EXPECT_EQ(DecodeGuessing(EncodeMessage(response, GetParam()), GetParam().order, Limits(), decoded),
            GetParam().syntax);
  EXPECT_TRUE(decoded.report.anomalies.Has(AnomalyKind::kUnpairedSurrogate));
  EXPECT_TRUE(decoded.report.anomalies.Has(AnomalyKind::kEmbeddedNul));
}

INSTANTIATE_TEST_SUITE_P(AllFormats, StubDecoderTest, testing::ValuesIn(kAllFormats), [](const auto& test) {
  std::string name = FormatName(test.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace sessenum
