#include "srvsvc/codec.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "srvsvc/message_builder_testing.h"
#include "srvsvc/stub_values_testing.h"

namespace sessenum {
namespace {

class CodecTest : public testing::TestWithParam<NdrFormat> {
 protected:
  template <typename Message>
  Message Decode(std::vector<std::uint8_t> stub, const Limits& limits = {}) {
    Message message;
    static_cast<void>(DecodeMessage(stubs_.emplace_back(std::move(stub)), GetParam(), limits, message));
    return message;
  }

  MessageBuilder builder_;
  std::deque<std::vector<std::uint8_t>> stubs_;  // what decoded strings point into
};

INSTANTIATE_TEST_SUITE_P(AllFormats, CodecTest, testing::ValuesIn(kAllFormats),
                         [](const testing::TestParamInfo<NdrFormat>& format) {
                           return std::string(Name(format.param.syntax)) +
                                  (format.param.order == ByteOrder::kLittle ? "Little" : "Big");
                         });

TEST_P(CodecTest, RequestsRoundTripAtEveryLevel) {
  for (const LevelSpec& level : kLevels) {
    SessionEnumRequest built = builder_.Request(level.level);
    built.client_name = builder_.String("\\\\h\xC3\xB6st-\xE4\xB8\xAD\xF0\x9F\x98\x80");
    built.preferred_maximum_length.value = 0x12345678;
    for (const auto& resume : {MessageBuilder::Unique(std::nullopt), MessageBuilder::Unique(0xFEDCBA98)}) {
      built.resume_handle = resume;
      const auto decoded = Decode<SessionEnumRequest>(EncodeMessage(built, GetParam()));
      EXPECT_TRUE(decoded.report.status.ok());
      EXPECT_EQ(ToJson(decoded), ToJson(built));
    }
  }
}

TEST_P(CodecTest, NullAndEmptyAreToldApart) {
  SessionEnumRequest built = builder_.Request(10);
  built.client_name = builder_.String("");
  built.user_name = {};
  const auto decoded = Decode<SessionEnumRequest>(EncodeMessage(built, GetParam()));
  EXPECT_FALSE(decoded.client_name.null());
  EXPECT_TRUE(decoded.client_name.text().empty());
  EXPECT_EQ(decoded.client_name.actual_count, 1U);
  EXPECT_TRUE(decoded.user_name.null());
  EXPECT_TRUE(decoded.user_name.decoded());
}

TEST_P(CodecTest, AppendsToWhatIsThere) {
  std::vector<std::uint8_t> out = {1, 2, 3};
  EncodeRequest(builder_.Request(10), GetParam(), Referents::kAscending, out);
  const std::vector<std::uint8_t> alone = EncodeMessage(builder_.Request(10), GetParam());
  EXPECT_EQ(std::vector<std::uint8_t>(out.begin() + 3, out.end()), alone);
}

TEST_P(CodecTest, BytesAfterTheLastParameterAreLeft) {
  std::vector<std::uint8_t> stub = EncodeMessage(builder_.Request(502), GetParam());
  const std::size_t size = stub.size();
  stub.insert(stub.end(), 8, 0xEE);
  const auto decoded = Decode<SessionEnumRequest>(stub);
  EXPECT_TRUE(decoded.report.status.ok());
  EXPECT_EQ(decoded.report.consumed, size);
  EXPECT_EQ(decoded.report.size, size + 8);
}

TEST_P(CodecTest, TooManySessionsAreALimitAndNoFault) {
  const std::vector<std::uint8_t> stub = EncodeMessage(builder_.Response(10, 3), GetParam());
  Limits limits;
  limits.sessions = 2;
  const auto decoded = Decode<SessionEnumResponse>(stub, limits);
  EXPECT_EQ(decoded.report.status.code, Errc::kLimit);
  EXPECT_TRUE(decoded.info.container.sessions.empty());
  EXPECT_EQ(decoded.info.container.entries_read.value, 3U);
  EXPECT_FALSE(decoded.total_entries.decoded());
  EXPECT_EQ(decoded.report.anomalies.entries().back().kind, AnomalyKind::kTooManySessions);
  limits.sessions = 3;
  EXPECT_TRUE(Decode<SessionEnumResponse>(stub, limits).report.status.ok());
}

TEST_P(CodecTest, AClaimOfManySessionsReservesNothing) {
  for (const LevelSpec& level : kLevels) {
    for (const std::uint32_t claim : {0x7FFFFFFFU, 0x01000000U, 4U}) {
      SessionEnumResponse built = builder_.Response(level.level, 0);
      built.info.container.entries_read.value = built.info.container.max_count.value = claim;
      const auto decoded = Decode<SessionEnumResponse>(EncodeMessage(built, GetParam()));
      if (claim == 4 && level.level == 0) continue;  // the bytes that follow are four elements' worth
      EXPECT_EQ(decoded.report.status.code, Errc::kTruncated) << level.level << ' ' << claim;
      EXPECT_EQ(decoded.info.container.sessions.capacity(), 0U);
      EXPECT_EQ(decoded.info.container.max_count.value, claim);
    }
  }
}

// The union's discriminant, not Level, says which arm is there (C706 14.3.8).
TEST_P(CodecTest, TheDiscriminantGovernsTheArm) {
  SessionEnumResponse built = builder_.Response(10, 2);
  built.info.level.value = 502;
  const auto decoded = Decode<SessionEnumResponse>(EncodeMessage(built, GetParam()));
  ASSERT_TRUE(decoded.report.status.ok());
  EXPECT_EQ(decoded.info.level.value, 502U);
  EXPECT_EQ(decoded.info.container.sessions.size(), 2U);
  EXPECT_EQ(ToUtf8(decoded.info.container.sessions[1].cname.text()), "\\\\10.0.0.1");
}

// Where the counts differ, the array is as long as its own count says.
TEST_P(CodecTest, TheArraysOwnCountGoverns) {
  SessionEnumResponse built = builder_.Response(1, 2);
  built.info.container.entries_read.value = 7;
  const auto decoded = Decode<SessionEnumResponse>(EncodeMessage(built, GetParam()));
  ASSERT_TRUE(decoded.report.status.ok());
  EXPECT_EQ(decoded.info.container.sessions.size(), 2U);
  EXPECT_EQ(decoded.info.container.entries_read.value, 7U);
}

// Levels that MS-SRVS does not list, as Samba and as others send them.

template <typename Message>
void ExpectUnlisted(const Message& built, NdrFormat format) {
  const std::vector<std::uint8_t> stub = EncodeMessage(built, format, Referents::kRecorded);
  Message decoded;
  ASSERT_TRUE(DecodeMessage(stub, format, Limits{}, decoded).ok());
  EXPECT_EQ(decoded.info.unlisted_arm, built.info.unlisted_arm);
  EXPECT_EQ(decoded.report.consumed, stub.size());
  EXPECT_EQ(ToJson(decoded), ToJson(built));
  EXPECT_EQ(decoded.info.container_pointer.decoded(), built.info.unlisted_arm == UnlistedArm::kPointer);
  EXPECT_EQ(EncodeMessage(decoded, format, Referents::kRecorded), stub);
}

TEST_P(CodecTest, AnUnlistedLevelWithoutAnArm) {
  for (const std::uint32_t level : {3U, 999U, 0xFFFFFFFFU}) {
    SessionEnumRequest request = builder_.Request(level);
    request.info.container_pointer = {};
    ExpectUnlisted(request, GetParam());
    SessionEnumResponse response;
    response.info = request.info;
    response.status.value = 0x7C;
    for (const auto& resume : {MessageBuilder::Unique(std::nullopt), MessageBuilder::Unique(0)}) {
      response.resume_handle = resume;
      ExpectUnlisted(response, GetParam());
    }
  }
}

TEST_P(CodecTest, AnUnlistedLevelWithANullPointer) {
  SessionEnumRequest request = builder_.Request(3);
  request.info.unlisted_arm = UnlistedArm::kPointer;
  request.info.container_pointer = {};
  ExpectUnlisted(request, GetParam());
  SessionEnumResponse response;
  response.info = request.info;
  response.resume_handle = MessageBuilder::Unique(0);
  response.status.value = 0x7C;
  ExpectUnlisted(response, GetParam());
}

TEST_P(CodecTest, AnUnlistedLevelWithAnEmptyContainer) {
  SessionEnumRequest request = builder_.Request(3);
  request.info.unlisted_arm = UnlistedArm::kPointer;
  ExpectUnlisted(request, GetParam());
  SessionEnumResponse response;
  response.info = request.info;
  response.resume_handle = MessageBuilder::Unique(0);
  response.status.value = 0x7C;
  ExpectUnlisted(response, GetParam());
}

// However a stub of a listed level ends, there is one form that it can have.
TEST_P(CodecTest, AListedLevelIsReadOnce) {
  for (const LevelSpec& level : kLevels) {
    SessionEnumResponse built = builder_.Response(level.level, 1);
    built.info.container.sessions[0].cname.max_count = 0x80000000;
    const auto decoded = Decode<SessionEnumResponse>(EncodeMessage(built, GetParam()));
    EXPECT_EQ(decoded.report.status.code, Errc::kMalformed);
    EXPECT_EQ(decoded.info.container.max_count.value, decoded.info.container.entries_read.value);
    EXPECT_EQ(decoded.info.unlisted_arm, UnlistedArm::kAbsent) << level.level;
    // Big-endian NDR64 is an oddity of its own.
    const bool is_odd = decoded.report.anomalies.Has(AnomalyKind::kNdr64BigEndian);
    EXPECT_EQ(decoded.report.anomalies.entries().size(), is_odd ? 2U : 1U);
    EXPECT_EQ(decoded.report.anomalies.entries().back().kind, AnomalyKind::kImpossibleCount);
  }
}

TEST_P(CodecTest, AnUnlistedLevelIsReadWithoutAnArmWhereBytesAreMissing) {
  SessionEnumRequest request = builder_.Request(3);
  request.info.container_pointer = {};
  const std::vector<std::uint8_t> whole = EncodeMessage(request, GetParam());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto decoded = Decode<SessionEnumRequest>(cut);
    EXPECT_EQ(decoded.report.status.code, Errc::kTruncated) << size;
    EXPECT_EQ(decoded.info.unlisted_arm, UnlistedArm::kAbsent);
  }
}

}  // namespace
}  // namespace sessenum
