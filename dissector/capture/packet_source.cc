#include "capture/packet_source.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <limits>
#include <string>

namespace sessenum {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / 2 / kNanosecondsPerSecond;

bool IsRead(LinkType link) {
  switch (link) {
    case LinkType::kNull:
    case LinkType::kEthernet:
    case LinkType::kPpp:
    case LinkType::kRaw:
    case LinkType::kLoop:
    case LinkType::kLinuxSll:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
    case LinkType::kLinuxSll2:
      return true;
    case LinkType::kIeee80211:
    case LinkType::kIeee80211Radio:
      return false;
  }
  return false;
}

}  // namespace

std::int64_t CaptureTime(std::int64_t seconds, std::int64_t nanoseconds) {
  return std::clamp<std::int64_t>(seconds, 0, kLastSecond) * kNanosecondsPerSecond +
         std::clamp<std::int64_t>(nanoseconds, 0, kNanosecondsPerSecond - 1);
}

CaptureError CheckLink(LinkType link) {
  if (IsRead(link)) return "";
  const auto number = static_cast<int>(link);
  const char* name = pcap_datalink_val_to_name(number);
  return "link type " + std::to_string(number) + (name != nullptr ? std::string(" (") + name + ")" : "") +
         " is not read";
}

}  // namespace sessenum
