#include "smb/ntlmssp.h"

#include <gtest/gtest.h>

#include <vector>

#include "smb/ntlmssp_builder_testing.h"

namespace sessenum {
namespace {

class NtlmsspTest : public testing::Test {
 protected:
  std::optional<SmbIdentity> Find(Bytes blob) { return FindNtlmAuthenticate(blob, budget_); }

  Limits limits_;
  Budget budget_{limits_};
};

TEST_F(NtlmsspTest, ReadsBothCharsets) {
  for (const bool unicode : {true, false}) {
    const auto identity = Find(NtlmAuthenticate({"alice", "WG", "PC1", unicode}));
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->user, "alice");
    EXPECT_EQ(identity->domain, "WG");
    EXPECT_EQ(identity->workstation, "PC1");
    EXPECT_FALSE(identity->anonymous);
  }
}

TEST_F(NtlmsspTest, FindsMessageInsideOther) {
  std::vector<std::uint8_t> blob = {0xA1, 0x82, 'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1, 0, 0, 0};
  const auto message = NtlmAuthenticate({"bob", "", "", true});
  blob.insert(blob.end(), message.begin(), message.end());
  const auto identity = Find(blob);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->user, "bob");
  EXPECT_EQ(identity->domain, "");
}

TEST_F(NtlmsspTest, Anonymous) {
  EXPECT_TRUE(Find(NtlmAuthenticate({"", "", "", true, 0}))->anonymous);
  EXPECT_FALSE(Find(NtlmAuthenticate({"", "", "", true, 24}))->anonymous);
}

TEST_F(NtlmsspTest, OtherMessagesAreNone) {
  EXPECT_FALSE(Find({}));
  EXPECT_FALSE(Find(std::vector<std::uint8_t>{'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1, 0, 0, 0}));
}

TEST_F(NtlmsspTest, EveryTruncation) {
  const auto whole = NtlmAuthenticate({"alice", "WG", "PC1"});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto identity = Find(cut);
    EXPECT_EQ(identity.has_value(), n >= 64) << n;
    if (identity) {
      EXPECT_EQ(identity->workstation, std::nullopt);
    }
  }
}

TEST_F(NtlmsspTest, LongNameIsCut) {
  const std::string name(limits_.smb_name_bytes + 50, 'x');
  EXPECT_EQ(Find(NtlmAuthenticate({name, "", "", false}))->user->size(), limits_.smb_name_bytes);
  EXPECT_EQ(budget_.hits(Cap::kSmbNameBytes), 1U);
}

}  // namespace
}  // namespace sessenum
