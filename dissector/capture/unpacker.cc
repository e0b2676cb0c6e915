#include "capture/unpacker.h"

// Before zlib.h: its input is const.
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>

namespace sessenum {
namespace {

constexpr std::array<std::uint8_t, 2> kGzipMagic = {0x1F, 0x8B};
constexpr std::array<std::uint8_t, 4> kZstdMagic = {0x28, 0xB5, 0x2F, 0xFD};
// 16: a gzip header is expected; 15: the largest window.
constexpr int kGzipWindow = 16 + 15;

unsigned ClampToUnsigned(std::size_t size) {
  return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() { ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  Step Unpack(Bytes packed, std::span<std::uint8_t> plain) override {
    if (ended_ && packed.front() == 0) return {CountZeros(packed), 0, false};
    if (!ready_ || (ended_ && inflateReset(&stream_) != Z_OK)) return {0, 0, true};
    stream_.next_in = packed.data();
    stream_.avail_in = ClampToUnsigned(packed.size());
    stream_.next_out = plain.data();
    stream_.avail_out = ClampToUnsigned(plain.size());
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    ended_ = outcome == Z_STREAM_END;
    const bool failed = outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR;
    return {packed.size() - stream_.avail_in, plain.size() - stream_.avail_out, failed};
  }
  [[nodiscard]] bool complete() const override { return ended_; }
  [[nodiscard]] std::string_view name() const override { return "gzip"; }

 private:
  // Tapes and block devices pad the last member with zeros (gzip.org, "trailing zeros").
  static std::size_t CountZeros(Bytes packed) {
    const auto other = std::ranges::find_if(packed, [](std::uint8_t byte) { return byte != 0; });
    return static_cast<std::size_t>(other - packed.begin());
  }

  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : stream_(ZSTD_createDStream()) {}

  Step Unpack(Bytes packed, std::span<std::uint8_t> plain) override {
    if (stream_ == nullptr) return {0, 0, true};
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer out{plain.data(), plain.size(), 0};
    const std::size_t outcome = ZSTD_decompressStream(stream_.get(), &out, &in);
    complete_ = outcome == 0;
    return {in.pos, out.pos, ZSTD_isError(outcome) != 0};
  }
  [[nodiscard]] bool complete() const override { return complete_; }
  [[nodiscard]] std::string_view name() const override { return "zstd"; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool complete_ = false;
};

template <std::size_t N>
bool StartsWith(Bytes bytes, const std::array<std::uint8_t, N>& magic) {
  return bytes.size() >= N && std::ranges::equal(bytes.first(N), magic);
}

}  // namespace

std::unique_ptr<Unpacker> MakeUnpacker(Bytes bytes) {
  if (StartsWith(bytes, kGzipMagic)) return std::make_unique<GzipUnpacker>();
  if (StartsWith(bytes, kZstdMagic)) return std::make_unique<ZstdUnpacker>();
  return nullptr;
}

}  // namespace sessenum
