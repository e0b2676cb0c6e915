#include "ndr/anomaly.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>

namespace sessenum {
namespace {

Anomaly At(AnomalyKind kind, std::uint32_t offset) { return {kind, {offset, 4}, {"level"}, 1, 2}; }

TEST(AnomalyKind, EachHasANameOfItsOwn) {
  static_assert(static_cast<std::size_t>(AnomalyKind::kNdr64BigEndian) + 1 == kAnomalyNames.size());
  EXPECT_EQ(std::set(kAnomalyNames.begin(), kAnomalyNames.end()).size(), kAnomalyNames.size());
  EXPECT_EQ(Name(AnomalyKind::kTruncated), "truncated");
  EXPECT_EQ(Name(AnomalyKind::kImpossibleCount), "impossible-count");
  EXPECT_EQ(Name(AnomalyKind::kUnknownElements), "unknown-elements");
  EXPECT_EQ(Name(AnomalyKind::kTooManySessions), "too-many-sessions");
  EXPECT_EQ(Name(AnomalyKind::kPadding), "padding");
  EXPECT_EQ(Name(AnomalyKind::kRepeatedReferent), "repeated-referent");
  EXPECT_EQ(Name(AnomalyKind::kMaxAboveActual), "max-above-actual");
  EXPECT_EQ(Name(AnomalyKind::kActualAboveMax), "actual-above-max");
  EXPECT_EQ(Name(AnomalyKind::kStringOffset), "string-offset");
  EXPECT_EQ(Name(AnomalyKind::kZeroActualCount), "zero-actual-count");
  EXPECT_EQ(Name(AnomalyKind::kUnterminated), "unterminated");
  EXPECT_EQ(Name(AnomalyKind::kEmbeddedNul), "embedded-nul");
  EXPECT_EQ(Name(AnomalyKind::kUnpairedSurrogate), "unpaired-surrogate");
  EXPECT_EQ(Name(AnomalyKind::kLevelMismatch), "level-mismatch");
  EXPECT_EQ(Name(AnomalyKind::kCountMismatch), "count-mismatch");
  EXPECT_EQ(Name(AnomalyKind::kNullBuffer), "null-buffer");
  EXPECT_EQ(Name(AnomalyKind::kTrailingBytes), "trailing-bytes");
  EXPECT_EQ(Name(AnomalyKind::kBadTrailer), "bad-trailer");
  EXPECT_EQ(Name(AnomalyKind::kNdr64BigEndian), "ndr64-big-endian");
}

TEST(AnomalyList, KeepsTheOrder) {
  AnomalyList list;
  list.Add(At(AnomalyKind::kUnterminated, 8));
  list.Add(At(AnomalyKind::kEmbeddedNul, 4));
  list.Add(At(AnomalyKind::kUnterminated, 20));
  ASSERT_EQ(list.entries().size(), 3U);
  EXPECT_EQ(list.entries()[0], At(AnomalyKind::kUnterminated, 8));
  EXPECT_EQ(list.entries()[2], At(AnomalyKind::kUnterminated, 20));
  EXPECT_TRUE(list.Has(AnomalyKind::kEmbeddedNul));
  EXPECT_FALSE(list.Has(AnomalyKind::kPadding));
}

TEST(AnomalyList, HabitsAreKeptOnceWithACount) {
  AnomalyList list;
  list.Add(At(AnomalyKind::kPadding, 8));
  list.Add(At(AnomalyKind::kRepeatedReferent, 12));
  list.Add(At(AnomalyKind::kPadding, 40));
  Anomaly seven = At(AnomalyKind::kRepeatedReferent, 50);
  seven.times = 7;
  list.Add(seven);
  ASSERT_EQ(list.entries().size(), 2U);
  EXPECT_EQ(list.entries()[0].where.offset, 8U);
  EXPECT_EQ(list.entries()[0].times, 2U);
  EXPECT_EQ(list.entries()[1].where.offset, 12U);
  EXPECT_EQ(list.entries()[1].times, 8U);
  EXPECT_EQ(list.dropped(), 0U);
}

TEST(AnomalyList, CountsWhatIsAboveTheCap) {
  AnomalyList list;
  list.Clear(2);
  list.Add(At(AnomalyKind::kPadding, 0));
  for (std::uint32_t i = 0; i < 5; ++i) list.Add(At(AnomalyKind::kUnterminated, i));
  list.Add(At(AnomalyKind::kPadding, 9));  // merges: takes no room
  EXPECT_EQ(list.entries().size(), 2U);
  EXPECT_EQ(list.entries()[0].times, 2U);
  EXPECT_EQ(list.dropped(), 4U);
  list.Clear(1);
  EXPECT_TRUE(list.entries().empty());
  EXPECT_EQ(list.dropped(), 0U);
}

TEST(AnomalyList, WhyTheDecoderStoppedTakesTheLastPlace) {
  for (const AnomalyKind stop : {AnomalyKind::kTruncated, AnomalyKind::kImpossibleCount, AnomalyKind::kUnknownElements,
                                 AnomalyKind::kTooManySessions}) {
    AnomalyList list;
    list.Clear(2);
    for (std::uint32_t i = 0; i < 3; ++i) list.Add(At(AnomalyKind::kUnterminated, i));
    list.Add(At(stop, 90));
    ASSERT_EQ(list.entries().size(), 2U);
    EXPECT_EQ(list.entries()[0], At(AnomalyKind::kUnterminated, 0));
    EXPECT_EQ(list.entries()[1], At(stop, 90));
    EXPECT_EQ(list.dropped(), 2U);
    list.Clear(0);
    list.Add(At(stop, 90));
    EXPECT_TRUE(list.entries().empty());
    EXPECT_EQ(list.dropped(), 1U);
  }
}

TEST(AnomalyList, NoOtherKindTakesAPlaceThatIsTaken) {
  for (std::size_t kind = static_cast<std::size_t>(AnomalyKind::kTooManySessions) + 1; kind < kAnomalyNames.size();
       ++kind) {
    AnomalyList list;
    list.Clear(1);
    list.Add(At(AnomalyKind::kTruncated, 0));
    list.Add(At(static_cast<AnomalyKind>(kind), 90));
    ASSERT_EQ(list.entries().size(), 1U);
    EXPECT_EQ(list.entries()[0], At(AnomalyKind::kTruncated, 0)) << kind;
    EXPECT_EQ(list.dropped(), 1U);
  }
}

TEST(AnomalyList, AKindThatComesLateTakesTheLastRepetitionsPlace) {
  AnomalyList list;
  list.Clear(4);
  list.Add(At(AnomalyKind::kUnterminated, 0));
  list.Add(At(AnomalyKind::kStringOffset, 4));
  list.Add(At(AnomalyKind::kUnterminated, 8));
  list.Add(At(AnomalyKind::kEmbeddedNul, 12));
  list.Add(At(AnomalyKind::kUnterminated, 16));
  list.Add(At(AnomalyKind::kLevelMismatch, 20));
  ASSERT_EQ(list.entries().size(), 4U);
  EXPECT_EQ(list.entries()[0], At(AnomalyKind::kUnterminated, 0));
  EXPECT_EQ(list.entries()[1], At(AnomalyKind::kStringOffset, 4));
  EXPECT_EQ(list.entries()[2], At(AnomalyKind::kLevelMismatch, 20));
  EXPECT_EQ(list.entries()[3], At(AnomalyKind::kEmbeddedNul, 12));
  EXPECT_EQ(list.dropped(), 2U);
  list.Add(At(AnomalyKind::kCountMismatch, 24));  // nothing repeats now
  EXPECT_FALSE(list.Has(AnomalyKind::kCountMismatch));
  EXPECT_EQ(list.dropped(), 3U);
}

TEST(AnomalyList, EveryOtherKindIsKeptEachTime) {
  for (std::size_t kind = 0; kind < kAnomalyNames.size(); ++kind) {
    const auto of = static_cast<AnomalyKind>(kind);
    if (of == AnomalyKind::kPadding || of == AnomalyKind::kRepeatedReferent) continue;
    AnomalyList list;
    list.Add(At(of, 0));
    list.Add(At(of, 8));
    EXPECT_EQ(list.entries().size(), 2U) << kind;
  }
}

TEST(Anomaly, StandsForOneUnlessSaidOtherwise) {
  const Anomaly anomaly;
  EXPECT_EQ(anomaly.times, 1U);
  EXPECT_EQ(anomaly.seen, 0U);
  EXPECT_EQ(anomaly.expected, 0U);
  EXPECT_EQ(FieldRef{"level"}.element, kNoElement);
  static_assert(kNoElement == UINT32_MAX);
}

}  // namespace
}  // namespace sessenum
