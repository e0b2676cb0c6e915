// Standard output or a file, as the user chose.
#ifndef SESSENUM_TOOLS_SESSENUM_OUTPUT_STREAM_H_
#define SESSENUM_TOOLS_SESSENUM_OUTPUT_STREAM_H_

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "output_options.h"

namespace sessenum::tool {

// Prints "sessenum: <message>" to standard error. Control characters are escaped: file names may hold any.
void PrintError(std::string_view message);

class OutputStream {
 public:
  // Opens what `options` name; nullptr, after an error was printed, where that cannot be done, or where it would
  // overwrite one of `inputs`. Where one of them is standard input ("-"), a capture may be live, and somebody waits.
  [[nodiscard]] static std::unique_ptr<OutputStream> Open(const OutputOptions& options,
                                                          const std::vector<std::string>& inputs);

  [[nodiscard]] bool color() const { return color_; }
  // Writes `text`, at once where somebody may be waiting for it (a terminal, a pipe, a live capture). False once
  // writing has failed.
  bool Write(std::string_view text);
  // Writes what is buffered. False, after an error was printed, where not everything could be written.
  [[nodiscard]] bool Close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const {
      if (file != stdout) std::fclose(file);
    }
  };

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string name_;
  bool color_ = false;
  bool flushes_ = false;
  int error_ = 0;  // errno of the first failure
};

}  // namespace sessenum::tool

#endif  // SESSENUM_TOOLS_SESSENUM_OUTPUT_STREAM_H_
