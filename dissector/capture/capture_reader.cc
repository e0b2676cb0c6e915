#include "capture/capture_reader.h"

#include <pcap/pcap.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace sessenum {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// Times are kept within half the range, so that the difference of any two fits.
constexpr std::int64_t kLastSecond = std::numeric_limits<std::int64_t>::max() / 2 / kNanosecondsPerSecond;
// libpcap reads through stdio, whose default buffer costs a system call for each 4 KiB.
constexpr std::size_t kFileBuffer = 1U << 20U;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::int64_t TimeOf(const timeval& precise) {
  // With PCAP_TSTAMP_PRECISION_NANO tv_usec holds nanoseconds.
  const std::int64_t seconds = std::clamp<std::int64_t>(precise.tv_sec, 0, kLastSecond);
  return seconds * kNanosecondsPerSecond + std::clamp<std::int64_t>(precise.tv_usec, 0, kNanosecondsPerSecond - 1);
}

// The platform's number for raw IP is not the one of the file format; all others that we read are.
LinkType LinkOf(int dlt) { return dlt == DLT_RAW ? LinkType::kRaw : static_cast<LinkType>(dlt); }

bool IsReadable(LinkType link) {
  switch (link) {
    case LinkType::kNull:
    case LinkType::kEthernet:
    case LinkType::kPpp:
    case LinkType::kRaw:
    case LinkType::kLoop:
    case LinkType::kLinuxSll:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
    case LinkType::kLinuxSll2:
      return true;
    case LinkType::kIeee80211:
    case LinkType::kIeee80211Radio:
      return false;
  }
  return false;
}

CaptureError LinkError(int dlt) {
  const char* name = pcap_datalink_val_to_name(dlt);
  return "link type " + std::to_string(dlt) + (name != nullptr ? std::string(" (") + name + ")" : "") + " is not read";
}

// What is wrong with `path` before libpcap has a look at it.
CaptureError CheckFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::strerror(errno);
  if (S_ISDIR(status.st_mode)) return "is a directory";
  return S_ISREG(status.st_mode) && status.st_size == 0 ? "the file is empty" : "";
}

}  // namespace

class CaptureReader::Impl {
 public:
  explicit Impl(File file) : file_(std::move(file)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (pcap_ == nullptr) return;
    // pcap_close closes the stream that it was opened with.
    static_cast<void>(file_.release());
    pcap_close(pcap_);
  }

  CaptureError Start() {
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    pcap_ = pcap_fopen_offline_with_tstamp_precision(file_.get(), PCAP_TSTAMP_PRECISION_NANO, reason.data());
    if (pcap_ == nullptr) return reason.data();
    link_ = LinkOf(pcap_datalink(pcap_));
    return IsReadable(link_) ? "" : LinkError(pcap_datalink(pcap_));
  }

  CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) {
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    for (std::uint64_t frame = first_frame;; ++frame) {
      switch (pcap_next_ex(pcap_, &header, &bytes)) {
        case 1:
          on_packet({{frame, TimeOf(header->ts)}, link_, Bytes(bytes, header->caplen), header->len});
          break;
        case PCAP_ERROR_BREAK:
          return "";
        default:
          return std::string("after packet ") + std::to_string(frame - first_frame) + ": " + pcap_geterr(pcap_);
      }
    }
  }

 private:
  File file_;
  pcap_t* pcap_ = nullptr;
  LinkType link_ = LinkType::kEthernet;
};

CaptureReader::CaptureReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CaptureReader::~CaptureReader() = default;

std::unique_ptr<CaptureReader> CaptureReader::Open(const std::string& path, CaptureError& error) {
  const bool is_stdin = path == "-";
  if (!is_stdin && !(error = CheckFile(path)).empty()) return nullptr;
  File file(is_stdin ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    error = std::strerror(errno);
    return nullptr;
  }
  if (!is_stdin) std::setvbuf(file.get(), nullptr, _IOFBF, kFileBuffer);
  auto impl = std::make_unique<Impl>(std::move(file));
  if (!(error = impl->Start()).empty()) return nullptr;
  return std::unique_ptr<CaptureReader>(new CaptureReader(std::move(impl)));
}

CaptureError CaptureReader::Read(std::uint64_t first_frame, const OnPacket& on_packet) {
  return impl_->Read(first_frame, on_packet);
}

}  // namespace sessenum
