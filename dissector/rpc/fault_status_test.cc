#include "rpc/fault_status.h"

#include <gtest/gtest.h>

namespace sessenum {
namespace {

TEST(FaultStatus, HasNames) {
  EXPECT_EQ(FaultStatusName(5), "ERROR_ACCESS_DENIED");
  EXPECT_EQ(FaultStatusName(0x6F7), "RPC_X_BAD_STUB_DATA");
  EXPECT_EQ(FaultStatusName(0x1C010002), "nca_s_op_rng_error");
  EXPECT_EQ(FaultStatusName(0x1C010003), "nca_s_unk_if");
  EXPECT_EQ(FaultStatusName(0x1C01000B), "nca_s_proto_error");
  EXPECT_EQ(FaultStatusName(0x1C000006), "nca_s_fault_invalid_tag");
}

TEST(FaultStatus, OthersHaveNone) {
  for (const std::uint32_t status : {0U, 4U, 6U, 0x1C010001U - 1, 0xFFFFFFFFU}) EXPECT_EQ(FaultStatusName(status), "");
}

}  // namespace
}  // namespace sessenum
