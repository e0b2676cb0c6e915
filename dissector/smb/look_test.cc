#include "smb/look.h"

#include <gtest/gtest.h>

#include "smb/smb2_builder_testing.h"

namespace sessenum {
namespace {

using namespace smb2;

Buffer Negotiate(bool response) {
  return Framed(Message({.command = Smb2Command::kNegotiate, .response = response}, NegotiateResponse(0x0311)));
}

Buffer SessionRequest() {
  Buffer packet = {0x81, 0, 0, 68, 32};
  packet.insert(packet.end(), 32, 'C');
  packet.insert(packet.end(), {0, 32});
  packet.insert(packet.end(), 32, 'A');
  packet.push_back(0);
  return packet;
}

TEST(LooksLikeSmbTest, EachProtocol) {
  for (const int magic : {0xFC, 0xFD, 0xFE, 0xFF}) {
    Buffer bytes = {0, 0, 0, 100, static_cast<std::uint8_t>(magic), 'S', 'M', 'B'};
    EXPECT_EQ(LooksLikeSmb(bytes), SmbLook::kYes);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      EXPECT_EQ(LooksLikeSmb(Bytes(bytes).first(i)), SmbLook::kNeedMore) << i;
  }
}

TEST(LooksLikeSmbTest, SessionPacketsThatLeadToOne) {
  const Buffer request = SessionRequest();
  EXPECT_EQ(LooksLikeSmb(request), SmbLook::kYes);
  EXPECT_EQ(LooksLikeSmb(Bytes(request).first(20)), SmbLook::kNeedMore);
  Buffer answer = {0x82, 0, 0, 0};
  EXPECT_EQ(LooksLikeSmb(answer), SmbLook::kNeedMore);
  const Buffer negotiate = Negotiate(true);
  answer.insert(answer.end(), negotiate.begin(), negotiate.end());
  EXPECT_EQ(LooksLikeSmb(answer), SmbLook::kYes);
}

TEST(LooksLikeSmbTest, Others) {
  for (const Buffer& bytes :
       {Buffer{5, 0}, Buffer{'G', 'E', 'T'}, Buffer{0, 0, 0, 0}, Buffer{0, 0, 0, 9, 0xFE, 'S', 'M', 'B'},
        Buffer{0, 0, 0, 90, 1}, Buffer{0x81, 0, 0, 68, 31}, Buffer{0x82, 0, 0, 1}}) {
    EXPECT_EQ(LooksLikeSmb(bytes), SmbLook::kNo);
  }
}

TEST(SmbMessageDirectionTest, BySideFlag) {
  EXPECT_EQ(SmbMessageDirection(Negotiate(false)), Direction::kToServer);
  EXPECT_EQ(SmbMessageDirection(Negotiate(true)), Direction::kToClient);
  Buffer smb1 = {0, 0, 0, 35, 0xFF, 'S', 'M', 'B', 0x72};
  smb1.resize(39);
  EXPECT_EQ(SmbMessageDirection(smb1), Direction::kToServer);
  smb1[4 + 9] = 0x80;
  EXPECT_EQ(SmbMessageDirection(smb1), Direction::kToClient);
  smb1[4 + 4] = 0x24;  // a server sends this one unasked
  EXPECT_EQ(SmbMessageDirection(smb1), std::nullopt);
  EXPECT_EQ(SmbMessageDirection(SessionRequest()), Direction::kToServer);
  EXPECT_EQ(SmbMessageDirection(Buffer{0x82, 0, 0, 0}), Direction::kToClient);
  EXPECT_EQ(SmbMessageDirection(Framed(Transform(1, 9))), std::nullopt);
  EXPECT_EQ(SmbMessageDirection({}), std::nullopt);
}

}  // namespace
}  // namespace sessenum
