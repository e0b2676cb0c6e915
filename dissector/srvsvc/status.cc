#include "srvsvc/status.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sessenum {
namespace {

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 28> kNames = {{
    {0x00000000, "NERR_Success"},
    {0x00000001, "ERROR_INVALID_FUNCTION"},
    {0x00000005, "ERROR_ACCESS_DENIED"},
    {0x00000008, "ERROR_NOT_ENOUGH_MEMORY"},
    {0x00000032, "ERROR_NOT_SUPPORTED"},
    {0x00000035, "ERROR_BAD_NETPATH"},
    {0x00000040, "ERROR_NETNAME_DELETED"},
    {0x00000041, "ERROR_NETWORK_ACCESS_DENIED"},
    {0x00000057, "ERROR_INVALID_PARAMETER"},
    {0x00000078, "ERROR_CALL_NOT_IMPLEMENTED"},
    {0x0000007A, "ERROR_INSUFFICIENT_BUFFER"},
    {0x0000007B, "ERROR_INVALID_NAME"},
    {0x0000007C, "ERROR_INVALID_LEVEL"},
    {0x000000EA, "ERROR_MORE_DATA"},
    {0x000006BA, "RPC_S_SERVER_UNAVAILABLE"},
    {0x000006D1, "RPC_S_PROCNUM_OUT_OF_RANGE"},
    {0x000006F7, "RPC_X_BAD_STUB_DATA"},
    {0x00000842, "NERR_ServerNotStarted"},
    {0x0000084B, "NERR_BufTooSmall"},
    {0x00000858, "NERR_NetworkError"},
    {0x0000085C, "NERR_InternalError"},
    {0x0000085E, "NERR_InvalidAPI"},
    {0x000008AD, "NERR_UserNotFound"},
    {0x00000908, "NERR_ClientNameNotFound"},
    {0x0000092F, "NERR_InvalidComputer"},
    {0x80070005, "E_ACCESSDENIED"},
    {0xC0000022, "STATUS_ACCESS_DENIED"},
    {0xC00000BB, "STATUS_NOT_SUPPORTED"},
}};
static_assert(std::ranges::is_sorted(kNames, {}, &std::pair<std::uint32_t, std::string_view>::first));

}  // namespace

std::string_view NetApiStatusName(std::uint32_t status) {
  const auto found = std::ranges::lower_bound(kNames, status, {}, &std::pair<std::uint32_t, std::string_view>::first);
  return found != kNames.end() && found->first == status ? found->second : std::string_view();
}

std::string NetApiStatusText(std::uint32_t status) {
  const std::string_view name = NetApiStatusName(status);
  if (!name.empty()) return std::string(name);
  std::string hex = "0x00000000";
  for (std::size_t at = hex.size() - 1; at > 1; --at, status >>= 4U) hex[at] = "0123456789ABCDEF"[status & 0xFU];
  return hex;
}

}  // namespace sessenum
