// main() of a fuzz target outside a fuzzing engine: runs the target once over each file named, and over each file below
// each directory named. So the targets are built and their corpus is replayed in every ordinary build.
//
// Files are read through C alone: MSan knows what the C library writes, and not what the C++ library does.
#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

// libc++ keeps std::string's code in its shared object, where MSan does not see it write. The program's own is taken
// first.
#if defined(__has_feature) && defined(_LIBCPP_VERSION)
#if __has_feature(memory_sanitizer)
template class std::basic_string<char>;
#endif
#endif

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// A target may bring the first of these; an engine brings the second, which a target's own mutator may call.
__attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
__attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
}

std::size_t LLVMFuzzerMutate(std::uint8_t* /*data*/, std::size_t size, std::size_t /*max_size*/) { return size; }

namespace {

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;
struct CloseFolder {
  void operator()(DIR* folder) const { static_cast<void>(closedir(folder)); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

// The type of a file; 0 where it cannot be looked at.
unsigned ModeOf(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 ? found.st_mode : 0;
}

bool AddInputs(const std::string& path, std::vector<std::string>& inputs) {
  const unsigned mode = ModeOf(path);
  if (S_ISREG(mode)) {
    inputs.push_back(path);
    return true;
  }
  const Folder folder(opendir(path.c_str()));
  if (!folder) {
    std::perror(path.c_str());
    return false;
  }
  bool all_read = true;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") all_read &= AddInputs(path + "/" + name, inputs);
  }
  return all_read;
}

bool RunOne(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  std::vector<std::uint8_t> content;
  std::array<std::uint8_t, 4096> block;
  std::size_t count = 0;
  while (file && (count = std::fread(block.data(), 1, block.size(), file.get())) > 0)
    content.insert(content.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
  if (!file || std::ferror(file.get()) != 0) {
    std::perror(path.c_str());
    return false;
  }
  // A block of just this size: a sanitizer sees a read of one byte past it.
  const std::vector<std::uint8_t> data(content.begin(), content.end());
  std::fprintf(stderr, "%s\n", path.c_str());  // the last line before a crash names its input
  LLVMFuzzerTestOneInput(data.data(), data.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  bool all_read = true;
  std::vector<std::string> inputs;
  for (const char* path : std::span(argv, static_cast<std::size_t>(argc)).subspan(1))
    all_read &= AddInputs(path, inputs);
  std::sort(inputs.begin(), inputs.end());
  for (const std::string& input : inputs) all_read &= RunOne(input);
  std::fprintf(stderr, "%zu inputs\n", inputs.size());
  return all_read && !inputs.empty() ? 0 : 1;
}
