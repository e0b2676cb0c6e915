#include "rpc/verification_trailer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "base/byte_writer.h"

namespace sessenum {
namespace {

using Octets = std::vector<std::uint8_t>;

const Octets kSignature = {0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71};

struct Command {
  std::uint16_t command;
  std::uint16_t length;
};
constexpr std::uint16_t kEnd = 0x4000;

// `before` bytes, the signature, then the commands with as much data as they claim.
Octets StubWith(std::size_t before, const std::vector<Command>& commands) {
  Octets stub(before, 0x11);
  ByteWriter writer(stub);
  writer.WriteBytes(kSignature);
  for (const Command& command : commands) {
    writer.Write(command.command);
    writer.Write(command.length);
    writer.WriteFill(command.length, 0x22);
  }
  return stub;
}

TEST(VerificationTrailer, FoundAfterTheLastParameter) {
  const Octets stub = StubWith(84, {{1, 4}, {static_cast<std::uint16_t>(2 | kEnd), 0x28}});
  const auto trailer = FindVerificationTrailer(stub, 84);
  ASSERT_TRUE(trailer);
  EXPECT_TRUE(trailer->well_formed);
  EXPECT_EQ(trailer->commands, 2U);
  EXPECT_EQ(trailer->where, (Extent{84, 8 + 8 + 4 + 0x28}));
}

TEST(VerificationTrailer, FoundAfterPaddingAndResidue) {
  for (const std::size_t residue : {0U, 4U, 8U, 12U, 400U, 1'020U}) {
    const Octets stub = StubWith(84 + residue, {{static_cast<std::uint16_t>(1 | kEnd), 4}});
    for (const std::uint32_t from : {81U, 82U, 83U, 84U}) {
      const auto trailer = FindVerificationTrailer(stub, from);
      ASSERT_TRUE(trailer) << residue;
      EXPECT_EQ(trailer->where.offset, 84 + residue);
      EXPECT_TRUE(trailer->well_formed);
    }
  }
}

TEST(VerificationTrailer, BytesAfterItAreNotItsOwn) {
  Octets stub = StubWith(84, {{static_cast<std::uint16_t>(1 | kEnd), 4}});
  stub.insert(stub.end(), 16, 0x33);
  EXPECT_EQ(FindVerificationTrailer(stub, 84)->where, (Extent{84, 16}));
}

TEST(VerificationTrailer, StandsAtAMultipleOfFour) {
  for (const std::size_t before : {85U, 86U, 87U}) {
    EXPECT_FALSE(FindVerificationTrailer(StubWith(before, {{kEnd, 0}}), 84)) << before;
  }
}

TEST(VerificationTrailer, NotWithinTheParameters) {
  EXPECT_FALSE(FindVerificationTrailer(StubWith(80, {{kEnd, 0}}), 84));
  EXPECT_FALSE(FindVerificationTrailer(StubWith(80, {{kEnd, 0}}), 81));
}

TEST(VerificationTrailer, AbsentMostOfTheTime) {
  EXPECT_FALSE(FindVerificationTrailer({}, 0));
  EXPECT_FALSE(FindVerificationTrailer({}, 100));
  EXPECT_FALSE(FindVerificationTrailer(Octets(84), 84));
  EXPECT_FALSE(FindVerificationTrailer(Octets(92), 84));
  EXPECT_FALSE(FindVerificationTrailer(Octets(84), UINT32_MAX));
}

TEST(VerificationTrailer, EveryTruncationIsAbsentOrMalformed) {
  const Octets whole = StubWith(84, {{1, 4}, {static_cast<std::uint16_t>(2 | kEnd), 0x28}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const auto trailer = FindVerificationTrailer(cut, 84);
    ASSERT_EQ(trailer.has_value(), size >= 84 + kSignature.size()) << size;
    if (!trailer) continue;
    EXPECT_FALSE(trailer->well_formed);
    EXPECT_LE(trailer->where.end(), size);
  }
}

TEST(VerificationTrailer, MalformedWithoutAnEndOrWithALengthTooLarge) {
  EXPECT_FALSE(FindVerificationTrailer(StubWith(84, {{1, 4}, {2, 0x28}}), 84)->well_formed);
  Octets stub = StubWith(84, {{static_cast<std::uint16_t>(1 | kEnd), 4}});
  stub[84 + 8 + 2] = 5;
  EXPECT_FALSE(FindVerificationTrailer(stub, 84)->well_formed);
}

TEST(VerificationTrailer, TheSearchEndsInABigStub) {
  Octets stub = StubWith(84 + 1'024, {{kEnd, 0}});
  EXPECT_FALSE(FindVerificationTrailer(stub, 84));
  stub.insert(stub.end(), 4U << 20U, 0);
  EXPECT_FALSE(FindVerificationTrailer(stub, 84));
  EXPECT_TRUE(FindVerificationTrailer(stub, 88));
}

TEST(VerificationTrailer, ManyCommandsAreRead) {
  std::vector<Command> commands(10'000, {1, 0});
  commands.back().command |= kEnd;
  const auto trailer = FindVerificationTrailer(StubWith(0, commands), 0);
  EXPECT_EQ(trailer->commands, 10'000U);
  EXPECT_TRUE(trailer->well_formed);
}

}  // namespace
}  // namespace sessenum
