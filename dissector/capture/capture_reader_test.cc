#include "capture/capture_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "capture/capture_file_testing.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::int64_t kSecond = 1'000'000'000;

struct ReadPacket {
  Frame frame;
  LinkType link = LinkType::kNull;
  FileBytes bytes;
  std::size_t original = 0;
};

struct Outcome {
  std::vector<ReadPacket> packets;
  CaptureError error;
  bool opened = false;
};

Outcome ReadPath(const std::string& path, std::uint64_t first_frame = 1) {
  Outcome outcome;
  const auto capture = OpenCapture(path, outcome.error);
  outcome.opened = capture != nullptr;
  if (!outcome.opened) return outcome;
  EXPECT_EQ(outcome.error, "");
  outcome.error = capture->Read(first_frame, [&outcome](const Packet& packet) {
    outcome.packets.push_back(
        {packet.frame, packet.link, {packet.bytes.begin(), packet.bytes.end()}, packet.original_length});
    return true;
  });
  return outcome;
}

Outcome Read(const FileBytes& bytes, std::uint64_t first_frame = 1) {
  const TemporaryFile file(bytes);
  return ReadPath(file.path(), first_frame);
}

FileBytes CutTo(const FileBytes& bytes, std::size_t size) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

const FileBytes kFirst(60, 0x11);
const FileBytes kSecondPacket(80, 0x22);

// Errors are one line, without the file's name, and say something.
void ExpectOneLine(const CaptureError& error) {
  EXPECT_THAT(error, testing::Not(IsEmpty()));
  EXPECT_EQ(error.find('\n'), std::string::npos) << error;
}

TEST(CaptureReaderTest, AMissingFile) {
  const Outcome outcome = ReadPath("/nonexistent/a.pcap");
  EXPECT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.error, "No such file or directory");
}

TEST(CaptureReaderTest, ADirectory) {
  const Outcome outcome = ReadPath("/tmp");
  EXPECT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.error, "is a directory");
}

TEST(CaptureReaderTest, AnEmptyFile) {
  const Outcome outcome = Read({});
  EXPECT_FALSE(outcome.opened);
  EXPECT_EQ(outcome.error, "the file is empty");
}

TEST(CaptureReaderTest, ReadingEndsWhereNoMoreIsWanted) {
  PcapFile pcap;
  PcapngFile pcapng;
  pcapng.AddInterface();
  for (std::uint32_t i = 0; i < 5; ++i) {
    pcap.Add(i, 0, kFirst);
    pcapng.AddPacket(0, i, kFirst);
  }
  for (const FileBytes& bytes : {pcap.bytes, pcapng.bytes}) {
    const TemporaryFile file(bytes);
    CaptureError error;
    const auto capture = OpenCapture(file.path(), error);
    ASSERT_NE(capture, nullptr) << error;
    int packets = 0;
    EXPECT_EQ(capture->Read(1, [&](const Packet&) { return ++packets < 3; }), "");
    EXPECT_EQ(packets, 3);
  }
}

TEST(CaptureReaderTest, Garbage) {
  for (const std::size_t size : {1U, 3U, 4U, 5U, 24U, 1000U}) {
    for (const std::uint8_t fill : FileBytes{0x00, 0x41, 0xFF}) {
      const Outcome outcome = Read(FileBytes(size, fill));
      EXPECT_FALSE(outcome.opened) << size;
      ExpectOneLine(outcome.error);
    }
  }
}

TEST(CaptureReaderTest, ACaptureWithoutPackets) {
  for (const FileBytes& bytes : {PcapFile().bytes, PcapngFile().bytes, PcapngFile().AddInterface().bytes}) {
    const Outcome outcome = Read(bytes);
    EXPECT_TRUE(outcome.opened);
    EXPECT_EQ(outcome.error, "");
    EXPECT_THAT(outcome.packets, IsEmpty());
  }
}

