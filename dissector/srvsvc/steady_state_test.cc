// Decoding into a message that has been used before allocates nothing.
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "base/allocation_count_testing.h"
#include "srvsvc/codec.h"
#include "srvsvc/message_builder_testing.h"
#include "srvsvc/stub_values_testing.h"

namespace sessenum {
namespace {

template <typename Message>
void ExpectNoAllocation(const std::vector<std::uint8_t>& stub, NdrFormat format) {
  const Limits limits;
  Message message;
  ASSERT_TRUE(DecodeMessage(stub, format, limits, message).ok());
  const nlohmann::json first = ToJson(message);
  const std::size_t capacity = message.info.container.sessions.capacity();
  const std::size_t before = AllocationCount();
  const Status status = DecodeMessage(stub, format, limits, message);
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(message.info.container.sessions.capacity(), capacity);
  EXPECT_EQ(ToJson(message), first);
}

TEST(SteadyState, DecodingAgainAllocatesNothing) {
  MessageBuilder builder;
  for (const NdrFormat format : kAllFormats) {
    for (const LevelSpec& level : kLevels) {
      SCOPED_TRACE(FormatName(format) + " level " + std::to_string(level.level));
      ExpectNoAllocation<SessionEnumRequest>(EncodeMessage(builder.Request(level.level), format), format);
      ExpectNoAllocation<SessionEnumResponse>(EncodeMessage(builder.Response(level.level, 50), format), format);
    }
  }
}

// Windows gives every pointer of NDR64 the same id.
TEST(SteadyState, NorDoesItWhereAllReferentsAreTheSame) {
  MessageBuilder builder;
  for (const NdrFormat format : kAllFormats) {
    SCOPED_TRACE(FormatName(format));
    const std::vector<std::uint8_t> stub = EncodeMessage(builder.Response(502, 50), format, Referents::kRecorded);
    ExpectNoAllocation<SessionEnumResponse>(stub, format);
    SessionEnumResponse response;
    ASSERT_TRUE(DecodeResponse(stub, format, Limits{}, response).ok());
    EXPECT_TRUE(response.report.anomalies.Has(AnomalyKind::kRepeatedReferent));
  }
}

// Where ids go up and down it takes a search to find those that stand twice.
TEST(SteadyState, NorDoesItWhereReferentsOfAFewFall) {
  MessageBuilder builder;
  SessionEnumResponse response = builder.Response(502, 3);
  std::uint64_t referent = 1'000;
  for (Session& session : response.info.container.sessions) {
    session.cname.pointer.referent = referent--;
    session.username.pointer.referent = referent;
  }
  for (const NdrFormat format : kAllFormats) {
    SCOPED_TRACE(FormatName(format));
    const std::vector<std::uint8_t> stub = EncodeMessage(response, format, Referents::kRecorded);
    ExpectNoAllocation<SessionEnumResponse>(stub, format);
    SessionEnumResponse decoded;
    ASSERT_TRUE(DecodeResponse(stub, format, Limits{}, decoded).ok());
    EXPECT_TRUE(decoded.report.anomalies.Has(AnomalyKind::kRepeatedReferent));
  }
}

TEST(SteadyState, ASmallerMessageLeavesNothingOfALargerOne) {
  MessageBuilder builder;
  const NdrFormat format;
  SessionEnumResponse message;
  const std::vector<std::uint8_t> large = EncodeMessage(builder.Response(502, 40), format);
  ASSERT_TRUE(DecodeResponse(large, format, Limits{}, message).ok());
  const std::size_t capacity = message.info.container.sessions.capacity();
  const std::vector<std::uint8_t> small = EncodeMessage(builder.Response(0, 2), format);
  ASSERT_TRUE(DecodeResponse(small, format, Limits{}, message).ok());
  EXPECT_EQ(message.info.container.sessions.size(), 2U);
  EXPECT_EQ(message.info.container.sessions.capacity(), capacity);
  EXPECT_TRUE(message.info.container.sessions[0].username.null());
  EXPECT_FALSE(message.info.container.sessions[0].time.decoded());
  SessionEnumResponse fresh;
  ASSERT_TRUE(DecodeResponse(small, format, Limits{}, fresh).ok());
  EXPECT_EQ(ToJson(message), ToJson(fresh));

  EXPECT_EQ(DecodeResponse({}, format, Limits{}, message).code, Errc::kTruncated);
  EXPECT_TRUE(message.info.container.sessions.empty());
  EXPECT_FALSE(message.info.level.decoded());
}

}  // namespace
}  // namespace sessenum
