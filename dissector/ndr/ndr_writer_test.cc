#include "ndr/ndr_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "ndr/ndr_reader.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

const Octets kLittleHi = {'h', 0, 'i', 0, 0, 0};

void ExpectOk(Status status) { EXPECT_TRUE(status.ok()); }

TEST(NdrWriter, AlignsFromWhereItBegan) {
  Octets out = {0xFF};
  NdrWriter writer(out, {TransferSyntax::kNdr64, ByteOrder::kLittle}, Referents::kRecorded);
  ExpectOk(writer.U32({1}, {}));
  ExpectOk(writer.Pointer({2}, {}));
  ExpectOk(writer.U32({3}, {}));
  EXPECT_EQ(out, (Octets{0xFF, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0}));
}

TEST(NdrWriter, WritesStringsInItsOwnByteOrder) {
  NdrString string = NdrString::Of(Utf16View(kLittleHi, ByteOrder::kLittle));
  Octets out;
  NdrWriter writer(out, {TransferSyntax::kNdr, ByteOrder::kBig}, Referents::kRecorded);
  ExpectOk(writer.StringReferent(string, {}));
  ExpectOk(writer.U32({1}, {}));
  EXPECT_EQ(out, (Octets{0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 'h', 0, 'i', 0, 0, 0, 0, 0, 0, 0, 1}));
}

TEST(NdrWriter, NothingFollowsANullPointer) {
  Octets out;
  NdrWriter writer(out, {}, Referents::kRecorded);
  ExpectOk(writer.StringReferent({}, {}));
  EXPECT_TRUE(out.empty());
}

TEST(NdrWriter, NumbersReferentsAsWindowsDoes) {
  Octets out;
  NdrWriter writer(out, {TransferSyntax::kNdr, ByteOrder::kBig}, Referents::kAscending);
  for (const std::uint64_t referent : {7U, 0U, 7U}) ExpectOk(writer.Pointer({referent}, {}));
  EXPECT_EQ(out, (Octets{0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4}));
}

TEST(NdrWriter, WritesUnlawfulCountsAsTheyAre) {
  NdrString string = NdrString::Of(Utf16View(kLittleHi, ByteOrder::kLittle));
  string.max_count = 1;
  string.offset = 9;
  Octets out;
  NdrWriter writer(out, {}, Referents::kRecorded);
  ExpectOk(writer.StringReferent(string, {}));
  EXPECT_EQ(out, (Octets{1, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 'h', 0, 'i', 0, 0, 0}));
}

TEST(NdrWriter, TheReaderReadsItBackInEveryFormat) {
  for (const TransferSyntax syntax : {TransferSyntax::kNdr, TransferSyntax::kNdr64}) {
    for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
      const NdrFormat format{syntax, order};
      Octets out;
      NdrWriter writer(out, format, Referents::kAscending);
      ExpectOk(writer.U32({0x01020304}, {}));
      ExpectOk(writer.Count({2}, {}));
      ExpectOk(writer.StringReferent(NdrString::Of(Utf16View(kLittleHi, ByteOrder::kLittle)), {}));
      ExpectOk(writer.Expect(1, 4, {}));
      ExpectOk(writer.Pointer({1}, {}));

      AnomalyList anomalies;
      NdrReader in(out, format, 10, anomalies);
      NdrU32 number;
      NdrU32 count;
      NdrString string;
      string.pointer.referent = 1;
      NdrPointer pointer;
      ExpectOk(in.U32(number, {}));
      ExpectOk(in.Count(count, {}));
      ExpectOk(in.StringReferent(string, {}));
      ExpectOk(in.Pointer(pointer, {}));
      EXPECT_EQ(number.value, 0x01020304U);
      EXPECT_EQ(count.value, 2U);
      EXPECT_EQ(string.text(), Utf16View(kLittleHi, ByteOrder::kLittle).First(2));
      EXPECT_EQ(pointer.referent, 0x20000U);
      EXPECT_EQ(in.remaining(), 0U);
      EXPECT_TRUE(anomalies.entries().empty());
    }
  }
}

}  // namespace
}  // namespace sessenum
