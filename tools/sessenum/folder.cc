#include "folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "output_stream.h"

namespace sessenum::tool {

bool MakeFolder(const std::string& path) {
  struct stat status {};
  if (mkdir(path.c_str(), 0777) == 0 || (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))) return true;
  PrintError(path + ": " + std::strerror(errno == EEXIST ? ENOTDIR : errno));
  return false;
}

}  // namespace sessenum::tool
