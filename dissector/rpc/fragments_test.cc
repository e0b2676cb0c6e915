#include "rpc/fragments.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "rpc/pdu_builder_testing.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

struct Delivered {
  std::uint32_t call_id = 0;
  Octets bytes;
  std::optional<Undecoded> missing;
  std::uint32_t fragments = 0;
  std::vector<std::uint64_t> packets;
  std::optional<std::uint8_t> auth_level;
};

// What a stub in `fragments` costs, each of which came in a packet of its own.
constexpr std::size_t Cost(std::size_t bytes, std::size_t fragments) {
  return bytes + fragments * (sizeof(Origin) + sizeof(Frame));
}

class FragmentTableTest : public testing::Test {
 protected:
  auto Deliver() {
    return [this](const AssembledStub& stub) {
      Delivered out;
      out.call_id = stub.call_id;
      out.bytes.assign(stub.bytes.bytes().begin(), stub.bytes.bytes().end());
      out.missing = stub.missing;
      out.fragments = stub.fragments;
      for (const Frame& frame : stub.frames) out.packets.push_back(frame.number);
      out.auth_level = stub.auth_level;
      delivered_.push_back(out);
      last_data_ = stub.bytes.bytes().data();
    };
  }

  // Feeds one PDU, which came in a packet of its own.
  void Feed(const PduBuilder& builder, std::optional<Undecoded> missing = std::nullopt, std::size_t cut = SIZE_MAX) {
    bytes_ = builder.Build();
    if (cut < bytes_.size()) bytes_.resize(cut);
    const std::vector<Origin> origins = {{0, {++packets_, 0}}};
    const Result<Pdu> pdu = missing ? ParsePduPrefix(bytes_) : ParsePdu(bytes_);
    ASSERT_TRUE(pdu.ok());
    table_->OnFragment(pdu.value(), {bytes_, origins}, missing, Deliver());
  }

  // One fragment of a request.
  void Fragment(std::uint32_t call_id, unsigned flags, const Octets& stub) {
    Feed(RequestPdu(call_id, stub).Flags(flags));
  }

  void Reset(const Limits& limits) {
    table_.reset();
    budget_ = Budget(limits);
    table_.emplace(budget_);
  }

  Budget budget_{Limits{}};
  std::optional<FragmentTable> table_{std::in_place, budget_};
  std::uint64_t packets_ = 0;
  Octets bytes_;
  std::vector<Delivered> delivered_;
  const std::uint8_t* last_data_ = nullptr;
};

constexpr unsigned kMiddle = 0;
constexpr unsigned kWhole = kFirstFrag | kLastFrag;

Octets Joined(const std::vector<Octets>& parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const Octets kOne = CountingStub(9, 10);
const Octets kTwo = CountingStub(5, 50);
const Octets kThree = CountingStub(7, 90);

TEST_F(FragmentTableTest, ASingleFragmentIsNotCopied) {
  Fragment(1, kWhole, kOne);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].bytes, kOne);
  EXPECT_FALSE(delivered_[0].missing);
  EXPECT_EQ(delivered_[0].fragments, 1U);
  EXPECT_EQ(last_data_, bytes_.data() + 24);
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(FragmentTableTest, FragmentsInOrder) {
  Fragment(1, kFirstFrag, kOne);
  Fragment(1, kMiddle, kTwo);
  EXPECT_TRUE(delivered_.empty());
  EXPECT_EQ(budget_.stub_bytes_held, Cost(kOne.size() + kTwo.size(), 2));
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].bytes, Joined({kOne, kTwo, kThree}));
  EXPECT_EQ(delivered_[0].fragments, 3U);
  EXPECT_EQ(delivered_[0].packets, (std::vector<std::uint64_t>{1, 2, 3}));
  EXPECT_FALSE(delivered_[0].missing);
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(FragmentTableTest, EachByteOfAnAssembledStubKnowsItsPacket) {
  std::vector<std::uint64_t> packet_of;
  const auto deliver = [&packet_of](const AssembledStub& stub) {
    for (std::size_t i = 0; i < stub.bytes.size(); ++i) packet_of.push_back(stub.bytes.FrameAt(i).number);
  };
  std::uint64_t packet = 0;
  for (const auto& [flags, stub] : {std::pair{unsigned{kFirstFrag}, CountingStub(2)}, {kLastFrag, CountingStub(3)}}) {
    const Octets bytes = RequestPdu(1, stub).Flags(flags).Build();
    const std::vector<Origin> origins = {{0, {++packet, 0}}};
    table_->OnFragment(ParsePdu(bytes).value(), {bytes, origins}, std::nullopt, deliver);
  }
  EXPECT_EQ(packet_of, (std::vector<std::uint64_t>{1, 1, 2, 2, 2}));
}

