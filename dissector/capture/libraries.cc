#include "capture/libraries.h"

#include <pcap/pcap.h>
#include <zlib.h>
#include <zstd.h>

#include <string_view>

namespace sessenum {
namespace {

// "1.10.3" of "libpcap version 1.10.3 (with TPACKET_V3)".
std::string_view VersionIn(std::string_view text) {
  constexpr std::string_view kBefore = "version ";
  const std::size_t at = text.find(kBefore);
  if (at == std::string_view::npos) return text;
  text.remove_prefix(at + kBefore.size());
  return text.substr(0, text.find(' '));
}

}  // namespace

CaptureLibraries LoadedCaptureLibraries() {
  return {std::string(VersionIn(pcap_lib_version())), zlibVersion(), ZSTD_versionString()};
}

}  // namespace sessenum
