#include "net/defrag.h"

#include <gtest/gtest.h>

#include <string>

#include "net/packet_builder_testing.h"

namespace sessenum {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

class DefragTest : public ::testing::Test {
 protected:
  // Adds a fragment in a packet of its own; returns the payload that it completes, or "".
  std::string Add(std::uint32_t id, std::uint32_t offset, bool more, const std::string& text, std::size_t captured) {
    const builder::Raw raw = builder::ToRaw(text);
    const Frame frame{++number_, time_ns_};
    const Origin origin{0, frame};
    IpPacket packet;
    packet.source = builder::Address(1, v6_);
    packet.destination = builder::Address(2, v6_);
    packet.protocol = protocol_;
    packet.payload_length = text.size();
    packet.payload_captured = captured;
    packet.fragment = IpFragment{id, offset, more};
    const auto whole = defragmenter_.Add(packet, SourcedBytes(raw, {&origin, 1}).Sub(0, captured), frame);
    EXPECT_LE(defragmenter_.datagrams_held(), budget_.limits().datagrams);
    EXPECT_LE(defragmenter_.bytes_held(), budget_.limits().datagram_bytes);
    if (!whole) return "";
    frames_.clear();
    AppendFrames(whole->payload.View(), frames_);
    completed_protocol_ = whole->protocol;
    const Bytes bytes = whole->payload.View().bytes();
    return {bytes.begin(), bytes.end()};
  }
  std::string Add(std::uint32_t id, std::uint32_t offset, bool more, const std::string& text) {
    return Add(id, offset, more, text, text.size());
  }

