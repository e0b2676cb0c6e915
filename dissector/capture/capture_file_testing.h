// Writes capture files for tests, lawful or not.
#ifndef SESSENUM_CAPTURE_CAPTURE_FILE_TESTING_H_
#define SESSENUM_CAPTURE_CAPTURE_FILE_TESTING_H_

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_writer.h"

namespace sessenum {

using FileBytes = std::vector<std::uint8_t>;

// A file in the folder for temporary ones, gone when this goes.
class TemporaryFile {
 public:
  explicit TemporaryFile(const FileBytes& bytes) {
    std::string path = "/tmp/sessenum_test_XXXXXX";
    const int descriptor = mkstemp(path.data());
    path_ = std::move(path);
    std::FILE* file = fdopen(descriptor, "wb");
    if (!bytes.empty()) std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline constexpr std::uint32_t kMicrosecondMagic = 0xA1B2C3D4;
inline constexpr std::uint32_t kNanosecondMagic = 0xA1B23C4D;

// A pcap file (draft-ietf-opsawg-pcap).
class PcapFile {
 public:
  explicit PcapFile(std::uint32_t link = 1, ByteOrder order = ByteOrder::kLittle,
                    std::uint32_t magic = kMicrosecondMagic)
      : out_(bytes, order) {
    out_.Write(magic);
    out_.Write(std::uint16_t{2});
    out_.Write(std::uint16_t{4});
    out_.WriteFill(8);
    out_.Write(std::uint32_t{65'535});
    out_.Write(link);
  }
  PcapFile(const PcapFile&) = delete;
  PcapFile& operator=(const PcapFile&) = delete;

  // `fraction` in the units of the file; `original` 0: the packet is whole.
  PcapFile& Add(std::uint32_t seconds, std::uint32_t fraction, const FileBytes& packet, std::uint32_t original = 0) {
    out_.Write(seconds);
    out_.Write(fraction);
    out_.Write(static_cast<std::uint32_t>(packet.size()));
    out_.Write(original == 0 ? static_cast<std::uint32_t>(packet.size()) : original);
    out_.WriteBytes(packet);
    return *this;
  }

  FileBytes bytes;

 private:
  ByteWriter out_;
};

// A pcapng file (draft-ietf-opsawg-pcapng).
class PcapngFile {
 public:
  explicit PcapngFile(ByteOrder order = ByteOrder::kLittle) : order_(order) { AddSection(); }

  PcapngFile& AddSection() {
    return Block(0x0A0D0D0A, [](ByteWriter& out) {
      out.Write(std::uint32_t{0x1A2B3C4D});
      out.Write(std::uint16_t{1});
      out.Write(std::uint16_t{0});
      out.Write(UINT64_MAX);
    });
  }
  // `options` as they stand in the file.
  PcapngFile& AddInterface(std::uint16_t link = 1, const FileBytes& options = {}, std::uint32_t snaplen = 0) {
    return Block(1, [&](ByteWriter& out) {
      out.Write(link);
      out.Write(std::uint16_t{0});
      out.Write(snaplen);
      out.WriteBytes(options);
    });
  }
  PcapngFile& AddPacket(std::uint32_t interface, std::uint64_t ticks, const FileBytes& packet,
                        std::uint32_t original = 0) {
    return Block(6, [&](ByteWriter& out) {
      out.Write(interface);
      out.Write(static_cast<std::uint32_t>(ticks >> 32U));
      out.Write(static_cast<std::uint32_t>(ticks));
      out.Write(static_cast<std::uint32_t>(packet.size()));
      out.Write(original == 0 ? static_cast<std::uint32_t>(packet.size()) : original);
      out.WriteBytes(packet);
    });
  }
  PcapngFile& AddSimplePacket(std::uint32_t original, const FileBytes& packet) {
    return Block(3, [&](ByteWriter& out) {
      out.Write(original);
      out.WriteBytes(packet);
    });
  }
  template <typename Write>
  PcapngFile& Block(std::uint32_t type, const Write& write) {
    FileBytes body;
    ByteWriter body_out(body, order_);
    write(body_out);
    body.resize((body.size() + 3) / 4 * 4);
    ByteWriter out(bytes, order_);
    const auto length = static_cast<std::uint32_t>(body.size() + 12);
    out.Write(type);
    out.Write(length);
    out.WriteBytes(body);
    out.Write(length);
    return *this;
  }

  FileBytes bytes;

 private:
  ByteOrder order_;
};

}  // namespace sessenum

#endif  // SESSENUM_CAPTURE_CAPTURE_FILE_TESTING_H_
