#include "replay/dissector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "replay/conversation_testing.h"
#include "replay/recorded_call_testing.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct Outcome {
  std::vector<RecordedCall> calls;
  Summary summary;

  [[nodiscard]] std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const RecordedCall& call : calls) texts.push_back(call.text);
    return texts;
  }
};

Outcome Dissect(const std::vector<builder::Raw>& packets, const DissectorOptions& options = {}) {
  Outcome outcome;
  Dissector dissector(options, [&outcome](const Call& call) { outcome.calls.push_back(Record(call)); });
  std::uint64_t number = 0;
  for (const builder::Raw& packet : packets) {
    ++number;
    dissector.OnPacket(
        {{number, static_cast<std::int64_t>(number) * 1'000'000}, LinkType::kEthernet, packet, packet.size()});
  }
  dissector.Finish();
  outcome.summary = dissector.summary();
  return outcome;
}

Wire OverIpv6() { return {{builder::Address(1, true), 40'000}, {builder::Address(2, true), 49'152}}; }

TEST(DissectorTest, TheSameCallsHoweverTheStreamIsCut) {
  for (const NdrFormat format : kAllFormats) {
    for (const Conversation& talk : {TcpConversation(format), Smb2Conversation(format)}) {
      const Outcome whole = Dissect(Packets(talk));
      ASSERT_GE(whole.calls.size(), 5U);
      EXPECT_THAT(whole.calls.front().text, HasSubstr(std::string(Name(format.syntax)) + "/bind_ack"));
      EXPECT_THAT(whole.calls.front().text, HasSubstr("\\\\10.0.0.0"));
      std::vector<Cut> cuts = {ByteByByte};
      for (std::uint32_t seed = 1; seed <= 8; ++seed) cuts.push_back(Random(seed, 1 + 40 * seed));
      for (const Cut& cut : cuts) {
        EXPECT_EQ(Dissect(Packets(talk, {}, cut)).Texts(), whole.Texts()) << FormatName(format);
      }
    }
  }
}

TEST(DissectorTest, TheSameCallsWithEverySecondSegmentAheadOfItsTurn) {
  Wire swapped;
  swapped.swap_segments = true;
  for (const Conversation& talk : {TcpConversation(), Smb2Conversation()}) {
    const Outcome whole = Dissect(Packets(talk));
    EXPECT_EQ(Dissect(Packets(talk, swapped, ByteByByte)).Texts(), whole.Texts());
    EXPECT_EQ(Dissect(Packets(talk, swapped, Random(7, 90))).Texts(), whole.Texts());
  }
}

TEST(DissectorTest, TheSameCallsOverIpv6AndWithoutAHandshake) {
  Wire late;
  late.handshake = false;
  for (const Conversation& talk : {TcpConversation(), Smb2Conversation()}) {
    const Outcome whole = Dissect(Packets(talk));
    EXPECT_EQ(Dissect(Packets(talk, OverIpv6())).Texts(), whole.Texts());
    EXPECT_EQ(Dissect(Packets(talk, late, Random(3, 200))).Texts(), whole.Texts());
  }
}

TEST(DissectorTest, TheFramesOfACallAreThePacketsThatCarriedIt) {
  const Outcome outcome = Dissect(Packets(TcpConversation({}, 4000)));
  ASSERT_THAT(outcome.calls, SizeIs(6));
  for (std::size_t i = 0; i < 6; ++i) {
    // Handshake 1 to 3, bind 4 and 5.
    EXPECT_EQ(outcome.calls[i].request_frames, std::vector<std::uint64_t>({6 + 2 * i}));
    EXPECT_EQ(outcome.calls[i].answer_frames, std::vector<std::uint64_t>({7 + 2 * i}));
    EXPECT_EQ(outcome.calls[i].rtt_ns, 1'000'000);
  }
}

TEST(DissectorTest, EverySegmentThatCarriedAByteOfAStubIsListed) {
  const Conversation talk = TcpConversation({}, 4000);
  const auto packets = Packets(talk, {}, ByteByByte);
  const Outcome outcome = Dissect(packets);
  ASSERT_THAT(outcome.calls, SizeIs(6));
  std::uint64_t frame = 4 + talk[0].bytes.size() + talk[1].bytes.size();
  for (std::size_t i = 0; i < 6; ++i) {
    for (const auto* frames : {&outcome.calls[i].request_frames, &outcome.calls[i].answer_frames}) {
      const std::size_t size = talk[frames == &outcome.calls[i].request_frames ? 2 + 2 * i : 3 + 2 * i].bytes.size();
      ASSERT_EQ(frames->size(), size);
      EXPECT_EQ(frames->front(), frame);
      EXPECT_EQ(frames->back(), frame + size - 1);
      frame += size;
    }
  }
}

