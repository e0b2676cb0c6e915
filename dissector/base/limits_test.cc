#include "base/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/duplex.h"
#include "base/undecoded.h"

namespace sessenum {
namespace {

// Each field of Limits is eight bytes wide. All are caps that count their hits, but for the age of a datagram, the
// length of a direction's history, which only moves on, and the connections that nothing is known of, which lose
// nothing.
constexpr std::size_t kFieldsThatAreNoCaps = 3;

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
  EXPECT_EQ(name(Cap::kFlowBytes), "flow_bytes");
  EXPECT_EQ(name(Cap::kTotalFlowBytes), "total_flow_bytes");
  EXPECT_EQ(name(Cap::kTotalHistoryBytes), "total_history_bytes");
  EXPECT_EQ(name(Cap::kDatagrams), "datagrams");
  EXPECT_EQ(name(Cap::kDatagramBytes), "datagram_bytes");
  EXPECT_EQ(name(Cap::kSmbMessageBytes), "smb_message_bytes");
  EXPECT_EQ(name(Cap::kSmbSessions), "smb_sessions");
  EXPECT_EQ(name(Cap::kSmbTrees), "smb_trees");
  EXPECT_EQ(name(Cap::kSmbOpens), "smb_opens");
  EXPECT_EQ(name(Cap::kSmbRequests), "smb_requests");
  EXPECT_EQ(name(Cap::kSmbKnownSessions), "smb_known_sessions");
  EXPECT_EQ(name(Cap::kSmbNameBytes), "smb_name_bytes");
  EXPECT_EQ(name(Cap::kTotalSmbBytes), "total_smb_bytes");
  EXPECT_EQ(name(Cap::kSmbExpansionBytes), "smb_expansion_bytes");
  EXPECT_EQ(name(Cap::kRpcContexts), "rpc_contexts");
  EXPECT_EQ(name(Cap::kRpcCalls), "rpc_calls");
  EXPECT_EQ(name(Cap::kStubBytes), "stub_bytes");
  EXPECT_EQ(name(Cap::kTotalStubBytes), "total_stub_bytes");
  EXPECT_EQ(name(Cap::kFrames), "frames");
  EXPECT_EQ(name(Cap::kSessions), "sessions");
  EXPECT_EQ(name(Cap::kAnomalies), "anomalies");
  EXPECT_EQ(name(Cap::kJudgedSeries), "judged_series");
  EXPECT_EQ(name(Cap::kKeyComplaints), "key_complaints");
  EXPECT_EQ(name(Cap::kWaitingCalls), "waiting_calls");
  EXPECT_EQ(name(Cap::kWaitingBytes), "waiting_bytes");
}

// What memory and time a hostile capture may cost: whoever moves a number looks at tools/limits_test.py, too.
TEST(Limits, DefaultsAreThoseThatWereMeasured) {
  const Limits limits;
  EXPECT_EQ(limits.flows, 65'536U);
  EXPECT_EQ(limits.flow_bytes, 1024U * 1024);
  EXPECT_EQ(limits.total_flow_bytes, 32U * 1024 * 1024);
  EXPECT_EQ(limits.flow_history_bytes, 16U * 1024);
  EXPECT_EQ(limits.total_history_bytes, 32U * 1024 * 1024);
  EXPECT_EQ(limits.datagrams, 1'024U);
  EXPECT_EQ(limits.datagram_bytes, 8U * 1024 * 1024);
  EXPECT_EQ(limits.datagram_seconds, 60);
  EXPECT_EQ(limits.smb_message_bytes, 16U * 1024 * 1024);
  EXPECT_EQ(limits.smb_sessions, 1'024U);
  EXPECT_EQ(limits.smb_trees, 4'096U);
  EXPECT_EQ(limits.smb_opens, 1'024U);
  EXPECT_EQ(limits.smb_requests, 4'096U);
  EXPECT_EQ(limits.smb_known_sessions, 32'768U);
  EXPECT_EQ(limits.smb_name_bytes, 2'048U);
  EXPECT_EQ(limits.total_smb_bytes, 64U * 1024 * 1024);
  EXPECT_EQ(limits.smb_expansion_bytes, 64U * 1024 * 1024);
  EXPECT_EQ(limits.rpc_contexts, 1'024U);
  EXPECT_EQ(limits.rpc_calls, 1'024U);
  EXPECT_EQ(limits.stub_bytes, 16U * 1024 * 1024);
  EXPECT_EQ(limits.total_stub_bytes, 48U * 1024 * 1024);
  EXPECT_EQ(limits.frames, 65'536U);
  EXPECT_EQ(limits.sessions, 262'144U);
  EXPECT_EQ(limits.anomalies, 64U);
  EXPECT_EQ(limits.judged_series, 4'096U);
  EXPECT_EQ(limits.key_complaints, 256U);
  EXPECT_EQ(limits.waiting_calls, 16'384U);
  EXPECT_EQ(limits.waiting_bytes, 32U * 1024 * 1024);
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
