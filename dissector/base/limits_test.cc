#include "base/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/duplex.h"
#include "base/undecoded.h"

namespace sessenum {
namespace {

// Each field of Limits is eight bytes wide. All are caps that count their hits, but for the age of a datagram and the
// length of a direction's history, which only moves on.
constexpr std::size_t kFieldsThatAreNoCaps = 2;

TEST(Limits, EachCapHasAFieldAndAName) {
  static_assert(sizeof(std::size_t) != 8 || kCapNames.size() + kFieldsThatAreNoCaps == sizeof(Limits) / 8);
  static_assert(static_cast<std::size_t>(Cap::kWaitingBytes) + 1 == kCapNames.size());
  for (const std::string_view name : kCapNames) {
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) << name;
  }
  EXPECT_EQ(std::set(kCapNames.begin(), kCapNames.end()).size(), kCapNames.size());
}

TEST(Limits, NamesFollowTheEnumeration) {
  const auto name = [](Cap cap) { return kCapNames.at(static_cast<std::size_t>(cap)); };
  EXPECT_EQ(name(Cap::kFlows), "flows");
  EXPECT_EQ(name(Cap::kTotalFlowBytes), "total_flow_bytes");
  EXPECT_EQ(name(Cap::kDatagrams), "datagrams");
  EXPECT_EQ(name(Cap::kSmbMessageBytes), "smb_message_bytes");
  EXPECT_EQ(name(Cap::kSmbKnownSessions), "smb_known_sessions");
  EXPECT_EQ(name(Cap::kTotalSmbBytes), "total_smb_bytes");
  EXPECT_EQ(name(Cap::kSmbExpansionBytes), "smb_expansion_bytes");
  EXPECT_EQ(name(Cap::kRpcContexts), "rpc_contexts");
  EXPECT_EQ(name(Cap::kRpcCalls), "rpc_calls");
  EXPECT_EQ(name(Cap::kStubBytes), "stub_bytes");
  EXPECT_EQ(name(Cap::kTotalStubBytes), "total_stub_bytes");
  EXPECT_EQ(name(Cap::kSessions), "sessions");
  EXPECT_EQ(name(Cap::kAnomalies), "anomalies");
  EXPECT_EQ(name(Cap::kWaitingBytes), "waiting_bytes");
}

TEST(Limits, DefaultsAreSane) {
  const Limits limits;
  EXPECT_LE(limits.flow_bytes, limits.total_flow_bytes);
  EXPECT_LE(limits.stub_bytes, limits.total_stub_bytes);
  EXPECT_LE(limits.smb_message_bytes, limits.total_smb_bytes);
  EXPECT_LE(limits.smb_message_bytes, limits.smb_expansion_bytes);
  EXPECT_LE(limits.stub_bytes, UINT32_MAX);  // offsets within a stub have 32 bits
}

TEST(Budget, CountsHitsByCap) {
  Budget budget(Limits{});
  budget.Hit(Cap::kRpcCalls);
  budget.Hit(Cap::kRpcCalls);
  budget.Hit(Cap::kWaitingBytes);
  EXPECT_EQ(budget.hits(Cap::kRpcCalls), 2U);
  EXPECT_EQ(budget.hits(Cap::kWaitingBytes), 1U);
  EXPECT_EQ(budget.hits(Cap::kFlows), 0U);
}

TEST(Budget, KeepsItsOwnCopyOfTheLimits) {
  Limits limits;
  limits.sessions = 3;
  const Budget budget(limits);
  limits.sessions = 4;
  EXPECT_EQ(budget.limits().sessions, 3U);
}

TEST(Undecoded, EachReasonHasItsName) {
  EXPECT_EQ(Name(Undecoded::kEncrypted), "encrypted");
  EXPECT_EQ(Name(Undecoded::kTruncated), "truncated");
  EXPECT_EQ(Name(Undecoded::kGap), "gap");
  EXPECT_EQ(Name(Undecoded::kNoBind), "no_bind");
  static_assert(static_cast<std::size_t>(Undecoded::kNoBind) + 1 == kUndecodedNames.size());
}

TEST(Direction, Reverses) {
  static_assert(Reverse(Direction::kToServer) == Direction::kToClient);
  static_assert(Reverse(Direction::kToClient) == Direction::kToServer);
}

}  // namespace
}  // namespace sessenum
