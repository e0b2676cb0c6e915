#include "output_stream.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/terminal.h"

namespace sessenum::tool {
namespace {

bool WantsColor(Color color, std::FILE* file) {
  if (color != Color::kAuto) return color == Color::kAlways;
  const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org
  if (no_color != nullptr && *no_color != '\0') return false;
  return isatty(fileno(file)) != 0;
}

// Whether both name one regular file. Standard input and output ("-") are none.
bool IsSameFile(const std::string& a, const std::string& b) {
  struct stat first {};
  struct stat second {};
  if (a == "-" || b == "-" || stat(a.c_str(), &first) != 0 || stat(b.c_str(), &second) != 0) return false;
  return S_ISREG(first.st_mode) && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool IsRegularFile(std::FILE* file) {
  struct stat status {};
  return fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

void PrintError(std::string_view message) {
  const std::string line = "sessenum: " + Printable(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::unique_ptr<OutputStream> OutputStream::Open(const OutputOptions& options, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (!IsSameFile(options.output, input)) continue;
    PrintError(options.output + ": is an input too, and would be overwritten");
    return nullptr;
  }
  auto stream = std::make_unique<OutputStream>();
  stream->name_ = options.output == "-" ? "standard output" : options.output;
  stream->file_.reset(options.output == "-" ? stdout : std::fopen(options.output.c_str(), "wb"));
  if (stream->file_ == nullptr) {
    PrintError(stream->name_ + ": " + std::strerror(errno));
    return nullptr;
  }
  stream->color_ = WantsColor(options.color, stream->file_.get());
  stream->flushes_ = !IsRegularFile(stream->file_.get()) || std::ranges::find(inputs, "-") != inputs.end();
  return stream;
}

bool OutputStream::Write(std::string_view text) {
  if (error_ != 0) return false;
  const bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size();
  if (!written || (flushes_ && std::fflush(file_.get()) != 0)) error_ = errno;
  return error_ == 0;
}

bool OutputStream::Close() {
  if (error_ == 0 && std::fflush(file_.get()) != 0) error_ = errno;
  // A reader that has seen enough (`| head`) is no failure of ours.
  const bool failed = error_ != 0 && error_ != EPIPE;
  if (failed) PrintError(name_ + ": " + std::strerror(error_));
  return !failed;
}

}  // namespace sessenum::tool
