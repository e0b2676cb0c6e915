// The libraries that read captures.
#ifndef SESSENUM_CAPTURE_LIBRARIES_H_
#define SESSENUM_CAPTURE_LIBRARIES_H_

#include <string>

namespace sessenum {

// The versions that run, which need not be those that the build saw: "1.10.3".
struct CaptureLibraries {
  std::string libpcap;
  std::string zlib;
  std::string zstd;
};

[[nodiscard]] CaptureLibraries LoadedCaptureLibraries();

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_LIBRARIES_H_