TEST(DissectorTest, EndpointsAreClientAndServer) {
  const Wire wire = OverIpv6();
  const Outcome outcome = Dissect(Packets(TcpConversation(), wire));
  ASSERT_THAT(outcome.calls, testing::Not(testing::IsEmpty()));
  EXPECT_EQ(outcome.calls[0].client.address, wire.client.address);
  EXPECT_EQ(outcome.calls[0].client.port, wire.client.port);
  EXPECT_EQ(outcome.calls[0].server.port, wire.server.port);
}

// Two connections, packet by packet in turn.
std::vector<builder::Raw> Interleave(const std::vector<builder::Raw>& a, const std::vector<builder::Raw>& b) {
  std::vector<builder::Raw> out;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size()) out.push_back(a[i]);
    if (i < b.size()) out.push_back(b[i]);
  }
  return out;
}

TEST(DissectorTest, CallsOfSeveralConnectionsComeInTheOrderOfTheirFirstFrames) {
  Wire other;
  other.client.port = 40'001;
  const auto packets = Interleave(Packets(TcpConversation(), {}, Random(5, 60)), Packets(Smb2Conversation(), other));
  for (const std::uint64_t window : {std::uint64_t{0}, std::uint64_t{4096}}) {
    DissectorOptions options;
    options.order_window = window;
    const Outcome outcome = Dissect(packets, options);
    ASSERT_THAT(outcome.calls, SizeIs(11));
    EXPECT_EQ(outcome.summary.flows, 2U);
    for (std::size_t i = 1; i < outcome.calls.size() && window != 0; ++i) {
      EXPECT_LT(outcome.calls[i - 1].request_frames.front(), outcome.calls[i].request_frames.front()) << i;
    }
  }
}

TEST(DissectorTest, WithoutAWindowACallComesWithItsLastPacket) {
  const auto packets = Packets(TcpConversation({}, 4000));
  DissectorOptions live;
  live.order_window = 0;
  std::vector<std::uint64_t> came_at;
  std::uint64_t number = 0;
  Dissector dissector(live, [&](const Call&) { came_at.push_back(number); });
  for (const builder::Raw& packet : packets) {
    ++number;
    dissector.OnPacket({{number, 0}, LinkType::kEthernet, packet, packet.size()});
  }
  EXPECT_EQ(came_at, std::vector<std::uint64_t>({7, 9, 11, 13, 15, 17}));
  dissector.Finish();
  EXPECT_THAT(came_at, SizeIs(6));
}

TEST(DissectorTest, TheSummaryCountsWhatWasSeen) {
  const auto packets = Packets(TcpConversation());
  std::uint64_t bytes = 0;
  for (const builder::Raw& packet : packets) bytes += packet.size();
  const Summary summary = Dissect(packets).summary;
  EXPECT_EQ(summary.captures, 0U) << "left to whoever opens captures";
  EXPECT_EQ(summary.packets, packets.size());
  EXPECT_EQ(summary.bytes, bytes);
  EXPECT_EQ(summary.flows, 1U);
  EXPECT_EQ(summary.calls, 6U);
  EXPECT_GT(summary.verdicts[static_cast<std::size_t>(Verdict::kPass)], 11U);  // six requests, five responses, rules
  EXPECT_EQ(summary.verdicts[static_cast<std::size_t>(Verdict::kViolation)], 0U);
}

TEST(DissectorTest, ALostSegmentIsAGapInItsCallAlone) {
  auto packets = Packets(TcpConversation({}, 4000));
  packets.erase(packets.begin() + 8);  // the second response
  const Outcome outcome = Dissect(packets);
  ASSERT_THAT(outcome.calls, SizeIs(6));
  for (std::size_t i = 0; i < 6; ++i) {
    const bool lost = i == 1;
    EXPECT_EQ(outcome.calls[i].answer_frames.empty(), lost) << i;
    EXPECT_EQ(outcome.calls[i].text.find("| undecoded gap") != std::string::npos, lost) << i;
  }
  EXPECT_EQ(outcome.summary.undecoded[static_cast<std::size_t>(Undecoded::kGap)], 1U);
}

