#include "srvsvc/status.h"

#include <gtest/gtest.h>

namespace sessenum {
namespace {

TEST(NetApiStatus, NamesWhatTheSpecificationNames) {
  EXPECT_EQ(NetApiStatusName(0), "NERR_Success");
  EXPECT_EQ(NetApiStatusName(1), "ERROR_INVALID_FUNCTION");
  EXPECT_EQ(NetApiStatusName(5), "ERROR_ACCESS_DENIED");
  EXPECT_EQ(NetApiStatusName(8), "ERROR_NOT_ENOUGH_MEMORY");
  EXPECT_EQ(NetApiStatusName(0x32), "ERROR_NOT_SUPPORTED");
  EXPECT_EQ(NetApiStatusName(0x35), "ERROR_BAD_NETPATH");
  EXPECT_EQ(NetApiStatusName(0x40), "ERROR_NETNAME_DELETED");
  EXPECT_EQ(NetApiStatusName(0x41), "ERROR_NETWORK_ACCESS_DENIED");
  EXPECT_EQ(NetApiStatusName(0x57), "ERROR_INVALID_PARAMETER");
  EXPECT_EQ(NetApiStatusName(0x78), "ERROR_CALL_NOT_IMPLEMENTED");
  EXPECT_EQ(NetApiStatusName(0x7A), "ERROR_INSUFFICIENT_BUFFER");
  EXPECT_EQ(NetApiStatusName(0x7B), "ERROR_INVALID_NAME");
  EXPECT_EQ(NetApiStatusName(0x7C), "ERROR_INVALID_LEVEL");
  EXPECT_EQ(NetApiStatusName(0xEA), "ERROR_MORE_DATA");
  EXPECT_EQ(NetApiStatusName(0x6BA), "RPC_S_SERVER_UNAVAILABLE");
  EXPECT_EQ(NetApiStatusName(0x6D1), "RPC_S_PROCNUM_OUT_OF_RANGE");
  EXPECT_EQ(NetApiStatusName(0x6F7), "RPC_X_BAD_STUB_DATA");
  EXPECT_EQ(NetApiStatusName(0x842), "NERR_ServerNotStarted");
  EXPECT_EQ(NetApiStatusName(0x84B), "NERR_BufTooSmall");
  EXPECT_EQ(NetApiStatusName(0x858), "NERR_NetworkError");
  EXPECT_EQ(NetApiStatusName(0x85C), "NERR_InternalError");
  EXPECT_EQ(NetApiStatusName(0x85E), "NERR_InvalidAPI");
  EXPECT_EQ(NetApiStatusName(0x8AD), "NERR_UserNotFound");
  EXPECT_EQ(NetApiStatusName(0x908), "NERR_ClientNameNotFound");
  EXPECT_EQ(NetApiStatusName(0x92F), "NERR_InvalidComputer");
  EXPECT_EQ(NetApiStatusName(0x80070005), "E_ACCESSDENIED");
  EXPECT_EQ(NetApiStatusName(0xC0000022), "STATUS_ACCESS_DENIED");
  EXPECT_EQ(NetApiStatusName(0xC00000BB), "STATUS_NOT_SUPPORTED");
}

// MS-ERREF 2.2, MS-SRVS 3.1.4.5
TEST(NetApiStatus, ConstantsAreTheirCodes) {
  static_assert(kNerrSuccess == 0);
  static_assert(kErrorAccessDenied == 5);
  static_assert(kErrorNotEnoughMemory == 8);
  static_assert(kErrorNotSupported == 50);
  static_assert(kErrorInvalidParameter == 87);
  static_assert(kErrorInvalidLevel == 124);
  static_assert(kErrorMoreData == 234);
  static_assert(kNerrServerNotStarted == 2114);
  static_assert(kNerrUserNotFound == 2221);
  static_assert(kNerrClientNameNotFound == 2312);
  static_assert(kNerrInvalidComputer == 2351);
}

TEST(NetApiStatus, OthersHaveNoName) {
  for (const std::uint32_t status : {2U, 0x7DU, 0x909U, 0xFFFFFFFFU}) EXPECT_EQ(NetApiStatusName(status), "");
}

TEST(NetApiStatusText, ACodeWithoutANameIsWrittenInHex) {
  EXPECT_EQ(NetApiStatusText(kErrorMoreData), "ERROR_MORE_DATA");
  EXPECT_EQ(NetApiStatusText(0x89ABCDEF), "0x89ABCDEF");
  EXPECT_EQ(NetApiStatusText(0x3), "0x00000003");
}

}  // namespace
}  // namespace sessenum
