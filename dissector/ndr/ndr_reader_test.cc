#include "ndr/ndr_reader.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_writer.h"

namespace sessenum {
namespace {

constexpr FieldRef kField{"user_name"};

class NdrReaderTest : public testing::TestWithParam<NdrFormat> {
 protected:
  [[nodiscard]] std::uint32_t word() const { return GetParam().word(); }
  [[nodiscard]] bool wide() const { return GetParam().syntax == TransferSyntax::kNdr64; }

  void PutU32(std::uint32_t value) { ByteWriter(stub_, GetParam().order).Write(value); }
  void PutWord(std::uint64_t value) {
    if (wide()) {
      ByteWriter(stub_, GetParam().order).Write(value);
    } else {
      PutU32(static_cast<std::uint32_t>(value));
    }
  }
  void PutUnits(const std::vector<std::uint16_t>& units) {
    for (const std::uint16_t unit : units) ByteWriter(stub_, GetParam().order).Write(unit);
  }
  void PutString(std::uint64_t max, std::uint64_t offset, std::uint64_t actual,
                 const std::vector<std::uint16_t>& units) {
    PutWord(max);
    PutWord(offset);
    PutWord(actual);
    PutUnits(units);
  }
  [[nodiscard]] NdrReader Reader() { return {stub_, GetParam(), 1'000, anomalies_}; }

  Status ReadString(NdrString& out) {
    out.pointer = {1, 0};
    NdrReader in = Reader();
    return in.StringReferent(out, kField);
  }

  // Expects exactly one anomaly; its extent is in words from the start of the string.
  void ExpectOnly(AnomalyKind kind, Extent where, std::uint64_t seen, std::uint64_t expected) {
    ASSERT_EQ(anomalies_.entries().size(), 1U);
    EXPECT_EQ(anomalies_.entries()[0], (Anomaly{kind, where, kField, seen, expected, 1}));
  }

  std::vector<std::uint8_t> stub_;
  AnomalyList anomalies_;
};

INSTANTIATE_TEST_SUITE_P(AllFormats, NdrReaderTest,
                         testing::Values(NdrFormat{TransferSyntax::kNdr, ByteOrder::kLittle},
                                         NdrFormat{TransferSyntax::kNdr, ByteOrder::kBig},
                                         NdrFormat{TransferSyntax::kNdr64, ByteOrder::kLittle},
                                         NdrFormat{TransferSyntax::kNdr64, ByteOrder::kBig}),
                         [](const testing::TestParamInfo<NdrFormat>& format) {
                           return std::string(Name(format.param.syntax)) +
                                  (format.param.order == ByteOrder::kLittle ? "Little" : "Big");
                         });

TEST_P(NdrReaderTest, FieldsStandWhereTheyAlign) {
  PutU32(0x01020304);
  if (wide()) PutU32(0);
  PutWord(0x20000);
  PutU32(7);
  NdrReader in = Reader();
  NdrU32 first;
  NdrPointer pointer;
  NdrU32 second;
  ASSERT_TRUE(in.U32(first, {"level"}).ok());
  ASSERT_TRUE(in.Pointer(pointer, {"container"}).ok());
  ASSERT_TRUE(in.U32(second, {"status"}).ok());
  EXPECT_EQ(first.value, 0x01020304U);
  EXPECT_EQ(first.at, 0U);
  EXPECT_EQ(pointer.referent, 0x20000U);
  EXPECT_EQ(pointer.at, wide() ? 8U : 4U);
  EXPECT_EQ(second.value, 7U);
  EXPECT_EQ(second.at, wide() ? 16U : 8U);
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_TRUE(anomalies_.entries().empty());
}

// A string of one unit leaves the reader two bytes past an alignment of four or eight.
TEST_P(NdrReaderTest, PaddingThatIsNotZeroIsNotedOnceWithItsExtent) {
  for (int i = 0; i < 2; ++i) {
    PutString(1, 0, 1, {0});
    stub_.insert(stub_.end(), word() - 2, 0);
    stub_.back() = 0xBF;
  }
  PutU32(5);
  NdrReader in = Reader();
  NdrString string;
  string.pointer.referent = 1;
  ASSERT_TRUE(in.StringReferent(string, kField).ok());
  ASSERT_TRUE(in.StringReferent(string, {"client_name"}).ok());
  ASSERT_TRUE(in.AlignToWord({"array"}).ok());
  EXPECT_EQ(in.remaining(), 4U);
  const Anomaly expected{AnomalyKind::kPadding, {3 * word() + 2, word() - 2}, {"client_name"}, 0, 0, 2};
  ASSERT_EQ(anomalies_.entries().size(), 1U);
  EXPECT_EQ(anomalies_.entries()[0].where, expected.where);
  EXPECT_EQ(anomalies_.entries()[0], expected);
}

TEST_P(NdrReaderTest, PlacesBeyond65535AreKept) {
  std::vector<std::uint16_t> units(40'001, 'a');
  units.back() = 0;
  PutString(units.size(), 0, units.size(), units);
  const auto end = static_cast<std::uint32_t>(stub_.size());
  stub_.insert(stub_.end(), word() - 2, 0xBF);
  PutU32(5);
  NdrReader in = Reader();
  NdrString string;
  string.pointer.referent = 1;
  ASSERT_TRUE(in.StringReferent(string, kField).ok());
  ASSERT_TRUE(in.AlignToWord(kField).ok());
  ExpectOnly(AnomalyKind::kPadding, {end, word() - 2}, 0xBF, 0);
  NdrU32 number;
  ASSERT_TRUE(in.U32(number, kField).ok());
  EXPECT_EQ(number.at, end + word() - 2);
}

TEST_P(NdrReaderTest, ZeroPaddingIsNoAnomaly) {
  PutString(1, 0, 1, {0});
  stub_.insert(stub_.end(), 2, 0);
  PutU32(0x01020304);
  NdrReader in = Reader();
  NdrString string;
  NdrU32 number;
  string.pointer.referent = 1;
  ASSERT_TRUE(in.StringReferent(string, kField).ok());
  ASSERT_TRUE(in.U32(number, {"total_entries"}).ok());  // aligns to four in NDR64 too
  EXPECT_EQ(number.value, 0x01020304U);
  EXPECT_EQ(number.at, 3 * word() + 4);
  EXPECT_TRUE(anomalies_.entries().empty());
}

TEST_P(NdrReaderTest, PaddingThatIsMissingIsTruncation) {
  PutString(1, 0, 1, {0});
  stub_.push_back(0);
  NdrReader in = Reader();
  NdrString string;
  NdrU32 number;
  string.pointer.referent = 1;
  ASSERT_TRUE(in.StringReferent(string, kField).ok());
  EXPECT_EQ(in.U32(number, {"total_entries"}), Truncated(3 * word() + 2, 2));
  EXPECT_FALSE(number.decoded());
}

TEST_P(NdrReaderTest, ReadsAString) {
  PutString(3, 0, 3, {'h', 0xE9, 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_EQ(ToUtf8(string.text()), "h\xC3\xA9");
  EXPECT_EQ(string.max_count, 3U);
  EXPECT_EQ(string.actual_count, 3U);
  EXPECT_EQ(string.extent(), (Extent{3 * word(), 6}));
  EXPECT_EQ(string.data, stub_.data() + 3 * word());
  EXPECT_TRUE(anomalies_.entries().empty());
}

TEST_P(NdrReaderTest, NothingFollowsANullPointer) {
  NdrString string;
  NdrReader in = Reader();
  EXPECT_TRUE(in.StringReferent(string, kField).ok());
  EXPECT_EQ(in.offset(), 0U);
}

TEST_P(NdrReaderTest, AStringCutAnywhereIsTruncated) {
  PutString(3, 0, 3, {'h', 'i', 0});
  const std::vector<std::uint8_t> whole = stub_;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    stub_.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    NdrString string;
    const Status status = ReadString(string);
    EXPECT_EQ(status.code, Errc::kTruncated) << size;
    EXPECT_EQ(status.offset, size < 3 * word() ? size / word() * word() : 3 * word());
    EXPECT_EQ(status.needed, size < 3 * word() ? word() : 6U);
    EXPECT_EQ(string.data, nullptr);
  }
  EXPECT_TRUE(anomalies_.entries().empty());
}

TEST_P(NdrReaderTest, MaxAboveActual) {
  PutString(9, 0, 2, {'a', 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  ExpectOnly(AnomalyKind::kMaxAboveActual, {0, word()}, 9, 2);
}

TEST_P(NdrReaderTest, ActualAboveMax) {
  PutString(1, 0, 2, {'a', 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_EQ(ToUtf8(string.text()), "a");
  ExpectOnly(AnomalyKind::kActualAboveMax, {2 * word(), word()}, 2, 1);
}

TEST_P(NdrReaderTest, StringOffset) {
  PutString(2, 5, 2, {'a', 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  ExpectOnly(AnomalyKind::kStringOffset, {word(), word()}, 5, 0);
}

TEST_P(NdrReaderTest, ZeroActualCount) {
  PutString(0, 0, 0, {});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_TRUE(string.decoded());
  EXPECT_TRUE(string.text().empty());
  ExpectOnly(AnomalyKind::kZeroActualCount, {2 * word(), word()}, 0, 1);
}

TEST_P(NdrReaderTest, Unterminated) {
  PutString(2, 0, 2, {'a', 'b'});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_EQ(ToUtf8(string.text()), "ab");
  ExpectOnly(AnomalyKind::kUnterminated, {3 * word() + 2, 2}, 'b', 0);
}

TEST_P(NdrReaderTest, EmbeddedNul) {
  PutString(5, 0, 5, {'a', 0, 'b', 0, 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_EQ(ToUtf8(string.text()), std::string("a\0b\0", 4));
  ExpectOnly(AnomalyKind::kEmbeddedNul, {3 * word() + 2, 2}, 1, 4);
}

TEST_P(NdrReaderTest, UnpairedSurrogate) {
  PutString(5, 0, 5, {0xD83D, 0xDE00, 'b', 0xD83D, 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  ExpectOnly(AnomalyKind::kUnpairedSurrogate, {3 * word() + 6, 2}, 0xD83D, 0);
}

TEST_P(NdrReaderTest, AWellFormedPairIsNoAnomaly) {
  PutString(3, 0, 3, {0xD83D, 0xDE00, 0});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  EXPECT_TRUE(anomalies_.entries().empty());
}

// Text is looked through several units at a time: no place in it may be passed over, and no neighbour taken for odd.
TEST_P(NdrReaderTest, AnOddUnitIsSeenWhereverItStands) {
  for (std::size_t length = 1; length <= 24; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const auto& [unit, kind] : {std::pair{0x0000, AnomalyKind::kEmbeddedNul},
                                       {0xD800, AnomalyKind::kUnpairedSurrogate},
                                       {0xDFFF, AnomalyKind::kUnpairedSurrogate}}) {
        stub_.clear();
        anomalies_.Clear(10);
        std::vector<std::uint16_t> units(length, 'a');
        units[at] = static_cast<std::uint16_t>(unit);
        units.push_back(0);
        PutString(length + 1, 0, length + 1, units);
        NdrString string;
        ASSERT_TRUE(ReadString(string).ok());
        ASSERT_EQ(anomalies_.entries().size(), 1U) << "unit " << unit << " at " << at << " of " << length;
        EXPECT_EQ(anomalies_.entries()[0].kind, kind);
        EXPECT_EQ(anomalies_.entries()[0].where.offset, 3 * word() + 2 * at);
      }
    }
  }
}

TEST_P(NdrReaderTest, UnitsThatOnlyLookOddAreNot) {
  for (const int look_alike : {0x0001, 0x0100, 0x8000, 0x00D8, 0x00DF, 0xD7FF, 0xE000, 0xFFFF, 0x8001, 0x00FF}) {
    stub_.clear();
    const auto unit = static_cast<std::uint16_t>(look_alike);
    PutString(8, 0, 8, {unit, unit, unit, unit, unit, unit, unit, 0});
    NdrString string;
    ASSERT_TRUE(ReadString(string).ok());
    EXPECT_TRUE(anomalies_.entries().empty()) << unit;
  }
}

TEST_P(NdrReaderTest, ALoneSurrogateInPlaceOfTheTerminator) {
  PutString(2, 0, 2, {'a', 0xDC00});
  NdrString string;
  ASSERT_TRUE(ReadString(string).ok());
  ASSERT_EQ(anomalies_.entries().size(), 2U);
  EXPECT_EQ(anomalies_.entries()[0].kind, AnomalyKind::kUnterminated);
  EXPECT_EQ(anomalies_.entries()[1].kind, AnomalyKind::kUnpairedSurrogate);
}

TEST_P(NdrReaderTest, ACountMayBeTwoToThe31LessOneAndNoMore) {
  for (const std::uint64_t count : {0x7FFFFFFFULL, 0x80000000ULL, 0xFFFFFFFFULL}) {
    stub_.clear();
    anomalies_.Clear(SIZE_MAX);
    PutWord(count);
    NdrReader in = Reader();
    NdrU32 out;
    if (count == 0x7FFFFFFF) {
      EXPECT_TRUE(in.Count(out, kField).ok());
      EXPECT_EQ(out.value, 0x7FFFFFFFU);
      EXPECT_EQ(out.at, 0U);
    } else {
      EXPECT_EQ(in.Count(out, kField), Malformed(0));
      EXPECT_FALSE(out.decoded());
      EXPECT_EQ(in.offset(), 0U);
      ExpectOnly(AnomalyKind::kImpossibleCount, {0, word()}, count, 0x7FFFFFFF);
    }
  }
}

TEST_P(NdrReaderTest, AHighDwordMakesACountImpossible) {
  if (!wide()) return;  // NDR counts have none
  PutString(2, 0x100000000, 2, {'a', 0});
  NdrString string;
  EXPECT_EQ(ReadString(string), Malformed(8));
  ExpectOnly(AnomalyKind::kImpossibleCount, {8, 8}, 0x100000000, 0x7FFFFFFF);
}

TEST_P(NdrReaderTest, AHighDwordMakesAPointerNonNull) {
  if (!wide()) return;  // NDR pointers have none
  PutWord(0x100000000);
  NdrReader in = Reader();
  NdrPointer pointer;
  ASSERT_TRUE(in.Pointer(pointer, kField).ok());
  EXPECT_FALSE(pointer.null());
  EXPECT_EQ(pointer.referent, 0x100000000U);
}

TEST_P(NdrReaderTest, ACountAboveTheBytesLeftIsTruncation) {
  PutString(0x7FFFFFFF, 0, 0x7FFFFFFF, {'a', 0});
  NdrString string;
  EXPECT_EQ(ReadString(string), Truncated(3 * word(), 0xFFFFFFFE));
}

TEST_P(NdrReaderTest, ExpectLooksBeforeAnythingIsReserved) {
  stub_.resize(48);
  NdrReader in = Reader();
  EXPECT_TRUE(in.Expect(2, 24, kField).ok());
  EXPECT_TRUE(in.Expect(0, 24, kField).ok());
  EXPECT_EQ(in.Expect(3, 24, kField), Truncated(0, 72));
  EXPECT_EQ(in.Expect(0x7FFFFFFF, 48, kField), Truncated(0, UINT32_MAX));
  EXPECT_EQ(in.field(), kField);
  NdrReader few(stub_, GetParam(), 1, anomalies_);
  EXPECT_EQ(few.Expect(2, 24, kField), (Status{Errc::kLimit, 0, 0}));
  EXPECT_TRUE(few.Expect(1, 24, kField).ok());
}

TEST_P(NdrReaderTest, CountsRepeatedReferentsWhereIdsNeverFall) {
  struct Case {
    std::vector<std::uint64_t> ids;
    bool never_falls;
    std::uint32_t repetitions;
    std::uint32_t first;  // its place among the ids
  };
  const std::vector<Case> cases = {{{0x20000, 0x20004, 0, 0x20008}, true, 0, 0},
                                   {{0x20000, 0x20000}, true, 1, 1},
                                   {{3, 0, 3, 0, 3, 8, 8}, true, 3, 2},
                                   {{8, 4}, false, 0, 0},
                                   {{0, 0, 0}, true, 0, 0},
                                   {{1}, true, 0, 0}};
  for (const Case& c : cases) {
    stub_.clear();
    for (const std::uint64_t id : c.ids) PutWord(id);
    NdrReader in = Reader();
    NdrPointer pointer;
    for (std::uint32_t i = 0; i < c.ids.size(); ++i) ASSERT_TRUE(in.Pointer(pointer, {"cname", i}).ok());
    EXPECT_EQ(in.referents().never_falls(), c.never_falls);
    if (!c.never_falls) continue;
    EXPECT_EQ(in.referents().repetitions(), c.repetitions);
    if (c.repetitions == 0) continue;
    EXPECT_EQ(in.referents().first_repeated().referent, c.ids[c.first]);
    EXPECT_EQ(in.referents().first_repeated().at, c.first * word());
    EXPECT_EQ(in.referents().first_field(), (FieldRef{"cname", c.first}));
  }
}

TEST_P(NdrReaderTest, ElementsAreReadWithTheirPlaces) {
  PutWord(0);
  for (const std::uint64_t number : {1U, 2U}) {
    PutWord(0x20000 * number);
    PutU32(static_cast<std::uint32_t>(number));
    PutU32(~static_cast<std::uint32_t>(number));
  }
  const std::uint32_t size = word() + 8;
  NdrReader in = Reader();
  NdrPointer before;
  ASSERT_TRUE(in.Pointer(before, kField).ok());
  ASSERT_TRUE(in.Expect(2, size, kField).ok());
  const Status status = in.Elements(std::size_t{2} * size, [&](auto& elements) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      NdrPointer pointer;
      NdrU32 first;
      NdrU32 second;
      SE_TRY(elements.AlignToWord(kField));
      SE_TRY(elements.Pointer(pointer, kField));
      SE_TRY(elements.U32(first, kField));
      SE_TRY(elements.U32(second, kField));
      const std::uint32_t at = word() + i * size;
      EXPECT_EQ(pointer.referent, 0x20000U * (i + 1));
      EXPECT_EQ(pointer.at, at);
      EXPECT_EQ(first.value, i + 1);
      EXPECT_EQ(first.at, at + word());
      EXPECT_EQ(second.value, ~(i + 1));
      EXPECT_EQ(second.at, at + word() + 4);
    }
    return Ok();
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_TRUE(in.referents().never_falls());
  EXPECT_EQ(in.referents().repetitions(), 0U);
}

}  // namespace
}  // namespace sessenum
