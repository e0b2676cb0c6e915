// pcapng (draft-ietf-opsawg-pcapng). libpcap reads it too, but refuses a file whose interfaces differ in link type.
#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "capture/packet_source.h"

namespace sessenum {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kPacket = 2;  // obsolete
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kSystemdJournal = 9;
constexpr std::uint32_t kCustom = 0x00000BAD;
constexpr std::uint32_t kCustomNoCopy = 0x40000BAD;

constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::size_t kBlockHeader = 8;
constexpr std::size_t kBlockOverhead = 12;  // type and length, and the length again at the end
// A block holds a packet of at most 256 KiB and its options; a length above this is damage.
constexpr std::uint32_t kLongestBlock = 16U << 20U;
// A section may announce interfaces without end.
constexpr std::size_t kMostInterfaces = 65'536;

constexpr std::uint16_t kOptionEnd = 0;
constexpr std::uint16_t kOptionTimeResolution = 9;
constexpr std::uint16_t kOptionTimeOffset = 14;
constexpr std::uint64_t kTicksOfNanoseconds = 1'000'000'000;
constexpr std::uint32_t kMostSeconds = 0xFFFFFFFF;

struct Interface {
  LinkType link = LinkType::kEthernet;
  std::uint32_t snaplen = 0;  // bytes; 0 is none
  std::uint64_t ticks_per_second = 1'000'000;
  std::int64_t offset_seconds = 0;
};

// if_tsresol: a power of ten, or of two with the high bit set. Units finer than 64 bits can tell are taken as
// nanoseconds.
std::uint64_t TicksPerSecond(std::uint8_t resolution) {
  const unsigned exponent = resolution & 0x7FU;
  if ((resolution & 0x80U) != 0) return exponent < 63 ? std::uint64_t{1} << exponent : kTicksOfNanoseconds;
  std::uint64_t ticks = 1;
  if (exponent > 18) return kTicksOfNanoseconds;
  for (unsigned i = 0; i < exponent; ++i) ticks *= 10;
  return ticks;
}

Status ReadInterfaceOptions(ByteReader& in, Interface& out) {
  while (in.remaining() >= 4) {
    std::uint16_t code = 0;
    std::uint16_t length = 0;
    Bytes value;
    SE_TRY(in.Read(code));
    SE_TRY(in.Read(length));
    if (code == kOptionEnd) return Ok();
    SE_TRY(in.ReadBytes(length, value));
    SE_TRY(in.Skip(std::min<std::size_t>((4U - length % 4U) % 4U, in.remaining())));
    if (code == kOptionTimeResolution && length == 1) out.ticks_per_second = TicksPerSecond(value[0]);
    if (code == kOptionTimeOffset && length == 8) {
      out.offset_seconds = static_cast<std::int64_t>(LoadInteger<std::uint64_t>(value.data(), in.order()));
    }
  }
  return Ok();
}

Status ReadInterface(ByteReader in, Interface& out) {
  std::uint16_t link = 0;
  SE_TRY(in.Read(link));
  SE_TRY(in.Skip(2));
  SE_TRY(in.Read(out.snaplen));
  out.link = static_cast<LinkType>(link);
  return ReadInterfaceOptions(in, out);
}

std::int64_t TimeOf(const Interface& interface, std::uint64_t ticks) {
  const std::uint64_t seconds = ticks / interface.ticks_per_second;
  const std::uint64_t rest = ticks % interface.ticks_per_second;
  // The product of two 64-bit numbers needs 128 bits; a resolution may be a power of two.
  const auto nanoseconds = static_cast<std::int64_t>(static_cast<unsigned __int128>(rest) * kTicksOfNanoseconds /
                                                     interface.ticks_per_second);
  // An offset of centuries is damage; the sum of what is left fits.
  const auto bounded = static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, kMostSeconds));
  const std::int64_t offset =
      std::clamp(interface.offset_seconds, -static_cast<std::int64_t>(kMostSeconds), std::int64_t{kMostSeconds});
  return CaptureTime(bounded + offset, nanoseconds);
}

class PcapngSource final : public PacketSource {
 public:
  explicit PcapngSource(std::unique_ptr<Input> input) : input_(std::move(input)) {}

  CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) override {
    frame_ = first_frame;
    CaptureError error;
    while (is_wanted_ && error.empty() && ReadBlock(error)) error = OnBlock(on_packet);
    if (!error.empty()) error = "after packet " + std::to_string(frame_ - first_frame) + ": " + error;
    return error.empty() ? refused_ : error;
  }

  // Reads the header of the first section, so that a file that is none is refused when it is opened.
  [[nodiscard]] CaptureError Start() {
    CaptureError error;
    if (!ReadBlock(error)) return error.empty() ? "the file is empty" : error;
    return OnBlock([](const Packet&) { return true; });
  }

 private:
  // Reads the next block into block_. False at the end of the file or after an error.
  bool ReadBlock(CaptureError& error) {
    std::array<std::uint8_t, kBlockHeader> header{};
    const std::size_t got = std::fread(header.data(), 1, header.size(), input_->file());
    if (got == 0 && std::ferror(input_->file()) == 0) return false;
    if (got < header.size()) return Fail("the file ends inside a block", error);
    type_ = LoadInteger<std::uint32_t>(header.data(), order_);
    if (type_ == kSectionHeader && !ReadByteOrder(error)) return false;
    const auto length = LoadInteger<std::uint32_t>(&header[4], order_);
    if (length < kBlockOverhead || length % 4 != 0 || length > kLongestBlock) {
      return Fail("a block of " + std::to_string(length) + " bytes", error);
    }
    return ReadBody(length - kBlockHeader, error);
  }

  // A section's byte order stands behind the block's length, which is in that order.
  bool ReadByteOrder(CaptureError& error) {
    std::array<std::uint8_t, 4> magic{};
    if (std::fread(magic.data(), 1, magic.size(), input_->file()) < magic.size()) {
      return Fail("the file ends inside a block", error);
    }
    if (LoadInteger<std::uint32_t>(magic.data(), ByteOrder::kLittle) == kByteOrderMagic) {
      order_ = ByteOrder::kLittle;
    } else if (LoadInteger<std::uint32_t>(magic.data(), ByteOrder::kBig) == kByteOrderMagic) {
      order_ = ByteOrder::kBig;
    } else {
      return Fail("a section without a byte order", error);
    }
    block_.assign(magic.begin(), magic.end());
    return true;
  }

  // Reads the rest of a block, the trailing length included.
  bool ReadBody(std::size_t size, CaptureError& error) {
    const std::size_t have = type_ == kSectionHeader ? block_.size() : 0;
    if (size < have) return Fail("a section header that is too short", error);
    block_.resize(size);
    const std::size_t wanted = size - have;
    if (std::fread(std::span(block_).subspan(have).data(), 1, wanted, input_->file()) < wanted) {
      return Fail("the file ends inside a block", error);
    }
    return true;
  }

  bool Fail(std::string why, CaptureError& error) {
    error = input_->error().empty() ? std::move(why) : input_->error();
    return false;
  }

  [[nodiscard]] CaptureError OnBlock(const OnPacket& on_packet) {
    ByteReader in(Bytes(block_).first(block_.size() - 4), order_);
    Status status;
    switch (type_) {
      case kSectionHeader:
        interfaces_.clear();
        break;
      case kInterfaceDescription:
        if (interfaces_.size() >= kMostInterfaces) return "more interfaces than are taken";
        status = ReadInterface(in, interfaces_.emplace_back());
        break;
      case kEnhancedPacket:
        status = OnEnhancedPacket(in, on_packet);
        break;
      case kPacket:
        status = OnOldPacket(in, on_packet);
        break;
      case kSimplePacket:
        status = OnSimplePacket(in, on_packet);
        break;
      case kSystemdJournal:
      case kCustom:
      case kCustomNoCopy:
        ++frame_;  // Wireshark gives these a number too
        break;
      default:
        break;  // names, statistics, secrets: no packets
    }
    return status.ok() ? "" : "a block that contradicts itself";
  }

  Status OnEnhancedPacket(ByteReader& in, const OnPacket& on_packet) {
    std::uint32_t interface = 0;
    SE_TRY(in.Read(interface));
    return OnTimedPacket(in, interface, on_packet);
  }

  Status OnOldPacket(ByteReader& in, const OnPacket& on_packet) {
    std::uint16_t interface = 0;
    SE_TRY(in.Read(interface));
    SE_TRY(in.Skip(2));  // drops
    return OnTimedPacket(in, interface, on_packet);
  }

  Status OnTimedPacket(ByteReader& in, std::uint32_t interface, const OnPacket& on_packet) {
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    std::uint32_t captured = 0;
    std::uint32_t original = 0;
    Bytes bytes;
    SE_TRY(in.Read(high));
    SE_TRY(in.Read(low));
    SE_TRY(in.Read(captured));
    SE_TRY(in.Read(original));
    SE_TRY(in.ReadBytes(captured, bytes));
    if (interface >= interfaces_.size()) return Malformed(0);
    const Interface& from = interfaces_[interface];
    Emit(from, TimeOf(from, std::uint64_t{high} << 32U | low), bytes, original, on_packet);
    return Ok();
  }

  // It belongs to the first interface and has no time.
  Status OnSimplePacket(ByteReader& in, const OnPacket& on_packet) {
    std::uint32_t original = 0;
    Bytes bytes;
    SE_TRY(in.Read(original));
    if (interfaces_.empty()) return Malformed(0);
    const Interface& from = interfaces_.front();
    const std::uint32_t most = from.snaplen == 0 ? original : std::min(original, from.snaplen);
    SE_TRY(in.ReadBytes(std::min<std::size_t>(most, in.remaining()), bytes));
    Emit(from, 0, bytes, original, on_packet);
    return Ok();
  }

  // A packet of a link type that is not read keeps its number; the run goes on and says so at its end.
  void Emit(const Interface& from, std::int64_t time_ns, Bytes bytes, std::uint32_t original,
            const OnPacket& on_packet) {
    if (refused_.empty()) refused_ = CheckLink(from.link);
    is_wanted_ = on_packet({{frame_++, time_ns}, from.link, bytes, std::max<std::size_t>(original, bytes.size())});
  }

  std::unique_ptr<Input> input_;
  ByteOrder order_ = ByteOrder::kLittle;
  std::uint32_t type_ = 0;
  std::vector<std::uint8_t> block_;  // behind the block's header, its trailing length included
  std::vector<Interface> interfaces_;
  std::uint64_t frame_ = 0;
  bool is_wanted_ = true;
  CaptureError refused_;
};

}  // namespace

std::unique_ptr<PacketSource> MakePcapngSource(std::unique_ptr<Input> input, CaptureError& error) {
  auto source = std::make_unique<PcapngSource>(std::move(input));
  error = source->Start();
  if (!error.empty()) return nullptr;
  return source;
}

}  // namespace sessenum
