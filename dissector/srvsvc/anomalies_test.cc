// One message for each kind of anomaly that a decoder can meet, which has that one and no other.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "srvsvc/codec.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};

// Without the one anomaly that big-endian NDR64 always has.
std::vector<Anomaly> AnomaliesOf(const StubReport& report) {
  std::vector<Anomaly> anomalies;
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    if (anomaly.kind != AnomalyKind::kNdr64BigEndian) anomalies.push_back(anomaly);
  }
  return anomalies;
}

// Encodes `built`, decodes it, and expects the one anomaly, which `expected` makes of what was decoded.
template <typename Message>
void ExpectOnly(const Message& built, const std::function<Anomaly(const Message&, std::uint32_t word)>& expected) {
  for (const NdrFormat format : kAllFormats) {
    SCOPED_TRACE(FormatName(format));
    const std::vector<std::uint8_t> stub = EncodeMessage(built, format, Referents::kRecorded);
    Message decoded;
    static_cast<void>(DecodeMessage(stub, format, Limits{}, decoded));
    const std::vector<Anomaly> anomalies = AnomaliesOf(decoded.report);
    ASSERT_EQ(anomalies.size(), 1U);
    const Anomaly anomaly = expected(decoded, format.word());
    EXPECT_EQ(Name(anomalies[0].kind), Name(anomaly.kind));
    EXPECT_EQ(anomalies[0].where, anomaly.where);
    EXPECT_EQ(anomalies[0], anomaly);
  }
}

class AnomaliesTest : public testing::Test {
 protected:
  // A request and a response with referents 1, 2, 3, ... so that none repeats.
  SessionEnumRequest Request() {
    SessionEnumRequest request = builder_.Request(10);
    return Numbered(request);
  }
  static SessionEnumRequest Numbered(SessionEnumRequest request) {
    std::uint64_t id = 0;
    const auto number = [&id](NdrPointer& pointer) { pointer.referent = pointer.null() ? 0 : ++id; };
    number(request.server_name.pointer);
    number(request.client_name.pointer);
    number(request.user_name.pointer);
    number(request.info.container_pointer);
    number(request.info.container.buffer);
    number(request.resume_handle.pointer);
    return request;
  }
  static SessionEnumResponse Numbered(SessionEnumResponse response) {
    std::uint64_t id = 0;
    const auto number = [&id](NdrPointer& pointer) { pointer.referent = pointer.null() ? 0 : ++id; };
    number(response.info.container_pointer);
    number(response.info.container.buffer);
    for (Session& session : response.info.container.sessions) {
      for (const SessionField& field : kFieldsOfLevel10) {
        if (field.string != nullptr) number((session.*field.string).pointer);
      }
    }
    number(response.resume_handle.pointer);
    return response;
  }
  SessionEnumResponse Response() { return Numbered(builder_.Response(10, 2)); }
  // A response whose second session has this name.
  SessionEnumResponse Named(const NdrString& name) {
    SessionEnumResponse response = builder_.Response(10, 2);
    response.info.container.sessions[1].username = name;
    return Numbered(response);
  }
  static const NdrString& NameIn(const SessionEnumResponse& response) {
    return response.info.container.sessions.at(1).username;
  }

  MessageBuilder builder_;
};

constexpr FieldRef kSecondName{"username", 1};

TEST_F(AnomaliesTest, NoneInASoundMessage) {
  for (const NdrFormat format : kAllFormats) {
    SessionEnumRequest request;
    SessionEnumResponse response;
    const auto in = EncodeMessage(Request(), format, Referents::kRecorded);
    const auto out = EncodeMessage(Response(), format, Referents::kRecorded);
    EXPECT_TRUE(DecodeRequest(in, format, Limits{}, request).ok());
    EXPECT_TRUE(DecodeResponse(out, format, Limits{}, response).ok());
    EXPECT_TRUE(AnomaliesOf(request.report).empty());
    EXPECT_TRUE(AnomaliesOf(response.report).empty());
  }
}

TEST_F(AnomaliesTest, Truncated) {
  std::vector<std::uint8_t> stub = EncodeMessage(Request(), kNdr, Referents::kRecorded);
  stub.pop_back();
  SessionEnumRequest decoded;
  EXPECT_EQ(DecodeRequest(stub, kNdr, Limits{}, decoded), Truncated(80, 4));
  ASSERT_EQ(decoded.report.anomalies.entries().size(), 1U);
  EXPECT_EQ(decoded.report.anomalies.entries()[0],
            (Anomaly{AnomalyKind::kTruncated, {80, 3}, {"resume_handle"}, 3, 4}));
}

