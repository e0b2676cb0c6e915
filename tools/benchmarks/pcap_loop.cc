// usage: pcap_loop FILE
// Reads a capture by libpcap and does nothing with its packets: the least that a program which uses libpcap can take.
#include <pcap/pcap.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>

namespace {

struct Seen {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

// NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): libpcap hands its caller's object through as bytes
void OnPacket(unsigned char* seen, const pcap_pkthdr* header, const unsigned char* /*bytes*/) {
  auto* counts = reinterpret_cast<Seen*>(seen);
  ++counts->packets;
  counts->bytes += header->caplen;
}

int Loop(pcap_t* pcap, Seen& seen) { return pcap_loop(pcap, -1, OnPacket, reinterpret_cast<unsigned char*>(&seen)); }
// NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)

}  // namespace

int main(int argc, char** argv) {
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  if (arguments.size() != 2) {
    std::fputs("usage: pcap_loop FILE\n", stderr);
    return 2;
  }
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  pcap_t* pcap = pcap_open_offline(arguments[1], reason.data());
  if (pcap == nullptr) {
    std::fprintf(stderr, "pcap_loop: %s\n", reason.data());
    return 2;
  }
  Seen seen;
  const int status = Loop(pcap, seen);
  if (status != 0) std::fprintf(stderr, "pcap_loop: %s: %s\n", arguments[1], pcap_geterr(pcap));
  pcap_close(pcap);
  std::printf("%llu packets, %llu bytes\n", static_cast<unsigned long long>(seen.packets),
              static_cast<unsigned long long>(seen.bytes));
  return status == 0 ? 0 : 2;
}
