#include "rpc/uuid.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

SyntaxId Parsed(const Octets& wire, ByteOrder order = ByteOrder::kLittle) {
  ByteReader in(wire, order);
  SyntaxId syntax;
  EXPECT_TRUE(ReadSyntaxId(in, syntax).ok());
  EXPECT_EQ(in.remaining(), 0U);
  return syntax;
}

// As they stand in the binds of Windows and of Samba.
TEST(SyntaxId, TheKnownOnesAreThoseOnTheWire) {
  EXPECT_EQ(Parsed({0xc8, 0x4f, 0x32, 0x4b, 0x70, 0x16, 0xd3, 0x01, 0x12, 0x78,
                    0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88, 0x03, 0x00, 0x00, 0x00}),
            kSrvsvcInterface);
  EXPECT_EQ(Parsed({0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8,
                    0x08, 0x00, 0x2b, 0x10, 0x48, 0x60, 0x02, 0x00, 0x00, 0x00}),
            kNdrSyntax);
  EXPECT_EQ(Parsed({0x33, 0x05, 0x71, 0x71, 0xba, 0xbe, 0x37, 0x49, 0x83, 0x19,
                    0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36, 0x01, 0x00, 0x00, 0x00}),
            kNdr64Syntax);
}

TEST(SyntaxId, EachPartIsReadInTheOrderOfThePdu) {
  const Octets wire = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
                       0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14};
  const SyntaxId little = Parsed(wire, ByteOrder::kLittle);
  EXPECT_EQ(little.uuid, (Uuid{0x04030201, 0x0605, 0x0807, {9, 10, 11, 12, 13, 14, 15, 16}}));
  EXPECT_EQ(little.major, 0x1211);
  EXPECT_EQ(little.minor, 0x1413);
  const SyntaxId big = Parsed(wire, ByteOrder::kBig);
  EXPECT_EQ(big.uuid, (Uuid{0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}}));
  // One integer of 32 bits, of which the low half is the major version.
  EXPECT_EQ(big.major, 0x1314);
  EXPECT_EQ(big.minor, 0x1112);
}

TEST(SyntaxId, OneThatIsCutShortIsTruncated) {
  for (std::size_t size = 0; size < 20; ++size) {
    const Octets wire(size, 1);
    ByteReader in(wire);
    SyntaxId syntax;
    EXPECT_EQ(ReadSyntaxId(in, syntax).code, Errc::kTruncated) << size;
  }
}

TEST(SyntaxId, FeatureNegotiationIsToldByItsFirstEightBytes) {
  constexpr SyntaxId kFeatures{{0x6cb71c2c, 0x9812, 0x4540, {3, 0, 0, 0, 0, 0, 0, 0}}, 1, 0};
  EXPECT_TRUE(IsFeatureNegotiation(kFeatures));
  SyntaxId other = kFeatures;
  other.uuid.rest = {0xFF, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_TRUE(IsFeatureNegotiation(other));
  EXPECT_TRUE(IsFeatureNegotiation(Parsed({0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45, 0x03, 0x00,
                                           0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00})));
  other = kFeatures;
  ++other.uuid.time_low;
  EXPECT_FALSE(IsFeatureNegotiation(other));
  other = kFeatures;
  ++other.uuid.time_mid;
  EXPECT_FALSE(IsFeatureNegotiation(other));
  other = kFeatures;
  ++other.uuid.time_hi_and_version;
  EXPECT_FALSE(IsFeatureNegotiation(other));
}

TEST(SyntaxId, IsZeroUntilItIsRead) {
  EXPECT_EQ(SyntaxId{}, (SyntaxId{{0, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0}}, 0, 0}));
  const SyntaxId defaults;
  EXPECT_EQ(defaults.uuid.time_low, 0U);
  EXPECT_EQ(defaults.major, 0U);
}

}  // namespace
}  // namespace sessenum
