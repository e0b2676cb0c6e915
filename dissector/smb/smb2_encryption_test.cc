#include "smb/smb2_encryption.h"

#include <gtest/gtest.h>

#include "smb/hex_testing.h"
#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

// A NEGOTIATE response with the contexts PREAUTH_INTEGRITY and ENCRYPTION.
std::vector<std::uint8_t> Response(std::uint16_t cipher) {
  return smb2::Message({.command = Smb2Command::kNegotiate, .response = true}, smb2::NegotiateResponse311(cipher));
}

TEST(NegotiatedCipher, AllFour) {
  for (std::uint16_t cipher = 1; cipher <= 4; ++cipher) {
    EXPECT_EQ(FindNegotiatedCipher(Response(cipher)), static_cast<AeadCipher>(cipher));
  }
  EXPECT_EQ(FindNegotiatedCipher(Response(0)), std::nullopt);
  EXPECT_EQ(FindNegotiatedCipher(Response(5)), std::nullopt);
}

TEST(NegotiatedCipher, CutAnywhereThereIsNone) {
  const auto whole = Response(2);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(FindNegotiatedCipher(Bytes(whole).first(size)), std::nullopt) << size;
  }
}

TEST(NegotiatedCipher, HostileOffsetsAndLengths) {
  auto message = Response(2);
  for (std::size_t at = kSmb2HeaderSize; at < message.size(); ++at) {
    const std::uint8_t before = message[at];
    for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0xFFU}) {
      message[at] = static_cast<std::uint8_t>(value);
      static_cast<void>(FindNegotiatedCipher(message));
    }
    message[at] = before;
  }
}

TEST(SealedParts, AreTakenByOriginalMessageSize) {
  auto message = smb2::Transform(7, 10);
  StoreInteger<std::uint32_t>(8, ByteOrder::kLittle, &message[36]);
  Smb2SealedParts parts;
  ASSERT_TRUE(Read(message, parts).ok());
  EXPECT_EQ(parts.tag.data(), &message[4]);
  EXPECT_EQ(parts.nonce.data(), &message[20]);
  EXPECT_EQ(parts.nonce.size(), 16U);
  EXPECT_EQ(parts.associated.data(), &message[20]);
  EXPECT_EQ(parts.associated.size(), 32U);
  EXPECT_EQ(parts.ciphertext.data(), &message[52]);
  EXPECT_EQ(parts.ciphertext.size(), 8U);
}

TEST(SealedParts, SizeBeyondTheMessage) {
  auto message = smb2::Transform(7, 10);
  Smb2SealedParts parts;
  for (const std::uint32_t size : {11U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    StoreInteger(size, ByteOrder::kLittle, &message[36]);
    EXPECT_EQ(Read(message, parts).code, Errc::kTruncated);
  }
  StoreInteger<std::uint32_t>(10, ByteOrder::kLittle, &message[36]);
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(Read(Bytes(message).first(size), parts).ok()) << size;
  }
}

}  // namespace
}  // namespace sessenum