TEST(CaptureReaderTest, PacketsOfAPcap) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    PcapFile file(1, order);
    file.Add(1'600'748'713, 123'456, kFirst).Add(1'600'748'714, 0, kSecondPacket, 1500);
    const Outcome outcome = Read(file.bytes);
    EXPECT_EQ(outcome.error, "");
    ASSERT_THAT(outcome.packets, SizeIs(2));
    EXPECT_EQ(outcome.packets[0].frame, (Frame{1, 1'600'748'713 * kSecond + 123'456'000}));
    EXPECT_EQ(outcome.packets[0].link, LinkType::kEthernet);
    EXPECT_EQ(outcome.packets[0].bytes, kFirst);
    EXPECT_EQ(outcome.packets[0].original, 60U);
    EXPECT_EQ(outcome.packets[1].frame, (Frame{2, 1'600'748'714 * kSecond}));
    EXPECT_EQ(outcome.packets[1].bytes, kSecondPacket);
    EXPECT_EQ(outcome.packets[1].original, 1500U);
  }
}

TEST(CaptureReaderTest, FramesAreNumberedFromTheOneGiven) {
  const Outcome outcome = Read(PcapFile().Add(1, 0, kFirst).Add(2, 0, kFirst).bytes, 100);
  ASSERT_THAT(outcome.packets, SizeIs(2));
  EXPECT_EQ(outcome.packets[0].frame.number, 100U);
  EXPECT_EQ(outcome.packets[1].frame.number, 101U);
}

TEST(CaptureReaderTest, NanosecondsAreKept) {
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    PcapFile file(1, order, kNanosecondMagic);
    const Outcome outcome = Read(file.Add(1'600'748'713, 123'456'789, kFirst).bytes);
    ASSERT_THAT(outcome.packets, SizeIs(1));
    EXPECT_EQ(outcome.packets[0].frame.time_ns, 1'600'748'713 * kSecond + 123'456'789);
  }
}

TEST(CaptureReaderTest, AnyTimeWhateverLeavesRoomForDifferences) {
  PcapFile file;
  file.Add(UINT32_MAX, UINT32_MAX, kFirst).Add(0x80000000, 0x80000000, kFirst).Add(0, 0, kFirst);
  const Outcome outcome = Read(file.bytes);
  ASSERT_THAT(outcome.packets, SizeIs(3));
  for (const ReadPacket& packet : outcome.packets) {
    EXPECT_GE(packet.frame.time_ns, 0);
    EXPECT_LE(packet.frame.time_ns, INT64_MAX / 2 + kSecond);
  }
}

TEST(CaptureReaderTest, TimeGoesOnAfter2038InEitherByteOrder) {
  constexpr std::uint32_t kIn2054 = 0x9F5BF46E;
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    const Outcome outcome = Read(PcapFile(1, order).Add(kIn2054, 0, kFirst).bytes);
    ASSERT_THAT(outcome.packets, SizeIs(1));
    EXPECT_EQ(outcome.packets[0].frame.time_ns, kIn2054 * kSecond);
  }
}

TEST(CaptureReaderTest, ACaptureCutAnywhereGivesWhatStandsBeforeTheCut) {
  PcapFile file;
  const std::size_t header = file.Add(1, 0, kFirst).bytes.size() - kFirst.size() - 16;
  const std::size_t second = file.bytes.size();
  file.Add(2, 0, kSecondPacket);
  for (std::size_t size = header + 1; size < file.bytes.size(); ++size) {
    if (size == second) continue;  // a whole capture of one packet
    const Outcome outcome = Read(CutTo(file.bytes, size));
    EXPECT_TRUE(outcome.opened) << size;
    ASSERT_THAT(outcome.packets, SizeIs(size > second ? 1 : 0)) << size;
    EXPECT_THAT(outcome.error, StartsWith(size > second ? "after packet 1: " : "after packet 0: ")) << size;
    EXPECT_THAT(outcome.error, HasSubstr("truncated dump file")) << size;
    ExpectOneLine(outcome.error);
  }
  for (std::size_t size = 1; size < header; ++size) {
    const Outcome outcome = Read(CutTo(file.bytes, size));
    EXPECT_FALSE(outcome.opened) << size;
    ExpectOneLine(outcome.error);
  }
}

TEST(CaptureReaderTest, ARecordThatClaimsTooMuchIsAnError) {
  PcapFile file;
  file.Add(1, 0, kFirst).Add(2, 0, kFirst);
  StoreInteger(std::uint32_t{0x7FFFFFFF}, ByteOrder::kLittle, &file.bytes[24 + 16 + 60 + 8]);
  const Outcome outcome = Read(file.bytes);
  EXPECT_THAT(outcome.packets, SizeIs(1));
  EXPECT_THAT(outcome.error, StartsWith("after packet 1: "));
}

TEST(CaptureReaderTest, APacketIsNeverLongerThanItWasOnTheWire) {
  const Outcome outcome = Read(PcapFile().Add(1, 0, kFirst, 59).bytes);
  ASSERT_THAT(outcome.packets, SizeIs(1));
  EXPECT_EQ(outcome.packets[0].bytes, kFirst);
  EXPECT_EQ(outcome.packets[0].original, kFirst.size());
}

TEST(CaptureReaderTest, ALinkTypeThatIsNotReadIsNamed) {
  const Outcome known = Read(PcapFile(127).Add(1, 0, kFirst).bytes);
  EXPECT_FALSE(known.opened);
  EXPECT_THAT(known.error, HasSubstr("127"));
  EXPECT_THAT(known.error, HasSubstr("IEEE802_11_RADIO"));
  const Outcome unknown = Read(PcapFile(4242).Add(1, 0, kFirst).bytes);
  EXPECT_FALSE(unknown.opened);
  EXPECT_THAT(unknown.error, HasSubstr("4242"));
}

TEST(CaptureReaderTest, EveryLinkTypeThatIsReadOpensInBothFormats) {
  for (const LinkType link : {LinkType::kNull, LinkType::kEthernet, LinkType::kPpp, LinkType::kRaw, LinkType::kLoop,
                              LinkType::kLinuxSll, LinkType::kIpv4, LinkType::kIpv6, LinkType::kLinuxSll2}) {
    const auto number = static_cast<std::uint16_t>(link);
    for (const FileBytes& bytes :
         {PcapFile(number).Add(1, 0, kFirst).bytes, PcapngFile().AddInterface(number).AddPacket(0, 0, kFirst).bytes}) {
      const Outcome outcome = Read(bytes);
      EXPECT_EQ(outcome.error, "") << number;
      ASSERT_THAT(outcome.packets, SizeIs(1)) << number;
      EXPECT_EQ(outcome.packets[0].link, link);
    }
  }
}

TEST(CaptureReaderTest, ReadingTwiceGivesNothingMore) {
  const TemporaryFile file(PcapFile().Add(1, 0, kFirst).bytes);
  CaptureError error;
  const auto capture = OpenCapture(file.path(), error);
  ASSERT_NE(capture, nullptr);
  int packets = 0;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(capture->Read(1, [&](const Packet&) { return ++packets > 0; }), "");
  EXPECT_EQ(packets, 1);
}

TEST(CaptureReaderTest, WhatIsAStream) {
  const TemporaryFile file({1});
  EXPECT_FALSE(IsStream(file.path()));
  EXPECT_FALSE(IsStream("/tmp"));
  EXPECT_FALSE(IsStream("/nonexistent/a.pcap"));
  EXPECT_TRUE(IsStream("-"));
  EXPECT_TRUE(IsStream("/dev/null"));
  const std::string pipe = file.path() + ".pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_TRUE(IsStream(pipe));
  std::remove(pipe.c_str());
}

}  // namespace
}  // namespace sessenum
