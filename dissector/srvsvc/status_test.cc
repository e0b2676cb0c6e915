#include "srvsvc/status.h"

#include <gtest/gtest.h>

namespace sessenum {
namespace {

TEST(NetApiStatus, NamesWhatTheSpecificationNames) {
  EXPECT_EQ(NetApiStatusName(kNerrSuccess), "NERR_Success");
  EXPECT_EQ(NetApiStatusName(5), "ERROR_ACCESS_DENIED");
  EXPECT_EQ(NetApiStatusName(0x57), "ERROR_INVALID_PARAMETER");
  EXPECT_EQ(NetApiStatusName(0x7C), "ERROR_INVALID_LEVEL");
  EXPECT_EQ(NetApiStatusName(kErrorMoreData), "ERROR_MORE_DATA");
  EXPECT_EQ(NetApiStatusName(8), "ERROR_NOT_ENOUGH_MEMORY");
  EXPECT_EQ(NetApiStatusName(0x908), "NERR_ClientNameNotFound");
  EXPECT_EQ(NetApiStatusName(0x92F), "NERR_InvalidComputer");
  EXPECT_EQ(NetApiStatusName(0x8AD), "NERR_UserNotFound");
  EXPECT_EQ(NetApiStatusName(0x84B), "NERR_BufTooSmall");
  EXPECT_EQ(NetApiStatusName(0xC00000BB), "STATUS_NOT_SUPPORTED");
}

TEST(NetApiStatus, OthersHaveNoName) {
  for (const std::uint32_t status : {2U, 0x7DU, 0x909U, 0xFFFFFFFFU}) EXPECT_EQ(NetApiStatusName(status), "");
}

}  // namespace
}  // namespace sessenum
