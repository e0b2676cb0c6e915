#include "rpc/fault_status.h"

#include <gtest/gtest.h>

namespace sessenum {
namespace {

TEST(FaultStatus, HasNames) {
  EXPECT_EQ(FaultStatusName(5), "ERROR_ACCESS_DENIED");
  EXPECT_EQ(FaultStatusName(0x6BA), "RPC_S_SERVER_UNAVAILABLE");
  EXPECT_EQ(FaultStatusName(0x6BD), "RPC_S_NO_CALL_ACTIVE");
  EXPECT_EQ(FaultStatusName(0x6D1), "RPC_S_PROCNUM_OUT_OF_RANGE");
  EXPECT_EQ(FaultStatusName(0x6D8), "EPT_S_CANT_PERFORM_OP");
  EXPECT_EQ(FaultStatusName(0x6F7), "RPC_X_BAD_STUB_DATA");
  EXPECT_EQ(FaultStatusName(0x721), "RPC_S_SEC_PKG_ERROR");
  EXPECT_EQ(FaultStatusName(0x1C000001), "nca_s_fault_int_div_by_zero");
  EXPECT_EQ(FaultStatusName(0x1C000002), "nca_s_fault_addr_error");
  EXPECT_EQ(FaultStatusName(0x1C000006), "nca_s_fault_invalid_tag");
  EXPECT_EQ(FaultStatusName(0x1C000007), "nca_s_fault_invalid_bound");
  EXPECT_EQ(FaultStatusName(0x1C000008), "nca_s_rpc_version_mismatch");
  EXPECT_EQ(FaultStatusName(0x1C000009), "nca_s_unspec_reject");
  EXPECT_EQ(FaultStatusName(0x1C00000D), "nca_s_fault_cancel");
  EXPECT_EQ(FaultStatusName(0x1C000012), "nca_s_fault_unspec");
  EXPECT_EQ(FaultStatusName(0x1C00001A), "nca_s_fault_context_mismatch");
  EXPECT_EQ(FaultStatusName(0x1C00001B), "nca_s_fault_remote_no_memory");
  EXPECT_EQ(FaultStatusName(0x1C00001C), "nca_s_invalid_pres_context_id");
  EXPECT_EQ(FaultStatusName(0x1C00001D), "nca_s_unsupported_authn_level");
  EXPECT_EQ(FaultStatusName(0x1C00001F), "nca_s_invalid_checksum");
  EXPECT_EQ(FaultStatusName(0x1C010001), "nca_s_comm_failure");
  EXPECT_EQ(FaultStatusName(0x1C010002), "nca_s_op_rng_error");
  EXPECT_EQ(FaultStatusName(0x1C010003), "nca_s_unk_if");
  EXPECT_EQ(FaultStatusName(0x1C010006), "nca_s_wrong_boot_time");
  EXPECT_EQ(FaultStatusName(0x1C010009), "nca_s_you_crashed");
  EXPECT_EQ(FaultStatusName(0x1C01000B), "nca_s_proto_error");
  EXPECT_EQ(FaultStatusName(0x1C010013), "nca_s_out_args_too_big");
  EXPECT_EQ(FaultStatusName(0x1C010014), "nca_s_server_too_busy");
  EXPECT_EQ(FaultStatusName(0x1C010017), "nca_s_unsupported_type");
  EXPECT_EQ(FaultStatusName(0xC0000005), "STATUS_ACCESS_VIOLATION");
  EXPECT_EQ(FaultStatusName(0xC0000022), "STATUS_ACCESS_DENIED");
}

TEST(FaultStatus, OthersHaveNone) {
  for (const std::uint32_t status : {0U, 4U, 6U, 0x1C010001U - 1, 0xFFFFFFFFU}) EXPECT_EQ(FaultStatusName(status), "");
}

}  // namespace
}  // namespace sessenum
