// usage: pcap_loop FILE
// Reads a capture by libpcap and does nothing with its packets: the least that a program which uses libpcap can take.
#include <pcap/pcap.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace {

struct Seen {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};

void OnPacket(unsigned char* seen, const pcap_pkthdr* header, const unsigned char* /*bytes*/) {
  auto* counts = reinterpret_cast<Seen*>(seen);
  ++counts->packets;
  counts->bytes += header->caplen;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: pcap_loop FILE\n", stderr);
    return 2;
  }
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  pcap_t* pcap = pcap_open_offline(argv[1], reason.data());
  if (pcap == nullptr) {
    std::fprintf(stderr, "pcap_loop: %s\n", reason.data());
    return 2;
  }
  Seen seen;
  const int status = pcap_loop(pcap, -1, OnPacket, reinterpret_cast<unsigned char*>(&seen));
  if (status != 0) std::fprintf(stderr, "pcap_loop: %s: %s\n", argv[1], pcap_geterr(pcap));
  pcap_close(pcap);
  std::printf("%llu packets, %llu bytes\n", static_cast<unsigned long long>(seen.packets),
              static_cast<unsigned long long>(seen.bytes));
  return status == 0 ? 0 : 2;
}
