#include "smb/smb2_compression.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "smb/protocol.h"
#include "smb/smb2_compression_builder_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

constexpr std::array kAll = {Algorithm::kNone,        Algorithm::kLznt1,     Algorithm::kLz77,
                             Algorithm::kLz77Huffman, Algorithm::kPatternV1, Algorithm::kLz4};

struct Outcome {
  Status status;
  Buffer bytes;
};
Outcome Decompressed(const Buffer& message) {
  Outcome outcome;
  outcome.status = Decompress(message, outcome.bytes);
  return outcome;
}
Smb2CompressedHead HeadOf(const Buffer& message) {
  Smb2CompressedHead head;
  EXPECT_EQ(Read(message, head), Ok());
  return head;
}
Buffer Numbers(std::size_t size) {
  Buffer out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i);
  return out;
}

TEST(Smb2Compression, UnchainedOfEachAlgorithm) {
  for (const Algorithm algorithm : kAll) {
    Buffer message = Numbers(300);
    message.insert(message.end(), 200, 'x');
    const Buffer packed = Unchained(algorithm, message, 300);
    EXPECT_EQ(Decompressed(packed).status, Ok()) << static_cast<int>(algorithm);
    EXPECT_EQ(Decompressed(packed).bytes, message) << static_cast<int>(algorithm);
    EXPECT_EQ(HeadOf(packed).size, 500U);
    EXPECT_EQ(HeadOf(packed).plain, 300U);
  }
}

TEST(Smb2Compression, AChainOfAllAlgorithms) {
  std::vector<Buffer> payloads;
  Buffer message;
  for (const Algorithm algorithm : kAll) {
    const Buffer part(70, static_cast<std::uint8_t>('a' + static_cast<int>(algorithm)));
    payloads.push_back(Payload(algorithm, part));
    message.insert(message.end(), part.begin(), part.end());
  }
  const Buffer packed = Chained(6 * 70, payloads);
  EXPECT_EQ(Decompressed(packed).status, Ok());
  EXPECT_EQ(Decompressed(packed).bytes, message);
  EXPECT_EQ(HeadOf(packed).size, 420U);
  EXPECT_EQ(HeadOf(packed).plain, 70U);
  EXPECT_EQ(HeadOf(Chained(70, {Payload(Algorithm::kLz4, Numbers(70))})).plain, 0U);
}

TEST(Smb2Compression, WhatIsThereBeforeStays) {
  Buffer out{'o', 'l', 'd'};
  ASSERT_TRUE(Decompress(Unchained(Algorithm::kLz77, {'n', 'e', 'w'}), out).ok());
  EXPECT_EQ(std::string(out.begin(), out.end()), "oldnew");
}

// LZ77: one literal, then three more from the byte before it.
TEST(Smb2Compression, PayloadsDoNotLookIntoOneAnother) {
  const Buffer sound{0xFF, 0xFF, 0xFF, 0x7F, 'a', 0, 0};
  const Buffer before{0xFF, 0xFF, 0xFF, 0x7F, 'a', 8, 0};
  const Buffer none = Payload(Algorithm::kNone, {'x', 'y'});
  EXPECT_EQ(Decompressed(Chained(6, {none, Payload(Algorithm::kLz77, 4, sound)})).bytes,
            (Buffer{'x', 'y', 'a', 'a', 'a', 'a'}));
  EXPECT_FALSE(Decompressed(Chained(6, {none, Payload(Algorithm::kLz77, 4, before)})).status.ok());
  EXPECT_FALSE(Decompressed(Unchained(Algorithm::kLz77, 4, {'x', 'y'}, before)).status.ok());
}

TEST(Smb2Compression, TheSizeMustBeJustWhatIsDeclared) {
  for (const Algorithm algorithm : kAll) {
    const Buffer bytes(100, 'x');
    const Buffer packed = Pack(algorithm, bytes);
    EXPECT_FALSE(Decompressed(Chained(101, {Payload(algorithm, bytes)})).status.ok());
    EXPECT_FALSE(Decompressed(Chained(99, {Payload(algorithm, bytes)})).status.ok());
    // A Huffman stream has no end of its own, but it cannot go on without bytes.
    const bool ended = algorithm != Algorithm::kLz77Huffman;
    EXPECT_EQ(Decompressed(Unchained(algorithm, 99, {}, packed)).status.ok(), !ended) << static_cast<int>(algorithm);
    const std::uint32_t more = ended ? 101 : 105;
    EXPECT_FALSE(Decompressed(Unchained(algorithm, more, {}, packed)).status.ok()) << static_cast<int>(algorithm);
  }
}

