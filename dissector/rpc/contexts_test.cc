#include "rpc/contexts.h"

#include <gtest/gtest.h>

#include <vector>

#include "rpc/pdu_builder_testing.h"

namespace sessenum {
namespace {

const ContextResult kAcceptNdr{0, 0, kNdrSyntax};
const ContextResult kAcceptNdr64{0, 0, kNdr64Syntax};
const ContextResult kRejected{2, 2, {}};
const ContextResult kNegotiated{3, 3, {}};

ProposedContext Proposal(std::uint16_t id, const SyntaxId& syntax) { return {id, kSrvsvcInterface, {syntax}}; }

class ContextTableTest : public testing::Test {
 protected:
  Budget budget_{Limits{}};
  ContextTable table_{budget_};
};

TEST_F(ContextTableTest, ResultsGoByPositionAndIdsAreLabels) {
  table_.OnProposal(2, {Proposal(5, kNdrSyntax), Proposal(1, kNdr64Syntax), Proposal(9, kFeatureNegotiation)});
  EXPECT_FALSE(table_.Find(5)->answered);
  EXPECT_FALSE(table_.Find(5)->syntax);
  table_.OnAnswer(2, {kRejected, kAcceptNdr64, kNegotiated});
  ASSERT_NE(table_.Find(5), nullptr);
  EXPECT_TRUE(table_.Find(5)->answered);
  EXPECT_FALSE(table_.Find(5)->syntax);
  ASSERT_NE(table_.Find(1), nullptr);
  EXPECT_EQ(table_.Find(1)->syntax, TransferSyntax::kNdr64);
  EXPECT_EQ(table_.Find(1)->interface, kSrvsvcInterface);
  EXPECT_EQ(table_.Find(9), nullptr) << "feature negotiation is no context";
  EXPECT_EQ(table_.Find(0), nullptr);
}

TEST_F(ContextTableTest, TheSyntaxIsTheOneOfTheAnswer) {
  table_.OnProposal(1, {{0, kSrvsvcInterface, {kNdrSyntax, kNdr64Syntax}}});
  table_.OnAnswer(1, {kAcceptNdr64});
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr64);
}

TEST_F(ContextTableTest, AnUnknownSyntaxIsNone) {
  SyntaxId other = kNdrSyntax;
  other.major = 3;
  table_.OnProposal(1, {Proposal(0, other)});
  table_.OnAnswer(1, {{0, 0, other}});
  EXPECT_TRUE(table_.Find(0)->answered);
  EXPECT_FALSE(table_.Find(0)->syntax);
}

TEST_F(ContextTableTest, ARejectionThatNamesASyntaxIsARejection) {
  table_.OnProposal(1, {Proposal(0, kNdrSyntax)});
  table_.OnAnswer(1, {{2, 1, kNdrSyntax}});
  EXPECT_TRUE(table_.Find(0)->answered);
  EXPECT_FALSE(table_.Find(0)->syntax);
}

TEST_F(ContextTableTest, AlterContextAddsAndRedefines) {
  table_.OnProposal(1, {Proposal(0, kNdrSyntax)});
  table_.OnAnswer(1, {kAcceptNdr});
  table_.OnProposal(2, {Proposal(1, kNdr64Syntax)});
  table_.OnAnswer(2, {kAcceptNdr64});
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr);
  EXPECT_EQ(table_.Find(1)->syntax, TransferSyntax::kNdr64);
  table_.OnProposal(3, {Proposal(0, kNdr64Syntax)});
  table_.OnAnswer(3, {kAcceptNdr64});
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr64);
}

TEST_F(ContextTableTest, AnAnswerBelongsToItsOwnProposal) {
  table_.OnProposal(1, {Proposal(0, kNdrSyntax)});
  table_.OnProposal(2, {Proposal(1, kNdr64Syntax)});
  table_.OnAnswer(3, {kAcceptNdr});  // nobody asked
  EXPECT_FALSE(table_.Find(0)->answered);
  table_.OnAnswer(2, {kAcceptNdr64});
  EXPECT_FALSE(table_.Find(0)->answered);
  EXPECT_EQ(table_.Find(1)->syntax, TransferSyntax::kNdr64);
  table_.OnAnswer(1, {kAcceptNdr});
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr);
  table_.OnAnswer(1, {kRejected});  // a second answer has no proposal any more
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr);
}

TEST_F(ContextTableTest, MoreOrFewerResultsThanProposals) {
  table_.OnProposal(1, {Proposal(0, kNdrSyntax), Proposal(1, kNdrSyntax)});
  table_.OnAnswer(1, {kAcceptNdr});
  EXPECT_TRUE(table_.Find(0)->answered);
  EXPECT_FALSE(table_.Find(1)->answered);
  table_.OnProposal(2, {Proposal(2, kNdrSyntax)});
  table_.OnAnswer(2, {kAcceptNdr, kAcceptNdr64, kAcceptNdr64});
  EXPECT_EQ(table_.Find(2)->syntax, TransferSyntax::kNdr);
  EXPECT_FALSE(table_.Find(1)->answered);
}

TEST_F(ContextTableTest, AProposalWithoutSyntaxes) {
  table_.OnProposal(1, {{0, kSrvsvcInterface, {}}});
  EXPECT_NE(table_.Find(0), nullptr);
}

TEST(ContextTable, IsCapped) {
  Limits limits;
  limits.rpc_contexts = 3;
  Budget budget(limits);
  ContextTable table(budget);
  for (std::uint16_t id = 0; id < 10; ++id) table.OnProposal(id, {Proposal(id, kNdrSyntax)});
  EXPECT_NE(table.Find(2), nullptr);
  EXPECT_EQ(table.Find(3), nullptr);
  EXPECT_EQ(budget.hits(Cap::kRpcContexts), 7U);
  table.OnProposal(20, {Proposal(1, kNdr64Syntax)});  // one that is known may be redefined
  table.OnAnswer(20, {kAcceptNdr64});
  EXPECT_EQ(table.Find(1)->syntax, TransferSyntax::kNdr64);
}

TEST_F(ContextTableTest, UnansweredProposalsDoNotPileUp) {
  for (std::uint32_t call = 0; call < 1'000; ++call) table_.OnProposal(call, {Proposal(0, kNdrSyntax)});
  table_.OnAnswer(0, {kAcceptNdr});  // forgotten
  EXPECT_FALSE(table_.Find(0)->answered);
  table_.OnAnswer(999, {kAcceptNdr});
  EXPECT_EQ(table_.Find(0)->syntax, TransferSyntax::kNdr);
}

}  // namespace
}  // namespace sessenum
