#include "fuzz/mutator/message_mutator.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include "base/limits.h"
#include "fuzz/mutator/stub_mutator.h"
#include "srvsvc/codec.h"

namespace sessenum::fuzz {
namespace {

constexpr std::array<NdrFormat, 3> kFormats = {{{TransferSyntax::kNdr, ByteOrder::kLittle},
                                                {TransferSyntax::kNdr, ByteOrder::kBig},
                                                {TransferSyntax::kNdr64, ByteOrder::kLittle}}};

TEST(MakeStub, WhatIsMadeIsLawful) {
  std::set<std::uint32_t> levels;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    for (const NdrFormat format : kFormats) {
      Draw draw(seed);
      SessionEnumRequest request;
      const std::vector<std::uint8_t> asked = MakeStub(Direction::kToServer, format, draw);
      ASSERT_TRUE(DecodeRequest(asked, format, Limits{}, request).ok());
      EXPECT_EQ(request.report.consumed, asked.size());
      EXPECT_TRUE(request.report.anomalies.entries().empty());
      SessionEnumResponse response;
      const std::vector<std::uint8_t> answered = MakeStub(Direction::kToClient, format, draw);
      ASSERT_TRUE(DecodeResponse(answered, format, Limits{}, response).ok());
      EXPECT_EQ(response.report.consumed, answered.size());
      EXPECT_TRUE(response.report.anomalies.entries().empty());
      levels.insert({request.info.level.value, response.info.level.value});
    }
  }
  EXPECT_EQ(levels, (std::set<std::uint32_t>{0, 1, 2, 10, 502}));
}

TEST(MutateStub, EveryOddityOfAStubComesUp) {
  std::set<AnomalyKind> seen;
  for (std::uint64_t seed = 0; seed < 30'000; ++seed) {
    Draw draw(seed);
    const NdrFormat format = draw.Of(kFormats);
    std::vector<std::uint8_t> stub = MakeStub(Direction::kToClient, format, draw);
    for (int round = 0; round < 3; ++round) stub = MutateStub(stub, Direction::kToClient, format, format, draw);
    SessionEnumResponse response;
    static_cast<void>(DecodeResponse(stub, format, Limits{}, response));
    for (const Anomaly& anomaly : response.report.anomalies.entries()) seen.insert(anomaly.kind);
    if (response.report.status.ok() && response.report.consumed < stub.size()) seen.insert(AnomalyKind::kTrailingBytes);
  }
  std::set<AnomalyKind> expected;
  for (std::size_t kind = 0; kind < kAnomalyNames.size(); ++kind) expected.insert(static_cast<AnomalyKind>(kind));
  // No stub has as many sessions as the limit, none of these formats is big-endian NDR64, and a response has no
  // trailer.
  expected.erase(AnomalyKind::kTooManySessions);
  expected.erase(AnomalyKind::kNdr64BigEndian);
  expected.erase(AnomalyKind::kBadTrailer);
  for (const AnomalyKind kind : expected) EXPECT_TRUE(seen.contains(kind)) << Name(kind);
}

TEST(MutateStub, MostOfItStillDecodes) {
  int decodes = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Draw draw(seed);
    const std::vector<std::uint8_t> stub = MakeStub(Direction::kToServer, NdrFormat{}, draw);
    const std::vector<std::uint8_t> changed = MutateStub(stub, Direction::kToServer, NdrFormat{}, NdrFormat{}, draw);
    SessionEnumRequest request;
    decodes += DecodeRequest(changed, NdrFormat{}, Limits{}, request).ok() ? 1 : 0;
  }
  EXPECT_GT(decodes, 500);
  EXPECT_LT(decodes, 1000);
}

TEST(MutateStub, IsWrittenInTheFormatThatIsAskedFor) {
  const NdrFormat wide{TransferSyntax::kNdr64, ByteOrder::kLittle};
  int decodes = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Draw draw(seed);
    const std::vector<std::uint8_t> stub = MakeStub(Direction::kToClient, NdrFormat{}, draw);
    const std::vector<std::uint8_t> changed = MutateStub(stub, Direction::kToClient, NdrFormat{}, wide, draw);
    SessionEnumResponse response;
    decodes += DecodeResponse(changed, wide, Limits{}, response).ok() ? 1 : 0;
  }
  EXPECT_GT(decodes, 100);
}

}  // namespace
}  // namespace sessenum::fuzz
