#include "fuzz/mutator/forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/limits.h"
#include "fuzz/mutator/conversation.h"
#include "fuzz/pieces.h"
#include "fuzz/stub_input.h"
#include "rpc/pdu.h"
#include "srvsvc/codec.h"

namespace sessenum::fuzz {
namespace {

using Buffer = std::vector<std::uint8_t>;

class FormTest : public testing::TestWithParam<const Form*> {};

INSTANTIATE_TEST_SUITE_P(All, FormTest,
                         testing::Values(&kStubForm, &kCallsForm, &kPdusForm, &kPiecesForm, &kPacketsForm));

// What a fuzzing run does: always the last input, or none.
Buffer After(const Form& form, int rounds, std::uint64_t seed) {
  Draw draw(seed);
  Buffer input;
  for (int round = 0; round < rounds; ++round) input = form.mutate(input, draw);
  return input;
}

TEST_P(FormTest, SomethingComesOfNothing) { EXPECT_FALSE(After(*GetParam(), 1, 1).empty()); }

TEST_P(FormTest, TheSameSeedGivesTheSameBytes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(After(*GetParam(), 8, seed), After(*GetParam(), 8, seed));
  }
}

TEST_P(FormTest, SeedsDiffer) {
  std::set<Buffer> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) seen.insert(After(*GetParam(), 3, seed));
  EXPECT_GT(seen.size(), 90U);
}

TEST_P(FormTest, AnyBytesAreTaken) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Draw draw(seed);
    Buffer one(draw.Below(80));
    Buffer other(draw.Below(80));
    for (Buffer* bytes : {&one, &other}) {
      for (std::uint8_t& byte : *bytes) byte = static_cast<std::uint8_t>(draw.Bits());
    }
    const Buffer crossed = GetParam()->cross(one, other, draw);
    static_cast<void>(GetParam()->mutate(GetParam()->mutate(crossed, draw), draw));
  }
}

TEST(StubForm, HasBothDirectionsAndEveryFormat) {
  std::set<int> kinds;
  for (std::uint64_t seed = 0; seed < 200; ++seed) kinds.insert(After(kStubForm, 1, seed)[0] & 7);
  EXPECT_EQ(kinds.size(), 8U);
}

TEST(StubForm, AFreshInputIsALawfulStub) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Buffer bytes = After(kStubForm, 1, seed);
    const StubInput input = ReadStubInput(bytes.data(), bytes.size());
    SessionEnumRequest request;
    SessionEnumResponse response;
    const Status status = input.direction == Direction::kToServer
                              ? DecodeRequest(input.stub, input.format, Limits{}, request)
                              : DecodeResponse(input.stub, input.format, Limits{}, response);
    EXPECT_TRUE(status.ok());
  }
}

TEST(CallsForm, MakesSeveralCallsAndConformingTraffic) {
  bool several = false;
  bool conforming = false;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Buffer input = After(kCallsForm, 4, seed);
    ASSERT_GE(input.size(), 3U);
    const bool is_conforming = input[1] == 0xFF && input[2] == 0xFF;
    conforming = conforming || is_conforming;
    several = several || (!is_conforming && (input[2] & 0x80U) != 0);
  }
  EXPECT_TRUE(several);
  EXPECT_TRUE(conforming);
}

TEST(Conversation, IsMadeOfWholePdus) {
  Draw draw(3);
  for (const Said& said : MakeConversation(draw)) {
    const Result<Pdu> pdu = ParsePdu(said.bytes);
    EXPECT_TRUE(pdu.ok());
  }
}

TEST(Conversation, TheStubWithinAPduChangesAndNothingElse) {
  Draw draw(5);
  const Buffer request = MakeConversation(draw)[2].bytes;
  int changes = 0;
  for (int round = 0; round < 50; ++round) {
    Buffer changed = request;
    MutateStubWithin(changed, draw);
    ASSERT_EQ(changed.size(), request.size());
    EXPECT_TRUE(std::equal(request.begin(), request.begin() + 24, changed.begin()));
    changes += changed != request ? 1 : 0;
  }
  EXPECT_GT(changes, 25);
}

TEST(PacketsForm, StartsWithAHandshake) {
  std::vector<std::size_t> sizes;
  const Buffer input = After(kPacketsForm, 1, 1);
  ForEachPiece(input, [&](const Piece& piece) { sizes.push_back(piece.bytes.size()); });
  ASSERT_GE(sizes.size(), 6U);
  EXPECT_EQ(sizes[0], 54U);
  EXPECT_EQ(sizes[1], 54U);
  EXPECT_GT(sizes[2], 54U);
}

}  // namespace
}  // namespace sessenum::fuzz
