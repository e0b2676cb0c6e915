#include "rpc/fault_status.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sessenum {
namespace {

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 31> kNames = {{
    {0x00000005, "ERROR_ACCESS_DENIED"},
    {0x000006BA, "RPC_S_SERVER_UNAVAILABLE"},
    {0x000006BD, "RPC_S_NO_CALL_ACTIVE"},
    {0x000006D1, "RPC_S_PROCNUM_OUT_OF_RANGE"},
    {0x000006D8, "EPT_S_CANT_PERFORM_OP"},
    {0x000006F7, "RPC_X_BAD_STUB_DATA"},
    {0x00000721, "RPC_S_SEC_PKG_ERROR"},
    {0x1C000001, "nca_s_fault_int_div_by_zero"},
    {0x1C000002, "nca_s_fault_addr_error"},
    {0x1C000006, "nca_s_fault_invalid_tag"},
    {0x1C000007, "nca_s_fault_invalid_bound"},
    {0x1C000008, "nca_s_rpc_version_mismatch"},
    {0x1C000009, "nca_s_unspec_reject"},
    {0x1C00000D, "nca_s_fault_cancel"},
    {0x1C000012, "nca_s_fault_unspec"},
    {0x1C00001A, "nca_s_fault_context_mismatch"},
    {0x1C00001B, "nca_s_fault_remote_no_memory"},
    {0x1C00001C, "nca_s_invalid_pres_context_id"},
    {0x1C00001D, "nca_s_unsupported_authn_level"},
    {0x1C00001F, "nca_s_invalid_checksum"},
    {0x1C010001, "nca_s_comm_failure"},
    {0x1C010002, "nca_s_op_rng_error"},
    {0x1C010003, "nca_s_unk_if"},
    {0x1C010006, "nca_s_wrong_boot_time"},
    {0x1C010009, "nca_s_you_crashed"},
    {0x1C01000B, "nca_s_proto_error"},
    {0x1C010013, "nca_s_out_args_too_big"},
    {0x1C010014, "nca_s_server_too_busy"},
    {0x1C010017, "nca_s_unsupported_type"},
    {0xC0000005, "STATUS_ACCESS_VIOLATION"},
    {0xC0000022, "STATUS_ACCESS_DENIED"},
}};
static_assert(std::ranges::is_sorted(kNames, {}, &std::pair<std::uint32_t, std::string_view>::first));

}  // namespace

std::string_view FaultStatusName(std::uint32_t status) {
  const auto found = std::ranges::lower_bound(kNames, status, {}, &std::pair<std::uint32_t, std::string_view>::first);
  return found != kNames.end() && found->first == status ? found->second : std::string_view();
}

}  // namespace sessenum
