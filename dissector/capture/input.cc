#include "capture/input.h"

#include <stdio_ext.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "capture/unpacker.h"

namespace sessenum {
namespace {

// stdio's default buffer costs a system call for each 4 KiB. Twice this took longer again.
constexpr std::size_t kFileBuffer = 1U << 16U;
constexpr std::size_t kMagicSize = 4;
constexpr std::size_t kPackedBuffer = 1U << 16U;
// Unpacked bytes for each packed one, and what may come before that counts.
constexpr std::uint64_t kMostGain = 1000;
constexpr std::uint64_t kFreeGain = 64U << 20U;

constexpr const char* kEmpty = "the file is empty";

// What is wrong with `path` before it is opened.
CaptureError CheckFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "is a directory";
  return S_ISREG(status.st_mode) && status.st_size == 0 ? kEmpty : "";
}

// As read(2): what is there, without waiting for more. A live capture may send its next bytes tomorrow.
ssize_t ReadSome(int descriptor, std::span<std::uint8_t> to) {
  for (;;) {
    const ssize_t got = read(descriptor, to.data(), to.size());
    if (got >= 0 || errno != EINTR) return got;
  }
}

// The first bytes of what `descriptor` gives, all that fit `to` unless it ends before.
Bytes ReadStart(int descriptor, std::span<std::uint8_t> to) {
  std::size_t size = 0;
  while (size < to.size()) {
    const ssize_t got = ReadSome(descriptor, to.subspan(size));
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  return Bytes(to).first(size);
}

}  // namespace

// What stands behind the stream: the file's bytes, as they are or unpacked. Used through stdio, so that libpcap can
// read from it.
class Input::Source {
 public:
  // Takes over `file`. `start` was read from its descriptor already; it tells how what follows is packed.
  Source(std::FILE* file, bool is_stdin, Bytes start) : file_(file), is_stdin_(is_stdin), held_(start.size()) {
    std::ranges::copy(start, buffer_.begin());
    packed_total_ = start.size();
    unpacker_ = MakeUnpacker(start);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (!is_stdin_) std::fclose(file_);
  }

  // The first plain bytes, which will be given again.
  [[nodiscard]] Bytes Peek() {
    while (first_size_ < first_.size()) {
      const ssize_t got = ReadOn(std::span(first_).subspan(first_size_));
      if (got <= 0) break;
      first_size_ += static_cast<std::size_t>(got);
    }
    return Bytes(first_).first(first_size_);
  }

  // Gives up to `size` bytes; 0 at the end, -1 after an error.
  ssize_t Read(char* to, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): stdio's bytes are char
    const std::span<std::uint8_t> plain(reinterpret_cast<std::uint8_t*>(to), size);
    if (first_given_ == first_size_) return ReadOn(plain);
    const std::size_t count = std::min(size, first_size_ - first_given_);
    std::ranges::copy(Bytes(first_).subspan(first_given_, count), plain.begin());
    first_given_ += count;
    return static_cast<ssize_t>(count);
  }

  [[nodiscard]] const CaptureError& error() const { return error_; }

  static ssize_t ReadCookie(void* source, char* to, std::size_t size) {
    return static_cast<Source*>(source)->Read(to, size);
  }

 private:
  ssize_t ReadOn(std::span<std::uint8_t> plain) {
    return unpacker_ == nullptr ? ReadPlain(plain) : ReadUnpacked(plain);
  }

  [[nodiscard]] Bytes Held() const { return Bytes(buffer_).subspan(at_, held_); }

  // Reads on once everything held is used. False at the end of the file.
  bool Refill() {
    if (held_ > 0) return true;
    at_ = 0;
    const ssize_t got = ReadSome(fileno(file_), buffer_);
    if (got < 0) error_ = std::strerror(errno);
    held_ = got < 0 ? 0 : static_cast<std::size_t>(got);
    packed_total_ += held_;
    return held_ > 0;
  }

