#include "replay/call_queue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sessenum {
namespace {

using Ids = std::vector<std::uint32_t>;

std::unique_ptr<Call> MakeCall(std::uint32_t id, std::size_t stub_bytes = 0) {
  auto call = std::make_unique<Call>();
  call->call_id = id;
  call->request.emplace().stub.resize(stub_bytes);
  return call;
}

class CallQueueTest : public testing::Test {
 protected:
  CallQueue Make(std::uint64_t window) {
    return {budget_, window, [this](const Call& call) { out_.push_back(call.call_id); }};
  }

  Limits limits_;
  Budget budget_{limits_};
  Ids out_;
};

TEST_F(CallQueueTest, WithoutAWindowACallGoesOutAtOnce) {
  CallQueue queue = Make(0);
  const auto ticket = queue.Open(5);
  EXPECT_EQ(out_, Ids());
  queue.Fill(ticket, MakeCall(1));
  EXPECT_EQ(out_, Ids({1}));
}

TEST_F(CallQueueTest, WithoutAWindowNoCallWaitsForOneThatIsUnderWay) {
  CallQueue queue = Make(0);
  const auto first = queue.Open(5);
  queue.Fill(queue.Open(6), MakeCall(2));
  EXPECT_EQ(out_, Ids({2}));
  queue.Fill(first, MakeCall(1));
  EXPECT_EQ(out_, Ids({2, 1}));
}

TEST_F(CallQueueTest, AFinishedCallWaitsForOneThatBeganEarlier) {
  CallQueue queue = Make(1);
  const auto first = queue.Open(5);
  const auto second = queue.Open(6);
  queue.Fill(second, MakeCall(2));
  queue.Advance(100);
  EXPECT_EQ(out_, Ids());
  queue.Fill(first, MakeCall(1));
  queue.Advance(101);
  EXPECT_EQ(out_, Ids({1, 2}));
}

TEST_F(CallQueueTest, TheOrderIsThatOfFirstFramesNotOfOpening) {
  CallQueue queue = Make(100);
  const auto late = queue.Open(50);
  const auto early = queue.Open(3);
  const auto middle = queue.Open(20);
  queue.Fill(late, MakeCall(50));
  queue.Fill(middle, MakeCall(20));
  queue.Fill(early, MakeCall(3));
  queue.Flush();
  EXPECT_EQ(out_, Ids({3, 20, 50}));
}

TEST_F(CallQueueTest, AnAnswerBeforeItsRequestMovesTheCallToWhereItBegan) {
  CallQueue queue = Make(100);
  const auto earlier = queue.Open(15);
  const auto later = queue.Open(12);
  queue.Fill(later, MakeCall(12));
  auto answered_before = MakeCall(11);
  answered_before->request->frames.push_back({15, 0});
  answered_before->response.emplace().frames.push_back({11, 0});
  queue.Fill(earlier, std::move(answered_before));
  queue.Flush();
  EXPECT_EQ(out_, Ids({11, 12}));
}

TEST_F(CallQueueTest, CallsOfOneFirstFrameKeepTheOrderOfOpening) {
  CallQueue queue = Make(1);
  const auto first = queue.Open(9);
  const auto second = queue.Open(9);
  queue.Fill(second, MakeCall(2));
  queue.Fill(first, MakeCall(1));
  queue.Advance(10);
  EXPECT_EQ(out_, Ids({1, 2}));
}

TEST_F(CallQueueTest, TheWindowHoldsACallBackForThatManyPackets) {
  CallQueue queue = Make(10);
  queue.Advance(100);
  const auto ticket = queue.Open(99);
  queue.Fill(ticket, MakeCall(1));
  queue.Advance(109);
  EXPECT_EQ(out_, Ids());
  queue.Advance(110);
  EXPECT_EQ(out_, Ids({1}));
}

TEST_F(CallQueueTest, WithinTheWindowAnEarlierCallMayStillCome) {
  CallQueue queue = Make(10);
  queue.Advance(100);
  queue.Fill(queue.Open(99), MakeCall(99));
  queue.Advance(105);
  const auto earlier = queue.Open(40);
  queue.Fill(earlier, MakeCall(40));
  queue.Advance(111);
  EXPECT_EQ(out_, Ids()) << "the earlier one is not due yet";
  queue.Advance(115);
  EXPECT_EQ(out_, Ids({40, 99}));
}

TEST_F(CallQueueTest, APlaceThatIsGivenBackHoldsNobodyUp) {
  CallQueue queue = Make(1);
  const auto first = queue.Open(1);
  queue.Fill(queue.Open(2), MakeCall(2));
  queue.Advance(3);
  EXPECT_EQ(out_, Ids());
  queue.GiveBack(first);
  EXPECT_EQ(out_, Ids({2}));
}

TEST_F(CallQueueTest, GivingBackTwiceOrFillingAfterwardsDoesNothing) {
  CallQueue queue = Make(0);
  const auto ticket = queue.Open(1);
  queue.GiveBack(ticket);
  queue.GiveBack(ticket);
  queue.Fill(ticket, MakeCall(1));
  queue.Flush();
  EXPECT_EQ(out_, Ids());
}

TEST_F(CallQueueTest, FlushHandsOutWhatIsFinishedAndKeepsThePlacesOfTheRest) {
  CallQueue queue = Make(1000);
  const auto open = queue.Open(1);
  queue.Fill(queue.Open(2), MakeCall(2));
  queue.Fill(queue.Open(3), MakeCall(3));
  queue.Flush();
  EXPECT_EQ(out_, Ids({2, 3}));
  queue.Fill(open, MakeCall(1));
  queue.Flush();
  EXPECT_EQ(out_, Ids({2, 3, 1}));
}

TEST_F(CallQueueTest, TooManyWaitingCallsGiveUpTheOrder) {
  limits_.waiting_calls = 3;
  budget_ = Budget(limits_);
  CallQueue queue = Make(1);
  const auto never = queue.Open(1);
  for (std::uint32_t id = 2; id <= 4; ++id) queue.Fill(queue.Open(id), MakeCall(id));
  EXPECT_EQ(out_, Ids());
  EXPECT_EQ(budget_.hits(Cap::kWaitingCalls), 0U);
  queue.Fill(queue.Open(5), MakeCall(5));
  EXPECT_EQ(out_, Ids({2, 3, 4, 5}));
  EXPECT_EQ(budget_.hits(Cap::kWaitingCalls), 1U);
  EXPECT_EQ(budget_.hits(Cap::kWaitingBytes), 0U);
  queue.Fill(never, MakeCall(1));
  queue.Advance(6);
  EXPECT_EQ(out_, Ids({2, 3, 4, 5, 1}));
}

TEST_F(CallQueueTest, TooManyWaitingBytesGiveUpTheOrder) {
  limits_.waiting_bytes = 10'000;
  budget_ = Budget(limits_);
  CallQueue queue = Make(1);
  const auto never = queue.Open(1);
  queue.Fill(queue.Open(2), MakeCall(2, 5'000));
  EXPECT_EQ(out_, Ids());
  queue.Fill(queue.Open(3), MakeCall(3, 6'000));
  EXPECT_EQ(out_, Ids({2, 3}));
  EXPECT_EQ(budget_.hits(Cap::kWaitingBytes), 1U);
  // What went out no longer counts.
  queue.Fill(queue.Open(4), MakeCall(4, 5'000));
  EXPECT_EQ(out_, Ids({2, 3}));
  EXPECT_EQ(budget_.hits(Cap::kWaitingBytes), 1U);
  queue.GiveBack(never);
  queue.Advance(5);
  EXPECT_EQ(out_, Ids({2, 3, 4}));
}

}  // namespace
}  // namespace sessenum