TEST_F(FragmentTableTest, CallsInterleave) {
  Fragment(1, kFirstFrag, kOne);
  Fragment(2, kFirstFrag, kThree);
  Fragment(1, kMiddle, kTwo);
  Fragment(3, kWhole, kTwo);
  Fragment(2, kLastFrag, kTwo);
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 3U);
  EXPECT_EQ(delivered_[0].call_id, 3U);
  EXPECT_EQ(delivered_[1].call_id, 2U);
  EXPECT_EQ(delivered_[1].bytes, Joined({kThree, kTwo}));
  EXPECT_EQ(delivered_[2].bytes, Joined({kOne, kTwo, kThree}));
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

// What follows a hole is not taken for the stub's beginning.
TEST_F(FragmentTableTest, WithoutTheFirstFragmentNothingIsKept) {
  Fragment(1, kMiddle, kTwo);
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kGap);
  EXPECT_TRUE(delivered_[0].bytes.empty());
  EXPECT_EQ(delivered_[0].fragments, 2U);
  EXPECT_EQ(delivered_[0].packets, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(FragmentTableTest, ALastFragmentAlone) {
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kGap);
  EXPECT_TRUE(delivered_[0].bytes.empty());
}

TEST_F(FragmentTableTest, WithoutTheLastFragmentTheStubEndsWithTheCapture) {
  Fragment(1, kFirstFrag, kOne);
  Fragment(1, kMiddle, kTwo);
  table_->Flush(Undecoded::kGap, Deliver());
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kGap);
  EXPECT_EQ(delivered_[0].bytes, Joined({kOne, kTwo}));
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
  table_->Flush(Undecoded::kGap, Deliver());
  EXPECT_EQ(delivered_.size(), 1U);
}

TEST_F(FragmentTableTest, ANewFirstFragmentCutsAnOlderCallOfItsIdShort) {
  Fragment(1, kFirstFrag, kOne);
  Fragment(1, kFirstFrag, kTwo);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kGap);
  EXPECT_EQ(delivered_[0].bytes, kOne);
  Fragment(1, kWhole, kThree);
  ASSERT_EQ(delivered_.size(), 3U);
  EXPECT_EQ(delivered_[1].bytes, kTwo);
  EXPECT_FALSE(delivered_[2].missing);
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(FragmentTableTest, AFragmentThatIsCutEndsWhatIsKept) {
  Fragment(1, kFirstFrag, kOne);
  Feed(RequestPdu(1, kTwo).Flags(kMiddle), Undecoded::kTruncated, 24 + 2);
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
  EXPECT_EQ(delivered_[0].bytes, Joined({kOne, CountingStub(2, 50)}));
  EXPECT_EQ(delivered_[0].fragments, 3U);
}

TEST_F(FragmentTableTest, ACutSingleFragmentIsMarked) {
  Feed(RequestPdu(1, kOne), Undecoded::kTruncated, 24 + 4);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
  EXPECT_EQ(delivered_[0].bytes, CountingStub(4, 10));
}

TEST_F(FragmentTableTest, TrailersAreTakenOffEveryFragment) {
  BuiltAuth auth;
  auth.pad_length = 7;
  Feed(RequestPdu(1, kOne).Flags(kFirstFrag).Auth(auth));
  auth.pad_length = 0;
  Feed(RequestPdu(1, kTwo).Flags(kLastFrag).Auth(auth));
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].bytes, Joined({kOne, kTwo}));
  EXPECT_EQ(delivered_[0].auth_level, 5);
  EXPECT_FALSE(delivered_[0].missing);
}

