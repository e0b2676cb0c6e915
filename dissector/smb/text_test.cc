#include "smb/text.h"

#include <gtest/gtest.h>

#include <vector>

namespace sessenum {
namespace {

TEST(PipeNameTest, Normalises) {
  for (const char* path : {"srvsvc", "SRVSVC", "\\srvsvc", "\\PIPE\\srvsvc", "pipe\\SrvSvc", "\\\\pipe\\\\srvsvc"}) {
    EXPECT_EQ(PipeName(path), "srvsvc") << path;
  }
  EXPECT_EQ(PipeName(""), "");
  EXPECT_EQ(PipeName("\\"), "");
  EXPECT_EQ(PipeName("\\pipe\\"), "");
  EXPECT_EQ(PipeName("pipesrvsvc"), "pipesrvsvc");
}

TEST(DecodeNameTest, OemAboveAsciiIsUnknown) {
  const Limits limits;
  Budget budget(limits);
  EXPECT_EQ(DecodeName(std::vector<std::uint8_t>{'a', 0x84}, SmbCharset::kOem, budget), "a\xEF\xBF\xBD");
  EXPECT_EQ(DecodeName(std::vector<std::uint8_t>{'a', 0, 'b', 0}, SmbCharset::kUtf16, budget), "ab");
}

}  // namespace
}  // namespace sessenum
