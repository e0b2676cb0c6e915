// Captures packed by gzip and zstd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "capture/capture_file_testing.h"
#include "capture/capture_reader.h"

namespace sessenum {
namespace {

using testing::HasSubstr;

FileBytes Gzip(const FileBytes& plain) {
  FileBytes packed(compressBound(static_cast<uLong>(plain.size())) + 64);
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

FileBytes Zstd(const FileBytes& plain) {
  FileBytes packed(ZSTD_compressBound(plain.size()));
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3);
  EXPECT_EQ(ZSTD_isError(size), 0U);
  packed.resize(size);
  return packed;
}

FileBytes Join(FileBytes head, const FileBytes& tail) {
  head.insert(head.end(), tail.begin(), tail.end());
  return head;
}

struct Outcome {
  std::vector<FileBytes> packets;
  CaptureError error;
};

Outcome Read(const FileBytes& bytes) {
  const TemporaryFile file(bytes);
  Outcome outcome;
  if (const auto capture = OpenCapture(file.path(), outcome.error)) {
    outcome.error = capture->Read(1, [&](const Packet& packet) {
      outcome.packets.emplace_back(packet.bytes.begin(), packet.bytes.end());
      return true;
    });
  }
  return outcome;
}

// Bytes that do not pack well.
FileBytes Noise(std::size_t size) {
  FileBytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return bytes;
}

std::vector<FileBytes> Captures() {
  PcapFile pcap;
  PcapngFile pcapng;
  pcapng.AddInterface();
  for (std::uint32_t i = 0; i < 300; ++i) {
    pcap.Add(i, 0, Noise(100 + i));
    pcapng.AddPacket(0, i, Noise(100 + i));
  }
  return {pcap.bytes, pcapng.bytes};
}

class PackedCaptureTest : public testing::TestWithParam<FileBytes (*)(const FileBytes&)> {
 protected:
  [[nodiscard]] static FileBytes Pack(const FileBytes& plain) { return GetParam()(plain); }
};

TEST_P(PackedCaptureTest, GivesWhatThePlainCaptureGives) {
  for (const FileBytes& plain : Captures()) {
    const Outcome expected = Read(plain);
    ASSERT_EQ(expected.packets.size(), 300U);
    const Outcome outcome = Read(Pack(plain));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.packets, expected.packets);
  }
}

TEST_P(PackedCaptureTest, SmallCapturesAndLargeOnesThatPackWell) {
  for (const std::size_t packets : {0U, 1U, 2U, 100U, 50'000U}) {
    PcapFile pcap;
    PcapngFile pcapng;
    pcapng.AddInterface();
    for (std::size_t i = 0; i < packets; ++i) {
      pcap.Add(0, 0, FileBytes(60, 0));
      pcapng.AddPacket(0, 0, FileBytes(60, 0));
    }
    for (const FileBytes& plain : {pcap.bytes, pcapng.bytes}) {
      const Outcome outcome = Read(Pack(plain));
      EXPECT_EQ(outcome.error, "") << packets;
      EXPECT_EQ(outcome.packets.size(), packets);
    }
  }
}

TEST_P(PackedCaptureTest, PiecesThatWerePackedOneByOneAreOneCapture) {
  for (const FileBytes& plain : Captures()) {
    for (const std::size_t at : {std::size_t{3}, std::size_t{30}, plain.size() - 1}) {
      const auto middle = plain.begin() + static_cast<std::ptrdiff_t>(at);
      const Outcome outcome = Read(Join(Pack({plain.begin(), middle}), Pack({middle, plain.end()})));
      EXPECT_EQ(outcome.error, "") << at;
      EXPECT_EQ(outcome.packets.size(), 300U) << at;
    }
  }
}

TEST_P(PackedCaptureTest, ACutGivesWhatStandsBeforeItAndSaysSo) {
  for (const FileBytes& plain : Captures()) {
    const FileBytes packed = Pack(plain);
    for (std::size_t size = 5; size < packed.size(); size += 1 + packed.size() / 97) {
      const Outcome outcome = Read({packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(size)});
      EXPECT_THAT(outcome.error, HasSubstr("the packed bytes end too early")) << size;
      EXPECT_LE(outcome.packets.size(), 300U) << size;
      EXPECT_EQ(outcome.error.find('\n'), std::string::npos);
    }
  }
}

TEST_P(PackedCaptureTest, DamageIsNeverTakenForTheEnd) {
  const FileBytes packed = Pack(Captures().front());
  for (std::size_t at = packed.size() / 10; at < packed.size() - 8; at += packed.size() / 23) {
    FileBytes damaged = packed;
    for (std::size_t i = at; i < at + 8; ++i) damaged[i] = static_cast<std::uint8_t>(~damaged[i]);
    const Outcome outcome = Read(damaged);
    EXPECT_TRUE(!outcome.error.empty() || outcome.packets.size() == 300U) << at;
  }
}

TEST_P(PackedCaptureTest, PackedGarbageIsGarbage) {
  for (const FileBytes& plain : {FileBytes(), FileBytes(3, 'x'), FileBytes(1000, 'x')}) {
    EXPECT_NE(Read(Pack(plain)).error, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Packers, PackedCaptureTest, testing::Values(&Gzip, &Zstd),
                         [](const auto& test) { return test.index == 0 ? "gzip" : "zstd"; });

// gzip packs at most a thousandfold; zstd packs zeros into next to nothing.
TEST(PackedBombTest, WhatUnpacksToMoreThanAnyCaptureIsRefused) {
  PcapngFile filler;
  filler.bytes.clear();
  filler.Block(0x12345678, [](ByteWriter& out) { out.WriteFill(15U << 20U); });
  const FileBytes packed = Zstd(filler.bytes);
  ASSERT_LT(packed.size(), 5'000U);
  FileBytes bomb = Zstd(PcapngFile().AddInterface().AddPacket(0, 1, FileBytes(60, 1)).bytes);
  for (int i = 0; i < 20; ++i) bomb = Join(bomb, packed);
  const Outcome outcome = Read(bomb);
  EXPECT_EQ(outcome.packets.size(), 1U);
  EXPECT_THAT(outcome.error, HasSubstr("zstd: unpacks to more than any capture does"));
}

}  // namespace
}  // namespace sessenum
