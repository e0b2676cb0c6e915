#include "smb/key_store.h"

#include <gtest/gtest.h>

#include "smb/hex_testing.h"

namespace sessenum {
namespace {

constexpr std::string_view kKey = "00112233445566778899aabbccddeeff";

KeyStore Parsed(std::string_view text) {
  KeyStore store;
  const auto problem = store.Parse(text);
  EXPECT_FALSE(problem) << problem->line << ": " << problem->reason;
  return store;
}

std::string HashOf(const KeyStore& store, std::string_view user, std::string_view domain = "") {
  const NtHash* hash = store.FindNtHash(user, domain);
  return hash == nullptr ? "none" : ToHex(*hash);
}

std::size_t LineOfProblem(std::string_view text) {
  KeyStore store;
  const auto problem = store.Parse(text);
  return problem ? problem->line : 0;
}

// MS-NLMP 4.2.2.1.2
TEST(KeyStore, PasswordBecomesItsNtHash) {
  EXPECT_EQ(ToHex(NtHashOfPassword("Password")), "a4f49c406510bdcab6824ee7c30fd852");
}

TEST(KeyStore, SessionIdsInBothSpellings) {
  const KeyStore store = Parsed(
      "smb-session 2100000000100000 00112233445566778899aabbccddeeff\n"
      "smb-session 0x100000000022 FFEEDDCCBBAA99887766554433221100\n");
  EXPECT_EQ(ToHex(store.SmbSessionKey(0x0000100000000021)), kKey);
  EXPECT_EQ(ToHex(store.SmbSessionKey(0x100000000022)), "ffeeddccbbaa99887766554433221100");
  EXPECT_TRUE(store.SmbSessionKey(0x2100000000100000).empty());
}

TEST(KeyStore, CommentsBlankLinesAndLineEnds) {
  const KeyStore store = Parsed(
      "\xEF\xBB\xBF# keys\r\n\r\n   \t\r\n"
      "  nt-hash\talice \t00112233445566778899AABBCCDDEEFF  # from the test bed\r\n"
      "nt-password bob p#1 #2 \r\n"
      "smb-session 0x1 00112233445566778899aabbccddeeff");
  EXPECT_EQ(HashOf(store, "alice"), kKey);
  EXPECT_EQ(HashOf(store, "bob"), ToHex(NtHashOfPassword("p#1 #2 ")));
  EXPECT_EQ(ToHex(store.SmbSessionKey(1)), kKey);
}

TEST(KeyStore, UsersMatchWithoutCaseAndTheirDomainComesFirst) {
  const KeyStore store = Parsed(
      "nt-password jürgen any\n"
      "nt-password Jürgen@Corp special\n"
      "nt-password eve@corp.example upn\n");
  EXPECT_EQ(HashOf(store, "JÜRGEN", "CORP"), ToHex(NtHashOfPassword("special")));
  EXPECT_EQ(HashOf(store, "Jürgen", "OTHER"), ToHex(NtHashOfPassword("any")));
  EXPECT_EQ(HashOf(store, "jürgen"), ToHex(NtHashOfPassword("any")));
  EXPECT_EQ(HashOf(store, "eve@corp.example"), ToHex(NtHashOfPassword("upn")));
  EXPECT_EQ(HashOf(store, "eve"), "none");
}

TEST(KeyStore, DefaultPasswordIsForThoseWithoutAKey) {
  KeyStore store = Parsed("nt-password alice hers\n");
  store.SetDefaultPassword("all");
  EXPECT_EQ(HashOf(store, "Alice"), ToHex(NtHashOfPassword("hers")));
  EXPECT_EQ(HashOf(store, "bob"), ToHex(NtHashOfPassword("all")));
}

TEST(KeyStore, ProblemsHaveTheirLine) {
  EXPECT_EQ(LineOfProblem("# fine\n\nsmb-key 0x1 00\n"), 3U);
  for (const std::string_view bad : {
           "x",
           "smb-session",
           "smb-session 0x1",
           "smb-session 0x 00112233445566778899aabbccddeeff",
           "smb-session 0x11112222333344445 00112233445566778899aabbccddeeff",
           "smb-session 0x1g 00112233445566778899aabbccddeeff",
           "smb-session 21000000001000 00112233445566778899aabbccddeeff",
           "smb-session 210000000010000000 00112233445566778899aabbccddeeff",
           "smb-session 0x1 00112233",
           "smb-session 0x1 00112233445566778899aabbccddeef",
           "smb-session 0x1 00112233445566778899aabbccddeefg",
           "smb-session 0x1 0011223344556677 8899aabbccddeeff",
           "nt-password",
           "nt-password alice",
           "nt-password alice \t ",
           "nt-password alice \xFF\xFE",
           "nt-password \xFF\xFE secret",
           "nt-hash alice",
           "nt-hash alice 0011",
           "nt-hash alice 00112233445566778899aabbccddeeff00",
           "nt-hash 00112233445566778899aabbccddeeff",
           "NT-HASH alice 00112233445566778899aabbccddeeff",
       }) {
    EXPECT_EQ(LineOfProblem(bad), 1U) << bad;
  }
}

TEST(KeyStore, ReasonsDoNotQuoteTheLine) {
  for (const std::string_view bad :
       {"smb-session 0x1 5ec2e7", "nt-hash alice 5ec2e7", "5ec2e7", "nt-password 5ec2e7"}) {
    KeyStore store;
    const auto problem = store.Parse(bad);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->reason.find("5ec2e7"), std::string::npos);
  }
}

TEST(KeyStore, ContradictionsAreProblems) {
  EXPECT_EQ(LineOfProblem("nt-password alice a\nnt-password ALICE b\n"), 2U);
  EXPECT_EQ(LineOfProblem("nt-password alice a\nnt-password ALICE a\n"), 0U);
  EXPECT_EQ(LineOfProblem("smb-session 0x1 0011223344556677\nsmb-session 0100000000000000 0011223344556678\n"), 2U);
}

// Every prefix and every byte of a file is read or refused, and no more.
TEST(KeyStore, HostileText) {
  const std::string text =
      "smb-session 0x1 00112233445566778899aabbccddeeff # c\r\nnt-password a@b c\n#\nnt-hash u 0011";
  for (std::size_t i = 0; i < text.size(); ++i) {
    static_cast<void>(KeyStore().Parse(std::string_view(text).substr(0, i)));
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string changed = text;
      changed[i] = static_cast<char>(byte);
      static_cast<void>(KeyStore().Parse(changed));
    }
  }
  EXPECT_EQ(LineOfProblem(std::string(1U << 20U, '\n') + "x"), (1U << 20U) + 1);
  EXPECT_EQ(LineOfProblem(std::string(1U << 20U, '#')), 0U);
  EXPECT_EQ(LineOfProblem(std::string_view("\0\0\0", 3)), 1U);
}

}  // namespace
}  // namespace sessenum
