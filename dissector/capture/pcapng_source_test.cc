#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "capture/capture_file_testing.h"
#include "capture/capture_reader.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::int64_t kSecond = 1'000'000'000;
const FileBytes kPacket(61, 0x11);  // not a multiple of four

struct Outcome {
  std::vector<Frame> frames;
  std::vector<LinkType> links;
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> originals;
  CaptureError error;
};

Outcome Read(const FileBytes& bytes) {
  const TemporaryFile file(bytes);
  Outcome outcome;
  const auto capture = OpenCapture(file.path(), outcome.error);
  if (capture == nullptr) return outcome;
  outcome.error = capture->Read(1, [&outcome](const Packet& packet) {
    outcome.frames.push_back(packet.frame);
    outcome.links.push_back(packet.link);
    outcome.sizes.push_back(packet.bytes.size());
    outcome.originals.push_back(packet.original_length);
    return true;
  });
  return outcome;
}

// if_tsresol
FileBytes Resolution(std::uint8_t value) { return {9, 0, 1, 0, value, 0, 0, 0, 0, 0, 0, 0}; }

// if_tsoffset
FileBytes Offset(std::int64_t seconds) {
  FileBytes option = {14, 0, 8, 0};
  ByteWriter(option).Write(static_cast<std::uint64_t>(seconds));
  return option;
}

TEST(PcapngSourceTest, PacketsInBothByteOrders) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    PcapngFile file(order);
    file.AddInterface().AddPacket(0, 1'600'748'713'123'456, kPacket).AddPacket(0, 2, kPacket, 1500);
    const Outcome outcome = Read(file.bytes);
    EXPECT_EQ(outcome.error, "");
    ASSERT_THAT(outcome.frames, SizeIs(2));
    EXPECT_EQ(outcome.frames[0], (Frame{1, 1'600'748'713'123'456'000}));
    EXPECT_EQ(outcome.frames[1], (Frame{2, 2000}));
    EXPECT_EQ(outcome.sizes, std::vector<std::size_t>({61, 61}));
    EXPECT_EQ(outcome.originals, std::vector<std::size_t>({61, 1500}));
  }
}

TEST(PcapngSourceTest, ResolutionsAndOffsets) {
  const std::uint64_t nine = 1'600'748'713'123'456'789;
  const std::vector<std::pair<FileBytes, std::pair<std::uint64_t, std::int64_t>>> cases = {
      {Resolution(9), {nine, static_cast<std::int64_t>(nine)}},
      {Resolution(6), {5, 5'000}},
      {Resolution(3), {5, 5'000'000}},
      {Resolution(0), {5, 5 * kSecond}},
      {Resolution(0x80 | 1), {3, kSecond + kSecond / 2}},
      {Resolution(0x80 | 32), {(7ULL << 32U) + (1ULL << 31U), 7 * kSecond + kSecond / 2}},
      {Offset(1000), {5, 1000 * kSecond + 5'000}},
  };
  for (const auto& [options, expected] : cases) {
    const Outcome outcome = Read(PcapngFile().AddInterface(1, options).AddPacket(0, expected.first, kPacket).bytes);
    ASSERT_THAT(outcome.frames, SizeIs(1));
    EXPECT_EQ(outcome.frames[0].time_ns, expected.second);
  }
}

TEST(PcapngSourceTest, EveryResolutionAndAnyTicksGiveATimeInRange) {
  for (unsigned value = 0; value < 256; ++value) {
    for (const std::uint64_t ticks : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX, UINT64_MAX / 3}) {
      for (const std::int64_t offset : {std::int64_t{0}, INT64_MIN, INT64_MAX}) {
        FileBytes options = Offset(offset);
        const FileBytes resolution = Resolution(static_cast<std::uint8_t>(value));
        options.insert(options.end(), resolution.begin(), resolution.end());
        const Outcome outcome = Read(PcapngFile().AddInterface(1, options).AddPacket(0, ticks, kPacket).bytes);
        ASSERT_THAT(outcome.frames, SizeIs(1)) << value;
        EXPECT_GE(outcome.frames[0].time_ns, 0);
        EXPECT_LE(outcome.frames[0].time_ns, INT64_MAX / 2 + kSecond);
      }
    }
  }
}

TEST(PcapngSourceTest, InterfacesMayDifferInLinkTypeAndTime) {
  PcapngFile file;
  file.AddInterface(1).AddInterface(101, Resolution(9));
  file.AddPacket(1, 5, kPacket).AddPacket(0, 5, kPacket);
  const Outcome outcome = Read(file.bytes);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.links, std::vector<LinkType>({LinkType::kRaw, LinkType::kEthernet}));
  EXPECT_EQ(outcome.frames, std::vector<Frame>({{1, 5}, {2, 5000}}));
}

TEST(PcapngSourceTest, AnInterfaceThatIsNotReadIsSaidAfterTheOthersWereGiven) {
  PcapngFile file;
  file.AddInterface(1).AddInterface(127);
  file.AddPacket(0, 1, kPacket).AddPacket(1, 2, kPacket).AddPacket(0, 3, kPacket);
  const Outcome outcome = Read(file.bytes);
  EXPECT_THAT(outcome.frames, SizeIs(3)) << "each packet keeps its number";
  EXPECT_THAT(outcome.error, HasSubstr("link type 127"));
}

TEST(PcapngSourceTest, AnInterfaceThatIsNotReadAndHasNoPacketsIsNoMatter) {
  PcapngFile file;
  file.AddInterface(1).AddInterface(127).AddPacket(0, 1, kPacket);
  EXPECT_EQ(Read(file.bytes).error, "");
}

TEST(PcapngSourceTest, ASectionHasInterfacesOfItsOwn) {
  PcapngFile file;
  file.AddInterface(1).AddPacket(0, 1, kPacket).AddSection().AddInterface(101).AddPacket(0, 1, kPacket);
  const Outcome outcome = Read(file.bytes);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.links, std::vector<LinkType>({LinkType::kEthernet, LinkType::kRaw}));
}

TEST(PcapngSourceTest, SectionsMayDifferInByteOrder) {
  PcapngFile little;
  little.AddInterface().AddPacket(0, 1, kPacket);
  PcapngFile big(ByteOrder::kBig);
  big.AddInterface().AddPacket(0, 2, kPacket);
  FileBytes both = little.bytes;
  both.insert(both.end(), big.bytes.begin(), big.bytes.end());
  const Outcome outcome = Read(both);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.frames, std::vector<Frame>({{1, 1000}, {2, 2000}}));
}

