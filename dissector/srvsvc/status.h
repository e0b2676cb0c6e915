// Names of the codes that NetrSessionEnum returns.
#ifndef SESSENUM_SRVSVC_STATUS_H_
#define SESSENUM_SRVSVC_STATUS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sessenum {

inline constexpr std::uint32_t kNerrSuccess = 0;
inline constexpr std::uint32_t kErrorAccessDenied = 0x5;
inline constexpr std::uint32_t kErrorNotEnoughMemory = 0x8;
inline constexpr std::uint32_t kErrorNotSupported = 0x32;
inline constexpr std::uint32_t kErrorInvalidParameter = 0x57;
inline constexpr std::uint32_t kErrorInvalidLevel = 0x7C;
inline constexpr std::uint32_t kErrorMoreData = 0xEA;
inline constexpr std::uint32_t kNerrServerNotStarted = 0x842;
inline constexpr std::uint32_t kNerrUserNotFound = 0x8AD;
inline constexpr std::uint32_t kNerrClientNameNotFound = 0x908;
inline constexpr std::uint32_t kNerrInvalidComputer = 0x92F;

// The name of a NET_API_STATUS (MS-ERREF 2.2, MS-SRVS 3.1.4.5), or an empty view where it is none that is known.
[[nodiscard]] std::string_view NetApiStatusName(std::uint32_t status);

// Its name, or "0x000000EA" where it has none.
[[nodiscard]] std::string NetApiStatusText(std::uint32_t status);

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_STATUS_H_
