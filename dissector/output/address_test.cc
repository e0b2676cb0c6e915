#include "output/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace sessenum {
namespace {

Endpoint V4(const char* address, std::uint16_t port) {
  Endpoint endpoint;
  EXPECT_EQ(inet_pton(AF_INET, address, endpoint.address.bytes.data()), 1);
  endpoint.port = port;
  return endpoint;
}

Endpoint V6(const char* address, std::uint16_t port) {
  Endpoint endpoint;
  EXPECT_EQ(inet_pton(AF_INET6, address, endpoint.address.bytes.data()), 1);
  endpoint.address.v6 = true;
  endpoint.port = port;
  return endpoint;
}

// The TCP flows of the specification's baseline (github.com/corelight/community-id-spec), seed 0.
TEST(CommunityIdTest, PublishedVectors) {
  EXPECT_EQ(CommunityId(V4("128.232.110.120", 34'855), V4("66.35.250.204", 80)), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(CommunityId(V6("2001:470:e5bf:dead:4957:2174:e82c:4887", 63'943), V6("2607:f8b0:400c:c03::1a", 25)),
            "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
}

// Computed from the Community ID in another language.
TEST(ConnectionNamesTest, StandForTheTwoEndpoints) {
  const Endpoint client = V4("10.0.0.5", 50'512);
  const Endpoint server = V4("10.0.0.10", 445);
  EXPECT_EQ(CommunityId(client, server), "1:uRtm9mV0lSyXXFGjrhLmlDmrd6A=");
  EXPECT_EQ(ConnectionUid(client, server), "Cr9clwQTVpB3wOKVC1");
  EXPECT_EQ(FlowId(client, server), 1'628'218'741'435'300U);
  EXPECT_EQ(ConnectionUid(server, client), ConnectionUid(client, server));
  EXPECT_EQ(FlowId(server, client), FlowId(client, server));
}

TEST(CommunityIdTest, BothDirectionsAreOneFlow) {
  const Endpoint pairs[][2] = {
      {V4("128.232.110.120", 34'855), V4("66.35.250.204", 80)},
      {V4("10.0.0.1", 2), V4("10.0.0.1", 1)},
      {V6("2001:470:e5bf:dead:4957:2174:e82c:4887", 63'943), V6("2607:f8b0:400c:c03::1a", 25)},
  };
  for (const auto& pair : pairs) EXPECT_EQ(CommunityId(pair[0], pair[1]), CommunityId(pair[1], pair[0]));
}

TEST(CommunityIdTest, WhereAddressesAreEqualThePortsDecideTheOrder) {
  EXPECT_EQ(CommunityId(V4("10.0.0.1", 2), V4("10.0.0.1", 1)), "1:mb9gqkXo1/+WeunLJO7I9i/H8Ec=");
}

TEST(CommunityIdTest, DifferentFlowsDiffer) {
  EXPECT_NE(CommunityId(V4("10.0.0.1", 1), V4("10.0.0.2", 2)), CommunityId(V4("10.0.0.1", 2), V4("10.0.0.2", 1)));
}

TEST(AddressTest, AddressesAndEndpoints) {
  EXPECT_EQ(ToText(V4("10.0.0.5", 0).address), "10.0.0.5");
  EXPECT_EQ(ToText(V4("255.255.255.255", 65'535)), "255.255.255.255:65535");
  EXPECT_EQ(ToText(V6("fd77:0:0:0:0:0:0:2", 0).address), "fd77::2");
  EXPECT_EQ(ToText(V6("::", 1)), "[::]:1");
  EXPECT_EQ(ToText(V6("2001:db8:0:1:1:1:1:1", 445)), "[2001:db8:0:1:1:1:1:1]:445");
}

TEST(TimeTest, SecondsHaveSixDigitsOrNine) {
  EXPECT_EQ(SecondsText(1'600'748'713'123'456'000), "1600748713.123456");
  EXPECT_EQ(SecondsText(1'600'748'713'123'456'789), "1600748713.123456789");
  EXPECT_EQ(SecondsText(1'600'748'713'000'000'001), "1600748713.000000001");
  EXPECT_EQ(SecondsText(0), "0.000000");
  EXPECT_EQ(SecondsText(678'000), "0.000678");
  EXPECT_EQ(SecondsText(678), "0.000000678");
  EXPECT_EQ(SecondsText(999'999'999), "0.999999999");
}

TEST(TimeTest, ANegativeSpanKeepsItsSignInFront) {
  EXPECT_EQ(SecondsText(-1'000), "-0.000001");
  EXPECT_EQ(SecondsText(-1'500'000'000), "-1.500000");
  EXPECT_EQ(SecondsText(-1), "-0.000000001");
}

TEST(TimeTest, TheDifferenceOfAnyTwoCaptureTimesHasAText) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(SecondsText(kMost), "9223372036.854775807");
  EXPECT_EQ(SecondsText(-kMost), "-9223372036.854775807");
}

TEST(TimeTest, TimesAreUtc) {
  EXPECT_EQ(TimeText(1'600'748'713'123'456'000), "2020-09-22T04:25:13.123456Z");
  EXPECT_EQ(TimeText(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(TimeText(951'782'400'000'000'000), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(TimeText(1'600'748'713'123'456'789), "2020-09-22T04:25:13.123456789Z");
  EXPECT_EQ(TimeText(-1), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(TimeText(std::numeric_limits<std::int64_t>::max()), "2262-04-11T23:47:16.854775807Z");
}

}  // namespace
}  // namespace sessenum