TEST(DissectorTest, APacketCutBySnaplenIsTruncatedNotMalformed) {
  const auto packets = Packets(TcpConversation({}, 4000));
  std::vector<RecordedCall> calls;
  Dissector dissector({}, [&](const Call& call) { calls.push_back(Record(call)); });
  std::uint64_t number = 0;
  for (const builder::Raw& packet : packets) {
    const Bytes captured = Bytes(packet).first(std::min<std::size_t>(packet.size(), 200));
    dissector.OnPacket({{++number, 0}, LinkType::kEthernet, captured, packet.size()});
  }
  dissector.Finish();
  ASSERT_THAT(calls, SizeIs(6));
  EXPECT_THAT(calls[1].text, HasSubstr("missing truncated"));
  EXPECT_THAT(calls[1].text, testing::EndsWith("| undecoded truncated"));
}

TEST(DissectorTest, ACopyOfAByteThatDiffersIsCounted) {
  auto packets = Packets(TcpConversation({}, 4000));
  builder::Raw forged = packets[6];
  forged.back() ^= 0xFF;
  packets.insert(packets.begin() + 7, forged);
  const Outcome outcome = Dissect(packets);
  EXPECT_THAT(outcome.calls, SizeIs(6));
  EXPECT_EQ(outcome.summary.overlap_conflicts, 1U);
  EXPECT_EQ(outcome.Texts(), Dissect(Packets(TcpConversation({}, 4000))).Texts()) << "the first copy counts";
}

TEST(DissectorTest, PacketsOfALinkTypeThatIsNotReadAreCounted) {
  Dissector dissector({}, [](const Call&) { FAIL(); });
  const builder::Raw packet(60, 0x55);
  dissector.OnPacket({{1, 0}, LinkType::kIeee80211, packet, packet.size()});
  dissector.OnPacket({{2, 0}, static_cast<LinkType>(147), packet, packet.size()});
  dissector.Finish();
  EXPECT_EQ(dissector.summary().packets, 2U);
  EXPECT_EQ(dissector.summary().unknown_link, 2U);
}

TEST(DissectorTest, LimitsThatBiteAreInTheSummary) {
  DissectorOptions options;
  options.limits.sessions = 4;
  const Outcome outcome = Dissect(Packets(TcpConversation()), options);
  EXPECT_EQ(outcome.summary.limits_hit[static_cast<std::size_t>(Cap::kSessions)], 5U);
  EXPECT_EQ(outcome.summary.limits_hit[static_cast<std::size_t>(Cap::kFlows)], 0U);
}

TEST(DissectorTest, NothingInNothingOut) {
  const Outcome outcome = Dissect({});
  EXPECT_THAT(outcome.calls, SizeIs(0));
  EXPECT_EQ(outcome.summary.packets, 0U);
}

TEST(DissectorTest, ADissectorThatIsNeverFinishedIsDestroyedQuietly) {
  Dissector dissector({}, [](const Call&) {});
  const auto packets = Packets(TcpConversation());
  for (std::size_t i = 0; i < 8; ++i) {
    dissector.OnPacket({{i + 1, 0}, LinkType::kEthernet, packets[i], packets[i].size()});
  }
}

TEST(SummaryTest, SumsAddUpMemberByMember) {
  const Outcome one = Dissect(Packets(TcpConversation()));
  Summary sum = one.summary;
  sum += one.summary;
  EXPECT_EQ(sum.packets, 2 * one.summary.packets);
  EXPECT_EQ(sum.bytes, 2 * one.summary.bytes);
  EXPECT_EQ(sum.flows, 2U);
  EXPECT_EQ(sum.calls, 12U);
  constexpr auto kPass = static_cast<std::size_t>(Verdict::kPass);
  EXPECT_EQ(sum.verdicts[kPass], 2 * one.summary.verdicts[kPass]);
  Summary other;
  other.captures = 3;
  other.undecoded[2] = 4;
  other.limits_hit[5] = 6;
  other.unknown_link = 7;
  other.overlap_conflicts = 8;
  other.incomplete_datagrams = 9;
  sum += other;
  EXPECT_EQ(sum.captures, 3U);
  EXPECT_EQ(sum.undecoded[2], 4U);
  EXPECT_EQ(sum.limits_hit[5], 6U);
  EXPECT_EQ(sum.unknown_link, 7U);
  EXPECT_EQ(sum.overlap_conflicts, 8U);
  EXPECT_EQ(sum.incomplete_datagrams, 9U);
}

}  // namespace
}  // namespace sessenum
