// The bytes of a capture: from a file or standard input, unpacked.
#ifndef SESSENUM_CAPTURE_INPUT_H_
#define SESSENUM_CAPTURE_INPUT_H_

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace sessenum {

// Why a capture could not be read, or not to its end: one line for a person, without the file's name. Empty: no error.
using CaptureError = std::string;

// A stream of plain capture bytes. gzip and zstd are known by their first bytes, whatever the name, and unpacked as
// they are read; packed bytes that unpack to more than a thousandfold are refused: no capture packs so well, a bomb
// does.
class Input {
 public:
  // Opens `path`; "-" is standard input. nullptr where that fails: `error` says why.
  [[nodiscard]] static std::unique_ptr<Input> Open(const std::string& path, CaptureError& error);
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input();

  // Owned by the input, and at the first plain byte.
  [[nodiscard]] std::FILE* file() const { return file_.get(); }
  // Gives up the stream to somebody who closes it; that must be before the input ends.
  [[nodiscard]] std::FILE* Release() { return file_.release(); }
  // The first plain bytes, zero where there are fewer.
  [[nodiscard]] const std::array<std::uint8_t, 4>& magic() const { return magic_; }
  // What went wrong below the plain bytes; it explains a stream that ended early.
  [[nodiscard]] CaptureError error() const;

 private:
  class Source;
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Input();
  // Has `file` read in large parts. To be called before its first byte is.
  void Enlarge(std::FILE* file);

  std::unique_ptr<Source> source_;
  std::vector<char> buffer_;  // of the stream
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::array<std::uint8_t, 4> magic_{};
};

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_INPUT_H_
