#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "capture/packet_source.h"

namespace sessenum {
namespace {

// The platform's number for raw IP is not the one of the file format; all others that we read are.
LinkType LinkOf(int dlt) { return dlt == DLT_RAW ? LinkType::kRaw : static_cast<LinkType>(dlt); }

struct ClosePcap {
  void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using Pcap = std::unique_ptr<pcap_t, ClosePcap>;

class PcapSource final : public PacketSource {
 public:
  PcapSource(std::unique_ptr<Input> input, Pcap pcap, LinkType link)
      : input_(std::move(input)), pcap_(std::move(pcap)), link_(link) {}

  CaptureError Read(std::uint64_t first_frame, const OnPacket& on_packet) override {
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    for (std::uint64_t frame = first_frame;; ++frame) {
      switch (pcap_next_ex(pcap_.get(), &header, &bytes)) {
        case 1:
          // With PCAP_TSTAMP_PRECISION_NANO tv_usec holds nanoseconds. Seconds are unsigned; libpcap takes those of
          // the host's own byte order as signed.
          if (!on_packet({{frame, CaptureTime(static_cast<std::uint32_t>(header->ts.tv_sec), header->ts.tv_usec)},
                          link_,
                          Bytes(bytes, header->caplen),
                          std::max<std::size_t>(header->len, header->caplen)})) {
            return "";
          }
          break;
        case PCAP_ERROR_BREAK:
          return input_->error();
        default:
          return "after packet " + std::to_string(frame - first_frame) + ": " + Reason();
      }
    }
  }

 private:
  CaptureError Reason() { return input_->error().empty() ? pcap_geterr(pcap_.get()) : input_->error(); }

  std::unique_ptr<Input> input_;
  Pcap pcap_;  // goes first: it closes the input's stream
  LinkType link_;
};

}  // namespace

std::unique_ptr<PacketSource> MakePcapSource(std::unique_ptr<Input> input, CaptureError& error) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  Pcap pcap(pcap_fopen_offline_with_tstamp_precision(input->file(), PCAP_TSTAMP_PRECISION_NANO, reason.data()));
  if (pcap == nullptr) {
    error = input->error().empty() ? reason.data() : input->error();
    return nullptr;
  }
  static_cast<void>(input->Release());
  const LinkType link = LinkOf(pcap_datalink(pcap.get()));
  error = CheckLink(link);
  if (!error.empty()) return nullptr;
  return std::make_unique<PcapSource>(std::move(input), std::move(pcap), link);
}

}  // namespace sessenum