TEST_F(FragmentTableTest, PrivacyMakesAStubUnreadable) {
  BuiltAuth auth;
  auth.level = kAuthLevelPrivacy;
  Feed(RequestPdu(1, kOne).Auth(auth));
  Feed(RequestPdu(2, kOne).Flags(kFirstFrag).Auth(auth));
  Feed(RequestPdu(2, kTwo).Flags(kLastFrag).Auth(auth));
  ASSERT_EQ(delivered_.size(), 2U);
  for (const Delivered& stub : delivered_) {
    EXPECT_EQ(stub.missing, Undecoded::kEncrypted);
    EXPECT_EQ(stub.auth_level, 6);
  }
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(FragmentTableTest, AStubIsCapped) {
  Limits limits;
  limits.stub_bytes = 20;
  Reset(limits);
  Fragment(1, kFirstFrag, CountingStub(20));
  for (int i = 0; i < 10; ++i) Fragment(1, kMiddle, kTwo);
  EXPECT_EQ(budget_.stub_bytes_held, Cost(20, 1));
  Fragment(1, kLastFrag, kThree);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
  EXPECT_EQ(delivered_[0].bytes, CountingStub(20));
  EXPECT_EQ(budget_.hits(Cap::kStubBytes), 1U);
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

TEST_F(FragmentTableTest, AllStubsTogetherAreCapped) {
  Limits limits;
  limits.total_stub_bytes = Cost(20, 1);
  Reset(limits);
  Fragment(1, kFirstFrag, CountingStub(15));
  FragmentTable other(budget_);
  const Octets bytes = RequestPdu(9, CountingStub(6)).Flags(kFirstFrag).Build();
  other.OnFragment(ParsePdu(bytes).value(), {bytes, {}}, std::nullopt, Deliver());
  EXPECT_EQ(budget_.hits(Cap::kTotalStubBytes), 1U);
  EXPECT_EQ(budget_.stub_bytes_held, Cost(15, 1));
  other.Flush(Undecoded::kGap, Deliver());
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
  Fragment(1, kLastFrag, CountingStub(5, 15));
  ASSERT_EQ(delivered_.size(), 2U);
  EXPECT_EQ(delivered_[1].bytes, CountingStub(20));
  EXPECT_FALSE(delivered_[1].missing);
}

TEST_F(FragmentTableTest, WhereNothingIsLeftPacketsAreNotListed) {
  Limits limits;
  limits.total_stub_bytes = Cost(20, 1);
  Reset(limits);
  Fragment(1, kFirstFrag, CountingStub(20));
  EXPECT_EQ(budget_.hits(Cap::kTotalStubBytes), 0U);
  Fragment(1, kMiddle, kTwo);  // neither its packet nor its bytes
  EXPECT_EQ(budget_.hits(Cap::kTotalStubBytes), 2U);
  Fragment(1, kLastFrag, kThree);
  EXPECT_EQ(budget_.hits(Cap::kTotalStubBytes), 3U);
  ASSERT_EQ(delivered_.size(), 1U);
  EXPECT_EQ(delivered_[0].packets, std::vector<std::uint64_t>{1});
  EXPECT_EQ(delivered_[0].bytes, CountingStub(20));
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
}

TEST_F(FragmentTableTest, CallsAreCapped) {
  Limits limits;
  limits.rpc_calls = 3;
  Reset(limits);
  for (std::uint32_t call = 1; call <= 5; ++call) Fragment(call, kFirstFrag, kOne);
  ASSERT_EQ(delivered_.size(), 2U);
  EXPECT_EQ(delivered_[0].call_id, 1U);
  EXPECT_EQ(delivered_[0].missing, Undecoded::kTruncated);
  EXPECT_EQ(budget_.hits(Cap::kRpcCalls), 2U);
  EXPECT_EQ(budget_.stub_bytes_held, 3 * Cost(kOne.size(), 1));
  Fragment(4, kLastFrag, kTwo);
  ASSERT_EQ(delivered_.size(), 3U);
  EXPECT_EQ(delivered_[2].bytes, Joined({kOne, kTwo}));
}

TEST_F(FragmentTableTest, WhatIsHeldIsGivenBackAtTheEnd) {
  Fragment(1, kFirstFrag, kOne);
  Fragment(2, kFirstFrag, kTwo);
  EXPECT_GT(budget_.stub_bytes_held, 0U);
  table_.reset();
  EXPECT_EQ(budget_.stub_bytes_held, 0U);
}

}  // namespace
}  // namespace sessenum