TEST(PcapngSourceTest, SimplePacketsBelongToTheFirstInterface) {
  PcapngFile file;
  file.AddInterface(1, {}, 40).AddInterface(101);
  file.AddSimplePacket(1500, FileBytes(40, 1)).AddSimplePacket(30, FileBytes(30, 1));
  const Outcome outcome = Read(file.bytes);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.sizes, std::vector<std::size_t>({40, 30}));
  EXPECT_EQ(outcome.originals, std::vector<std::size_t>({1500, 30}));
  EXPECT_EQ(outcome.links[0], LinkType::kEthernet);
}

TEST(PcapngSourceTest, BlocksWithoutAPacketArePassedOver) {
  PcapngFile file;
  file.AddInterface();
  for (const std::uint32_t type : {4U, 5U, 10U, 0x12345678U}) {
    file.Block(type, [](ByteWriter& out) { out.WriteFill(20, 0xEE); });
  }
  file.AddPacket(0, 1, kPacket);
  const Outcome outcome = Read(file.bytes);
  EXPECT_EQ(outcome.error, "");
  ASSERT_THAT(outcome.frames, SizeIs(1));
  EXPECT_EQ(outcome.frames[0].number, 1U);
}

TEST(PcapngSourceTest, BlocksThatContradictThemselvesAreErrors) {
  const auto after_one = [](const auto& damage) {
    PcapngFile file;
    file.AddInterface().AddPacket(0, 1, kPacket);
    damage(file);
    return Read(file.bytes);
  };
  const std::vector<Outcome> outcomes = {
      after_one([](PcapngFile& file) { file.AddPacket(7, 1, kPacket); }),               // no such interface
      after_one([](PcapngFile& file) { file.AddSection().AddPacket(0, 1, kPacket); }),  // none in this section
      after_one([](PcapngFile& file) { file.AddSection().AddSimplePacket(61, kPacket); }),
      after_one([](PcapngFile& file) { file.Block(6, [](ByteWriter& out) { out.WriteFill(8); }); }),
      after_one([](PcapngFile& file) {
        file.Block(6, [](ByteWriter& out) {
          out.WriteFill(12);
          out.Write(std::uint32_t{1000});  // more bytes than the block has
          out.Write(std::uint32_t{1000});
        });
      }),
      after_one([](PcapngFile& file) {
        for (const std::uint32_t word : {6U, 8U, 8U}) ByteWriter(file.bytes).Write(word);  // shorter than its header
      }),
      after_one([](PcapngFile& file) {
        for (const std::uint32_t word : {6U, 0x7FFFFFFCU, 0U}) ByteWriter(file.bytes).Write(word);
      }),
      after_one([](PcapngFile& file) {
        for (const std::uint32_t word : {6U, 33U, 0U}) ByteWriter(file.bytes).Write(word);
      }),
  };
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_THAT(outcomes[i].frames, SizeIs(1)) << i;
    EXPECT_THAT(outcomes[i].error, StartsWith("after packet 1: ")) << i;
  }
}

TEST(PcapngSourceTest, ACaptureCutAnywhereGivesWhatStandsBeforeTheCut) {
  PcapngFile file;
  file.AddInterface().AddPacket(0, 1, kPacket);
  const std::size_t second = file.bytes.size();
  file.AddPacket(0, 2, kPacket);
  for (std::size_t size = second + 1; size < file.bytes.size(); ++size) {
    const Outcome outcome = Read({file.bytes.begin(), file.bytes.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_THAT(outcome.frames, SizeIs(1)) << size;
    EXPECT_THAT(outcome.error, StartsWith("after packet 1: ")) << size;
    EXPECT_EQ(outcome.error.find('\n'), std::string::npos);
  }
}

TEST(PcapngSourceTest, AFirstSectionThatIsNoneIsRefused) {
  const FileBytes whole = PcapngFile().bytes;
  for (std::size_t size = 4; size < whole.size(); ++size) {
    const Outcome outcome = Read({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    EXPECT_THAT(outcome.error, testing::Not(IsEmpty())) << size;
  }
  FileBytes damaged = whole;
  damaged[8] ^= 0xFF;
  EXPECT_THAT(Read(damaged).error, HasSubstr("byte order"));
}

TEST(PcapngSourceTest, EverySingleByteChangedNeverCrashes) {
  PcapngFile file;
  file.AddInterface(1, Resolution(9)).AddPacket(0, 1, kPacket).AddSimplePacket(20, FileBytes(20, 1));
  for (std::size_t i = 0; i < file.bytes.size(); ++i) {
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
      FileBytes damaged = file.bytes;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ flip);
      EXPECT_LE(Read(damaged).frames.size(), 3U);
    }
  }
}

}  // namespace
}  // namespace sessenum
