// Folders for what goes to several files.
#ifndef SESSENUM_TOOLS_SESSENUM_FOLDER_H_
#define SESSENUM_TOOLS_SESSENUM_FOLDER_H_

#include <string>

namespace sessenum::tool {

// False, after an error was printed, where there is no such folder and none can be made.
[[nodiscard]] bool MakeFolder(const std::string& path);

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_FOLDER_H_
