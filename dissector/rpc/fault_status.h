// Names of the status in a fault PDU.
#ifndef SESSENUM_RPC_FAULT_STATUS_H_
#define SESSENUM_RPC_FAULT_STATUS_H_

#include <cstdint>
#include <string_view>

namespace sessenum {

// The name of a fault's status (C706 appendix N, MS-RPCE 3.1.1.5.5), or an empty view where it is none that is known.
[[nodiscard]] std::string_view FaultStatusName(std::uint32_t status);

}  // namespace sessenum

#endif  // SESSENUM_RPC_FAULT_STATUS_H_
