#include "version.h"

#include "capture/libraries.h"
#include "smb/crypto_library.h"

namespace sessenum::tool {

std::string VersionText() {
  std::string text = "sessenum " SESSENUM_VERSION;
  const auto add = [&text](std::string_view name, std::string_view value) {
    text.append("\n").append(name).append(": ").append(value);
  };
  if (!Commit().empty()) add("commit", Commit());
  add("compiler", SESSENUM_COMPILER);
  const CaptureLibraries libraries = LoadedCaptureLibraries();
  add("libpcap", libraries.libpcap);
  const std::string_view openssl = CryptoLibraryVersion();
  add("openssl", openssl.empty() ? "none: what is encrypted stays so" : openssl);
  add("zlib", libraries.zlib);
  add("zstd", libraries.zstd);
  return text;
}

}  // namespace sessenum::tool