TEST_F(AnomaliesTest, ImpossibleCountOfSessions) {
  SessionEnumResponse response = Numbered(builder_.Response(10, 0));
  response.info.container.max_count.value = response.info.container.entries_read.value = 0x80000000;
  ExpectOnly<SessionEnumResponse>(response, [](const auto& decoded, std::uint32_t word) -> Anomaly {
    EXPECT_EQ(decoded.report.status.code, Errc::kMalformed);
    const auto at = decoded.info.container.buffer.at + word;
    return {AnomalyKind::kImpossibleCount, {at, word}, {"container.sessions"}, 0x80000000, 0x7FFFFFFF};
  });
}

TEST_F(AnomaliesTest, ImpossibleCountOfAString) {
  SessionEnumRequest request = Request();
  request.server_name.max_count = 0xFFFFFFFF;
  ExpectOnly<SessionEnumRequest>(request, [](const auto& decoded, std::uint32_t word) -> Anomaly {
    EXPECT_EQ(decoded.report.status, Malformed(word));
    return {AnomalyKind::kImpossibleCount, {word, word}, {"server_name"}, 0xFFFFFFFF, 0x7FFFFFFF};
  });
}

TEST_F(AnomaliesTest, UnknownElements) {
  SessionEnumResponse response = Numbered(builder_.Response(10, 0));
  response.info.level.value = response.info.tag.value = 3;
  response.info.unlisted_arm = UnlistedArm::kPointer;
  response.info.container.entries_read.value = response.info.container.max_count.value = 2;
  for (const NdrFormat format : kAllFormats) {
    SCOPED_TRACE(FormatName(format));
    std::vector<std::uint8_t> stub = EncodeMessage(response, format, Referents::kRecorded);
    stub.insert(stub.end(), 64, 0x11);  // two elements of whatever kind, and what follows them
    SessionEnumResponse decoded;
    EXPECT_EQ(DecodeResponse(stub, format, Limits{}, decoded).code, Errc::kMalformed);
    EXPECT_EQ(decoded.info.container.entries_read.value, 2U);
    EXPECT_FALSE(decoded.total_entries.decoded());
    const std::vector<Anomaly> anomalies = AnomaliesOf(decoded.report);
    ASSERT_EQ(anomalies.size(), 1U);
    EXPECT_EQ(anomalies[0], (Anomaly{AnomalyKind::kUnknownElements,
                                     decoded.info.container.buffer.extent(format),
                                     {"container.sessions"},
                                     0,
                                     0}));
  }
}

TEST_F(AnomaliesTest, TooManySessions) {
  Limits limits;
  limits.sessions = 1;
  const std::vector<std::uint8_t> stub = EncodeMessage(Response(), kNdr, Referents::kRecorded);
  SessionEnumResponse decoded;
  EXPECT_EQ(DecodeResponse(stub, kNdr, limits, decoded), (Status{Errc::kLimit, 24, 0}));
  ASSERT_EQ(decoded.report.anomalies.entries().size(), 1U);
  const auto rest = static_cast<std::uint32_t>(stub.size() - 24);
  EXPECT_EQ(decoded.report.anomalies.entries()[0],
            (Anomaly{AnomalyKind::kTooManySessions, {24, rest}, {"container.sessions"}, 0, 0}));
}

TEST_F(AnomaliesTest, Padding) {
  std::vector<std::uint8_t> stub = EncodeMessage(Request(), kNdr, Referents::kRecorded);
  ASSERT_EQ(stub.size(), 84U);
  stub[0x32] = 0xAA;
  SessionEnumRequest decoded;
  ASSERT_TRUE(DecodeRequest(stub, kNdr, Limits{}, decoded).ok());
  ASSERT_EQ(decoded.report.anomalies.entries().size(), 1U);
  EXPECT_EQ(decoded.report.anomalies.entries()[0], (Anomaly{AnomalyKind::kPadding, {0x32, 2}, {"level"}, 0xAA, 0}));
}

TEST_F(AnomaliesTest, RepeatedReferent) {
  SessionEnumRequest request = Request();
  request.resume_handle.pointer.referent = request.server_name.pointer.referent;
  ExpectOnly<SessionEnumRequest>(request, [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kRepeatedReferent, {decoded.resume_handle.pointer.at, word}, {"resume_handle"}, 1, 0, 1};
  });
}

TEST_F(AnomaliesTest, DescendingReferentsDoNotRepeat) {
  SessionEnumResponse response = Response();
  std::uint64_t id = 0x20000;
  for (Session& session : response.info.container.sessions) session.cname.pointer.referent = id -= 4;
  for (const NdrFormat format : kAllFormats) {
    SessionEnumResponse decoded;
    const auto stub = EncodeMessage(response, format, Referents::kRecorded);
    ASSERT_TRUE(DecodeResponse(stub, format, Limits{}, decoded).ok());
    EXPECT_TRUE(AnomaliesOf(decoded.report).empty());
  }
}

TEST_F(AnomaliesTest, MaxAboveActual) {
  NdrString name = builder_.String("bob");
  name.max_count = 100;
  ExpectOnly<SessionEnumResponse>(Named(name), [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kMaxAboveActual, {NameIn(decoded).units_at - 3 * word, word}, kSecondName, 100, 4};
  });
}