TEST(Smb2Compression, UnknownForms) {
  Buffer unknown = Unchained(Algorithm::kNone, {1, 2, 3, 4});
  Buffer chained = Chained(4, {Payload(Algorithm::kNone, {1, 2, 3, 4})});
  unknown[8] = 6;  // CompressionAlgorithm
  chained[8] = 6;
  EXPECT_FALSE(Decompressed(unknown).status.ok());
  EXPECT_FALSE(Decompressed(chained).status.ok());
  Buffer flags = Unchained(Algorithm::kNone, {1, 2, 3, 4});
  flags[10] = 2;
  Smb2CompressedHead head;
  EXPECT_EQ(Read(flags, head).code, Errc::kMalformed);
  EXPECT_FALSE(Decompressed(flags).status.ok());
}

TEST(Smb2Compression, HostileSizes) {
  Buffer packed = Unchained(Algorithm::kLz77, Numbers(40), 10);
  StoreInteger<std::uint32_t>(0xFFFFFFFF, ByteOrder::kLittle, &packed[12]);
  EXPECT_EQ(Decompressed(packed).status.code, Errc::kTruncated) << "the offset leads out of the message";
  EXPECT_EQ(HeadOf(packed).size, 30U + 0xFFFFFFFFULL) << "the sum does not wrap";
  EXPECT_EQ(HeadOf(packed).plain, packed.size() - kCompressionHeaderSize);
  Buffer chain = Chained(40, {Payload(Algorithm::kLz77, Numbers(40))});
  StoreInteger<std::uint32_t>(0xFFFFFFFF, ByteOrder::kLittle, &chain[16]);
  EXPECT_FALSE(Decompressed(chain).status.ok()) << "OriginalPayloadSize above the message's";
  StoreInteger<std::uint32_t>(3, ByteOrder::kLittle, &chain[12]);
  EXPECT_FALSE(Decompressed(chain).status.ok()) << "no room for OriginalPayloadSize";
  EXPECT_FALSE(Decompressed(Chained(0, {})).status.ok());
}

TEST(Smb2Compression, BombsStopAtTheSize) {
  Buffer pattern = Pack(Algorithm::kPatternV1, {'x'});
  StoreInteger<std::uint32_t>(0xFFFFFFFF, ByteOrder::kLittle, &pattern[4]);
  const Outcome outcome = Decompressed(Chained(1'000, {Payload(Algorithm::kPatternV1, 0, pattern)}));
  EXPECT_EQ(outcome.status.code, Errc::kMalformed);
  EXPECT_TRUE(outcome.bytes.empty());
  const Outcome claim = Decompressed(Unchained(Algorithm::kLz77, 0xFFFFFFFF, {}, Pack(Algorithm::kLz77, Numbers(10))));
  EXPECT_FALSE(claim.status.ok());
  EXPECT_LT(claim.bytes.capacity(), 100U) << "nothing is reserved on the wire's word";
}

TEST(Smb2Compression, DamageIsSurvived) {
  std::vector<Buffer> payloads;
  payloads.reserve(kAll.size());
  for (const Algorithm algorithm : kAll) payloads.push_back(Payload(algorithm, Buffer(20, 'x')));
  const std::vector<Buffer> whole = {Chained(120, payloads), Unchained(Algorithm::kLz77Huffman, Numbers(60), 20),
                                     Unchained(Algorithm::kLznt1, Numbers(60), 20)};
  for (const Buffer& message : whole) {
    ASSERT_TRUE(Decompressed(message).status.ok());
    for (std::size_t kept = 0; kept < message.size(); ++kept) {
      const Buffer cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(kept));
      EXPECT_LE(Decompressed(cut).bytes.size(), 120U);
    }
    for (std::size_t at = 8; at < message.size(); ++at) {
      for (const unsigned flip : {1U, 4U, 16U, 128U, 255U}) {
        Buffer changed = message;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
        EXPECT_LE(Decompressed(changed).bytes.size(), message.size() + 120U);
      }
    }
  }
}

}  // namespace
}  // namespace sessenum
