// `sessenum --version`.
#ifndef SESSENUM_TOOLS_SESSENUM_VERSION_H_
#define SESSENUM_TOOLS_SESSENUM_VERSION_H_

#include <string>
#include <string_view>

namespace sessenum::tool {

// The commit that was built, with "-dirty" where files differed from it; empty where it is not known.
[[nodiscard]] std::string_view Commit();

// "sessenum 0.1.0", then a line for whatever a report of an error should name.
[[nodiscard]] std::string VersionText();

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_VERSION_H_