TEST_F(AnomaliesTest, ActualAboveMax) {
  NdrString name = builder_.String("bob");
  name.max_count = 3;
  ExpectOnly<SessionEnumResponse>(Named(name), [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kActualAboveMax, {NameIn(decoded).units_at - word, word}, kSecondName, 4, 3};
  });
}

TEST_F(AnomaliesTest, StringOffset) {
  NdrString name = builder_.String("bob");
  name.offset = 2;
  ExpectOnly<SessionEnumResponse>(Named(name), [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kStringOffset, {NameIn(decoded).units_at - 2 * word, word}, kSecondName, 2, 0};
  });
}

TEST_F(AnomaliesTest, ZeroActualCount) {
  ExpectOnly<SessionEnumResponse>(Named(builder_.Units({})), [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kZeroActualCount, {NameIn(decoded).units_at - word, word}, kSecondName, 0, 1};
  });
}

TEST_F(AnomaliesTest, Unterminated) {
  ExpectOnly<SessionEnumResponse>(Named(builder_.Units({'a', 'b'})), [](const auto& decoded, std::uint32_t) -> Anomaly {
    return {AnomalyKind::kUnterminated, {NameIn(decoded).units_at + 2, 2}, kSecondName, 'b', 0};
  });
}

TEST_F(AnomaliesTest, EmbeddedNul) {
  const NdrString name = builder_.Units({'a', 'd', 0, 'x', 0});
  ExpectOnly<SessionEnumResponse>(Named(name), [](const auto& decoded, std::uint32_t) -> Anomaly {
    EXPECT_EQ(ToUtf8(NameIn(decoded).text()), std::string("ad\0x", 4));
    return {AnomalyKind::kEmbeddedNul, {NameIn(decoded).units_at + 4, 2}, kSecondName, 2, 4};
  });
}

TEST_F(AnomaliesTest, UnpairedSurrogate) {
  const NdrString name = builder_.Units({0xD83D, 0xDE00, 0xDE00, 0});
  ExpectOnly<SessionEnumResponse>(Named(name), [](const auto& decoded, std::uint32_t) -> Anomaly {
    return {AnomalyKind::kUnpairedSurrogate, {NameIn(decoded).units_at + 4, 2}, kSecondName, 0xDE00, 0};
  });
}

TEST_F(AnomaliesTest, LevelMismatch) {
  SessionEnumRequest request = Request();
  request.info.level.value = 502;
  ExpectOnly<SessionEnumRequest>(request, [](const auto& decoded, std::uint32_t) -> Anomaly {
    return {AnomalyKind::kLevelMismatch, decoded.info.tag.extent(), {"level"}, 10, 502};
  });
}

TEST_F(AnomaliesTest, CountMismatch) {
  SessionEnumResponse response = Response();
  response.info.container.entries_read.value = 7;
  ExpectOnly<SessionEnumResponse>(response, [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kCountMismatch, {decoded.info.container.max_count.at, word}, {"container.sessions"}, 2, 7};
  });
}

TEST_F(AnomaliesTest, NullBuffer) {
  SessionEnumRequest request = Request();
  request.info.container.entries_read.value = 3;
  ExpectOnly<SessionEnumRequest>(request, [](const auto& decoded, std::uint32_t word) -> Anomaly {
    return {AnomalyKind::kNullBuffer, {decoded.info.container.buffer.at, word}, {"container.sessions"}, 3, 0};
  });
}

TEST_F(AnomaliesTest, Ndr64BigEndian) {
  constexpr NdrFormat kForeign{TransferSyntax::kNdr64, ByteOrder::kBig};
  SessionEnumRequest decoded;
  ASSERT_TRUE(DecodeRequest(EncodeMessage(Request(), kForeign), kForeign, Limits{}, decoded).ok());
  ASSERT_EQ(decoded.report.anomalies.entries().size(), 1U);
  EXPECT_EQ(decoded.report.anomalies.entries()[0].kind, AnomalyKind::kNdr64BigEndian);
  EXPECT_EQ(decoded.report.anomalies.entries()[0].where, Extent{});
}

TEST_F(AnomaliesTest, ManyAreCapped) {
  SessionEnumResponse response = builder_.Response(10, 50);
  for (Session& session : response.info.container.sessions) session.username = builder_.Units({'a', 'b'});
  Limits limits;
  limits.anomalies = 8;
  SessionEnumResponse decoded;
  ASSERT_TRUE(DecodeResponse(EncodeMessage(response, kNdr), kNdr, limits, decoded).ok());
  EXPECT_EQ(decoded.report.anomalies.entries().size(), 8U);
  EXPECT_EQ(decoded.report.anomalies.dropped(), 42U);
}

}  // namespace
}  // namespace sessenum