  ssize_t ReadPlain(std::span<std::uint8_t> plain) {
    if (!Refill()) return error_.empty() ? 0 : -1;
    const std::size_t count = std::min(plain.size(), held_);
    std::copy_n(Held().begin(), count, plain.begin());
    Use(count);
    return static_cast<ssize_t>(count);
  }

  ssize_t ReadUnpacked(std::span<std::uint8_t> plain) {
    while (Refill()) {
      const Unpacker::Step step = unpacker_->Unpack(Held(), plain);
      Use(step.used);
      plain_total_ += step.given;
      if (step.failed) return Fail("the packed bytes are damaged");
      if (plain_total_ > kFreeGain + kMostGain * packed_total_) return Fail("unpacks to more than any capture does");
      if (step.given > 0) return static_cast<ssize_t>(step.given);
    }
    if (!error_.empty()) return -1;
    return unpacker_->complete() ? 0 : Fail("the packed bytes end too early");
  }

  ssize_t Fail(std::string_view why) {
    error_ = std::string(unpacker_->name()).append(": ").append(why);
    errno = EIO;
    return -1;
  }

  void Use(std::size_t count) {
    at_ += count;
    held_ -= count;
  }

  std::FILE* file_;
  bool is_stdin_;
  std::unique_ptr<Unpacker> unpacker_;
  std::array<std::uint8_t, kPackedBuffer> buffer_{};
  std::size_t at_ = 0;
  std::size_t held_;
  std::uint64_t packed_total_ = 0;
  std::uint64_t plain_total_ = 0;
  std::array<std::uint8_t, kMagicSize> first_{};
  std::size_t first_size_ = 0;
  std::size_t first_given_ = 0;
  CaptureError error_;
};

Input::Input() = default;
Input::~Input() = default;

std::unique_ptr<Input> Input::Open(const std::string& path, CaptureError& error) {
  const bool is_stdin = path == "-";
  error = is_stdin ? "" : CheckFile(path);
  if (!error.empty()) return nullptr;
  std::FILE* raw = is_stdin ? stdin : std::fopen(path.c_str(), "rb");
  if (raw == nullptr) {
    error = std::strerror(errno);
    return nullptr;
  }
  // Standard input is read past stdio, which must therefore keep nothing of it.
  if (is_stdin) std::setvbuf(raw, nullptr, _IONBF, 0);
  // One thread alone reads a capture, and libpcap reads twice a packet.
  __fsetlocking(raw, FSETLOCKING_BYCALLER);
  std::unique_ptr<Input> input(new Input());
  std::array<std::uint8_t, kMagicSize> start{};
  const Bytes read = ReadStart(fileno(raw), start);
  if (read.empty()) {
    error = kEmpty;
    if (!is_stdin) std::fclose(raw);
    return nullptr;
  }
  // A plain file is read without a copy in between.
  if (!is_stdin && MakeUnpacker(read) == nullptr && lseek(fileno(raw), 0, SEEK_SET) == 0) {
    input->Enlarge(raw);
    input->file_.reset(raw);
    input->magic_ = start;
    return input;
  }
  input->source_ = std::make_unique<Source>(raw, is_stdin, read);
  std::ranges::copy(input->source_->Peek(), input->magic_.begin());
  input->file_.reset(fopencookie(input->source_.get(), "rb", {Source::ReadCookie, nullptr, nullptr, nullptr}));
  if (input->file_ == nullptr) {
    error = std::strerror(errno);
    return nullptr;
  }
  input->Enlarge(input->file_.get());
  return input;
}

// A size without a buffer says nothing to glibc.
void Input::Enlarge(std::FILE* file) {
  buffer_.resize(kFileBuffer);
  std::setvbuf(file, buffer_.data(), _IOFBF, buffer_.size());
}

CaptureError Input::error() const { return source_ == nullptr ? "" : source_->error(); }

}  // namespace sessenum