  NetworkCounts counts_;
  Budget budget_{Limits()};
  Defragmenter defragmenter_{budget_, counts_};
  std::vector<Frame> frames_;
  std::uint64_t number_ = 0;
  std::int64_t time_ns_ = 0;
  std::uint8_t protocol_ = 6;
  std::uint8_t completed_protocol_ = 0;
  bool v6_ = false;
};

TEST_F(DefragTest, InOrderReversedAndDuplicated) {
  EXPECT_EQ(Add(1, 0, true, "aaaaaaaa"), "");
  EXPECT_EQ(Add(1, 8, false, "bb"), "aaaaaaaabb");
  EXPECT_EQ(Add(2, 16, false, "c"), "");
  EXPECT_EQ(Add(2, 8, true, "bbbbbbbb"), "");
  EXPECT_EQ(Add(2, 8, true, "bbbbbbbb"), "");
  EXPECT_EQ(Add(2, 0, true, "aaaaaaaa"), "aaaaaaaabbbbbbbbc");
  ASSERT_EQ(frames_.size(), 3U);
  EXPECT_EQ(frames_[0].number, 6U);
  EXPECT_EQ(frames_[1].number, 4U);
  EXPECT_EQ(frames_[2].number, 3U);
  EXPECT_EQ(counts_.overlapping_fragments, 0U);
  EXPECT_EQ(defragmenter_.bytes_held(), 0U);
}

TEST_F(DefragTest, FirstCopyWinsAndTheOverlapIsCounted) {
  Add(1, 8, true, "bbbbbbbb");
  Add(1, 0, true, "XXXXXXXXXXXXXXXXXXXXXXXX");
  EXPECT_EQ(Add(1, 24, false, "e"), "XXXXXXXXbbbbbbbbXXXXXXXXe");
  EXPECT_EQ(counts_.overlapping_fragments, 1U);
  Add(2, 0, true, "aaaaaaaa");
  Add(2, 0, true, "AAAAAAAA");
  EXPECT_EQ(Add(2, 8, false, "b"), "aaaaaaaab");
  EXPECT_EQ(counts_.overlapping_fragments, 2U);
}

TEST_F(DefragTest, KeysTellDatagramsApart) {
  Add(1, 0, true, "aaaaaaaa");
  protocol_ = 17;
  EXPECT_EQ(Add(1, 8, false, "b"), "");
  protocol_ = 6;
  EXPECT_EQ(Add(2, 8, false, "b"), "");
  EXPECT_EQ(Add(1, 8, false, "c"), "aaaaaaaac");
}

TEST_F(DefragTest, Ipv6KeyHasNoProtocolAndTheFirstFragmentNamesIt) {
  v6_ = true;
  protocol_ = 60;
  Add(0x10001, 8, false, "b");
  protocol_ = 6;
  EXPECT_EQ(Add(0x10001, 0, true, "aaaaaaaa"), "aaaaaaaab");
  EXPECT_EQ(completed_protocol_, 6);
}

TEST_F(DefragTest, ImpossibleFragmentsAreMalformed) {
  Add(1, 65'528, false, "12345678");  // beyond 65,535
  Add(1, 0, true, "1234567");         // not of 8 bytes
  Add(1, 8, false, "");
  EXPECT_EQ(counts_.malformed, 3U);
  EXPECT_EQ(defragmenter_.datagrams_held(), 0U);
  EXPECT_EQ(Add(1, 65'528, false, "1234567"), "");
  EXPECT_EQ(counts_.malformed, 3U);
  Add(2, 8, false, "b");
  Add(2, 16, true, "cccccccc");  // behind the last
  Add(2, 8, false, "bb");        // another end
  EXPECT_EQ(counts_.malformed, 5U);
  EXPECT_EQ(Add(2, 0, true, "aaaaaaaa"), "aaaaaaaab");
}

TEST_F(DefragTest, GivenUpAfterAMinuteOfCaptureTime) {
  Add(1, 0, true, "aaaaaaaa");
  time_ns_ = 60 * kSecond;
  EXPECT_EQ(Add(1, 8, true, "bbbbbbbb"), "");
  time_ns_ += 1;
  EXPECT_EQ(Add(1, 16, false, "c"), "");
  EXPECT_EQ(counts_.incomplete_datagrams, 1U);
  time_ns_ = INT64_MIN;  // a clock that jumps back ends nothing
  Add(1, 0, true, "aaaaaaaa");
  EXPECT_EQ(counts_.incomplete_datagrams, 1U);
  defragmenter_.Finish();
  EXPECT_EQ(counts_.incomplete_datagrams, 2U);
}

TEST_F(DefragTest, CutFragmentLeavesItsDatagramIncompleteOnce) {
  Add(1, 0, true, "aaaaaaaa", 5);
  EXPECT_EQ(Add(1, 0, true, "aaaaaaaa", 5), "");
  EXPECT_EQ(Add(1, 8, false, "b"), "");
  EXPECT_EQ(defragmenter_.bytes_held(), 0U);
  defragmenter_.Finish();
  EXPECT_EQ(counts_.incomplete_datagrams, 1U);
}

TEST_F(DefragTest, LoneFragmentsStayWithinTheCaps) {
  const std::string text(1'480, 'x');
  for (std::uint32_t id = 0; id < 300'000; ++id) Add(id, 0, true, text);
  EXPECT_EQ(defragmenter_.datagrams_held(), budget_.limits().datagrams);
  EXPECT_EQ(budget_.hits(Cap::kDatagrams), 300'000 - budget_.limits().datagrams);
  EXPECT_EQ(counts_.incomplete_datagrams, 300'000 - budget_.limits().datagrams);
  // The newest survive.
  EXPECT_EQ(Add(299'999, 1'480, false, "end"), text + "end");
}

TEST_F(DefragTest, TinyPiecesStayWithinTheByteCap) {
  for (std::uint32_t id = 0; id < 100; ++id) {
    for (std::uint32_t offset = 0; offset < 60'000; offset += 16) Add(id, offset, true, "12345678");
  }
  EXPECT_GT(budget_.hits(Cap::kDatagramBytes), 0U);
}

TEST_F(DefragTest, AnOrderOfAnyKindGivesTheSameBytes) {
  std::string whole;
  for (int i = 0; i < 100; ++i) whole += "part" + std::to_string(1000 + i);
  for (std::uint32_t round = 0; round < 50; ++round) {
    std::string got;
    // 37 and 100 have no common factor, so every piece comes once.
    for (std::uint32_t i = 0; i < 100; ++i) {
      const std::uint32_t piece = (i * 37 + round) % 100;
      got += Add(round, piece * 8, piece != 99, whole.substr(piece * 8, 8));
    }
    EXPECT_EQ(got, whole);
  }
}

}  // namespace
}  // namespace sessenum
