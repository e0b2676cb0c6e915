// Property: any bytes are read as a capture or refused with one line that says why; frame numbers rise, and no packet
// has more bytes than it had on the wire; and the capture is the same when it is read again, packed by gzip or zstd,
// or, of pcap, in the other byte order.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_order.h"
#include "base/bytes.h"
#include "capture/capture_reader.h"
#include "fuzz/require.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;
using Octets = std::vector<std::uint8_t>;

// A file that lives in memory for as long as this does.
class MemoryFile {
 public:
  explicit MemoryFile(Bytes content) : descriptor_(memfd_create("capture", 0)) {
    const bool is_written = write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    Require(descriptor_ >= 0 && is_written, "a file can be made");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// All that reading a capture gave.
struct Read {
  bool opened = false;
  std::string error;
  Octets packets;  // each with its number, time, link type and lengths
  friend bool operator==(const Read&, const Read&) = default;
};

void Keep(std::uint64_t value, Octets& to) {
  std::uint8_t bytes[8];
  StoreInteger(value, ByteOrder::kLittle, bytes);
  to.insert(to.end(), bytes, bytes + 8);
}

// Of pcapng some blocks that are no packets have a number too; of all else packets are counted one by one.
Read ReadCapture(Bytes content, bool may_skip_numbers) {
  const MemoryFile file(content);
  Read read;
  const auto capture = OpenCapture(file.path(), read.error);
  read.opened = capture != nullptr;
  Require(read.opened == read.error.empty(), "a capture is opened, or it is said why not");
  if (!read.opened) return read;
  std::uint64_t frame = 7;
  read.error = capture->Read(frame, [&](const Packet& packet) {
    Require(may_skip_numbers ? packet.frame.number >= frame : packet.frame.number == frame, "frame numbers rise");
    frame = packet.frame.number + 1;
    Keep(packet.frame.number, read.packets);
    Require(packet.bytes.size() <= packet.original_length, "no packet is longer than it was");
    Keep(static_cast<std::uint64_t>(packet.frame.time_ns), read.packets);
    Keep(static_cast<std::uint64_t>(packet.link), read.packets);
    Keep(packet.original_length, read.packets);
    Keep(packet.bytes.size(), read.packets);
    read.packets.insert(read.packets.end(), packet.bytes.begin(), packet.bytes.end());
    return true;
  });
  Require(read.error.find('\n') == std::string::npos, "an error is one line");
  return read;
}

template <typename T>
void Append(T value, Octets& to) {
  std::uint8_t bytes[sizeof(T)];
  StoreInteger(value, ByteOrder::kLittle, bytes);
  to.insert(to.end(), bytes, bytes + sizeof(T));
}

std::uint32_t Crc32(Bytes bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// RFC 1952 around blocks that are stored as they are (RFC 1951 3.2.4).
Octets InGzip(Bytes content) {
  constexpr std::size_t kBlock = 0xFFFF;
  Octets packed = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255};
  Bytes rest = content;
  do {
    const Bytes block = rest.first(std::min(rest.size(), kBlock));
    rest = rest.subspan(block.size());
    packed.push_back(rest.empty() ? 1 : 0);
    const auto size = static_cast<std::uint16_t>(block.size());
    Append(size, packed);
    Append(static_cast<std::uint16_t>(~size), packed);
    packed.insert(packed.end(), block.begin(), block.end());
  } while (!rest.empty());
  Append(Crc32(content), packed);
  Append(static_cast<std::uint32_t>(content.size()), packed);
  return packed;
}

// RFC 8878 3.1.1: a frame of raw blocks, with its size and without a checksum.
Octets InZstd(Bytes content) {
  constexpr std::size_t kBlock = 0xFFFF;
  Octets packed = {0x28, 0xB5, 0x2F, 0xFD, 0xA0};
  Append(static_cast<std::uint32_t>(content.size()), packed);
  Bytes rest = content;
  do {
    const Bytes block = rest.first(std::min(rest.size(), kBlock));
    rest = rest.subspan(block.size());
    const std::size_t header = (block.size() << 3U) | (rest.empty() ? 1U : 0U);
    for (unsigned i = 0; i < 3; ++i) packed.push_back(static_cast<std::uint8_t>(header >> (8 * i)));
    packed.insert(packed.end(), block.begin(), block.end());
  } while (!rest.empty());
  return packed;
}

std::uint32_t WordAt(Bytes content, std::size_t at, ByteOrder order) {
  return LoadInteger<std::uint32_t>(content.data() + at, order);
}

bool IsPacked(Bytes content) {
  const bool is_gzip = content.size() >= 2 && content[0] == 0x1F && content[1] == 0x8B;
  const std::uint32_t magic = content.size() >= 4 ? WordAt(content, 0, ByteOrder::kLittle) : 0;
  return is_gzip || magic == 0xFD2FB528 || (magic & 0xFFFFFFF0U) == 0x184D2A50;
}

// Whether a frame of LINKTYPE_LINUX_SLL or LINKTYPE_LINUX_SLL2 comes from a CAN bus: ETH_P_CAN or ETH_P_CANFD.
bool IsOfCanBus(std::uint32_t link, Bytes frame) {
  constexpr std::uint32_t kLinuxSll = 113;
  constexpr std::uint32_t kLinuxSll2 = 276;
  if (link != kLinuxSll && link != kLinuxSll2) return false;
  const std::size_t protocol_at = link == kLinuxSll ? 14 : 0;
  if (frame.size() < protocol_at + 2) return false;
  const auto protocol = LoadInteger<std::uint16_t>(frame.data() + protocol_at, ByteOrder::kBig);
  return protocol == 0x000C || protocol == 0x000D;
}

// The pcap file in the other byte order (its header and those of the records, as far as they go); empty where it is
// none, or of a version whose records libpcap reads in an order of their own (its lengths stood the other way round
// before 2.4), or has a fraction of a second that is none: libpcap takes one of its own byte order as signed, or a
// frame of a CAN bus, of which libpcap turns a field in the host's order.
Octets Turned(Bytes content) {
  constexpr std::size_t kFileHeader = 24;
  constexpr std::size_t kRecordHeader = 16;
  if (content.size() < kFileHeader) return {};
  ByteOrder order = ByteOrder::kLittle;
  const auto is_magic = [&] {
    const std::uint32_t magic = WordAt(content, 0, order);
    return magic == 0xA1B2C3D4 || magic == 0xA1B23C4D;
  };
  if (!is_magic()) order = ByteOrder::kBig;
  const auto half_at = [&](std::size_t at) { return LoadInteger<std::uint16_t>(content.data() + at, order); };
  if (!is_magic() || half_at(4) != 2 || half_at(6) != 4) return {};
  Octets turned(content.begin(), content.end());
  const auto turn = [&turned](std::size_t at, std::size_t size) {
    std::reverse(turned.begin() + static_cast<std::ptrdiff_t>(at),
                 turned.begin() + static_cast<std::ptrdiff_t>(at + size));
  };
  turn(0, 4);
  turn(4, 2);
  turn(6, 2);
  for (std::size_t at = 8; at < kFileHeader; at += 4) turn(at, 4);
  const std::uint32_t link = WordAt(content, 20, order) & 0xFFFFU;  // above it: the length of a checksum
  std::size_t at = kFileHeader;
  while (content.size() - at >= kRecordHeader) {
    const std::size_t captured = WordAt(content, at + 8, order);
    if (WordAt(content, at + 4, order) >= 1'000'000'000) return {};
    for (std::size_t field = 0; field < kRecordHeader; field += 4) turn(at + field, 4);
    at += kRecordHeader;
    if (captured > content.size() - at) break;
    if (IsOfCanBus(link, content.subspan(at, captured))) return {};
    at += captured;
  }
  return turned;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes content(data, size);
  constexpr std::uint32_t kPcapngMagic = 0x0A0D0D0A;
  const bool may_skip = IsPacked(content) || (size >= 4 && WordAt(content, 0, ByteOrder::kLittle) == kPcapngMagic);
  const Read read = ReadCapture(content, may_skip);
  Require(ReadCapture(content, may_skip) == read, "a capture is the same when it is read again");
  if (IsPacked(content)) return 0;
  if (const Octets turned = Turned(content); !turned.empty()) {
    const Read other = ReadCapture(turned, may_skip);
    Require(other.opened == read.opened && other.packets == read.packets && other.error.empty() == read.error.empty(),
            "a capture is the same in either byte order");
  }
  if (size == 0) return 0;
  for (const Octets& packed : {InGzip(content), InZstd(content)}) {
    const Read other = ReadCapture(packed, may_skip);
    Require(other.opened == read.opened && other.packets == read.packets && other.error.empty() == read.error.empty(),
            "a capture is the same when it is packed");
  }
  return 0;
}
