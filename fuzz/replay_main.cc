// main() of a fuzz target outside a fuzzing engine: runs the target once over each file named, and over each file below
// each directory named. So the targets are built and their corpus is replayed in every ordinary build.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <system_error>
#include <vector>

extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// A target may bring the first of these; an engine brings the second, which a target's own mutator may call.
__attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);
__attribute__((weak)) std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
}

std::size_t LLVMFuzzerMutate(std::uint8_t* /*data*/, std::size_t size, std::size_t /*max_size*/) { return size; }

namespace {

namespace fs = std::filesystem;

bool AddInputs(const fs::path& path, std::vector<fs::path>& inputs) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) {
    inputs.push_back(path);
    return true;
  }
  fs::recursive_directory_iterator entry(path, error);
  while (!error && entry != fs::recursive_directory_iterator()) {
    if (entry->is_regular_file(error)) inputs.push_back(entry->path());
    entry.increment(error);
  }
  if (error) std::fprintf(stderr, "%s: %s\n", path.c_str(), error.message().c_str());
  return !error;
}

bool RunOne(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
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
  std::vector<fs::path> inputs;
  for (const char* path : std::span(argv, static_cast<std::size_t>(argc)).subspan(1))
    all_read &= AddInputs(path, inputs);
  std::sort(inputs.begin(), inputs.end());
  for (const fs::path& input : inputs) all_read &= RunOne(input);
  std::fprintf(stderr, "%zu inputs\n", inputs.size());
  return all_read && !inputs.empty() ? 0 : 1;
}
