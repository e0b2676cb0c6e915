// A capture cut into TCP segments in every way tried yields the same calls.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_order.h"
#include "capture/capture_reader.h"
#include "output/ndjson.h"
#include "replay/dissector.h"

namespace sessenum {
namespace {

using nlohmann::json;

struct StoredPacket {
  std::int64_t time_ns = 0;
  LinkType link = LinkType::kEthernet;
  std::vector<std::uint8_t> bytes;
  std::size_t original = 0;
};

// The sizes of the segments that carry so many bytes.
using Cut = std::function<std::vector<std::size_t>(std::size_t)>;

std::vector<std::size_t> Pieces(std::size_t size, std::size_t most, std::uint32_t* seed) {
  std::vector<std::size_t> sizes;
  while (size > 0) {
    std::size_t piece = most;
    if (seed != nullptr) {
      *seed = *seed * 1'664'525U + 1'013'904'223U;
      piece = 1 + (*seed >> 8U) % most;
    }
    sizes.push_back(std::min(size, piece));
    size -= sizes.back();
  }
  return sizes;
}

Cut InPiecesOf(std::size_t most) {
  return [most](std::size_t size) { return Pieces(size, most, nullptr); };
}
Cut Random(std::uint32_t seed, std::size_t most) {
  return [seed, most](std::size_t size) mutable { return Pieces(size, most, &seed); };
}

// Where the parts of an Ethernet packet with TCP in IPv4 or IPv6 stand.
struct Places {
  std::size_t ip = 14;
  std::size_t tcp = 0;
  std::size_t payload = 0;
  std::size_t end = 0;
  bool v6 = false;
};

std::uint16_t Load16(const StoredPacket& packet, std::size_t at) {
  return LoadInteger<std::uint16_t>(&packet.bytes[at], ByteOrder::kBig);
}

// False where the packet has no TCP payload, or not all of it was captured.
bool FindPayload(const StoredPacket& packet, Places& out) {
  if (packet.link != LinkType::kEthernet || packet.bytes.size() != packet.original || packet.bytes.size() < 54) {
    return false;
  }
  const std::uint16_t type = Load16(packet, 12);
  out.v6 = type == 0x86DD;
  if (!out.v6 && type != 0x0800) return false;
  if (packet.bytes[out.ip + (out.v6 ? 6 : 9)] != 6) return false;
  const std::size_t header = out.v6 ? 40 : 4 * std::size_t{packet.bytes[out.ip] & 0x0FU};
  out.tcp = out.ip + header;
  out.end = out.ip + Load16(packet, out.ip + (out.v6 ? 4 : 2)) + (out.v6 ? 40 : 0);
  if (out.end > packet.bytes.size() || out.tcp + 20 > out.end) return false;
  out.payload = out.tcp + 4 * std::size_t{packet.bytes[out.tcp + 12]} / 16;
  return out.payload < out.end;
}

// The part of `packet` from `at` of its payload on, as a segment of its own.
StoredPacket Segment(const StoredPacket& packet, const Places& places, std::size_t at, std::size_t size) {
  StoredPacket segment = packet;
  const auto first = packet.bytes.begin() + static_cast<std::ptrdiff_t>(places.payload + at);
  segment.bytes.resize(places.payload);
  segment.bytes.insert(segment.bytes.end(), first, first + static_cast<std::ptrdiff_t>(size));
  segment.original = segment.bytes.size();
  const std::size_t length = segment.bytes.size() - places.ip - (places.v6 ? 40 : 0);
  StoreInteger(static_cast<std::uint16_t>(length), ByteOrder::kBig, &segment.bytes[places.ip + (places.v6 ? 4 : 2)]);
  const auto sequence = LoadInteger<std::uint32_t>(&packet.bytes[places.tcp + 4], ByteOrder::kBig);
  StoreInteger(static_cast<std::uint32_t>(sequence + at), ByteOrder::kBig, &segment.bytes[places.tcp + 4]);
  const bool last = places.payload + at + size == places.end;
  if (!last) segment.bytes[places.tcp + 13] &= 0xFEU;  // the FIN stands behind the last byte
  return segment;
}

std::vector<StoredPacket> Cutting(const std::vector<StoredPacket>& packets, Cut cut) {
  std::vector<StoredPacket> out;
  for (const StoredPacket& packet : packets) {
    Places places;
    if (!FindPayload(packet, places)) {
      out.push_back(packet);
      continue;
    }
    std::size_t at = 0;
    for (const std::size_t size : cut(places.end - places.payload)) {
      out.push_back(Segment(packet, places, at, size));
      at += size;
    }
  }
  return out;
}

std::vector<StoredPacket> Load(std::string_view name) {
  std::vector<StoredPacket> packets;
  CaptureError error;
  const auto capture = OpenCapture("pcaps/" + std::string(name), error);
  EXPECT_NE(capture, nullptr) << error;
  if (capture == nullptr) return packets;
  EXPECT_EQ(capture->Read(1,
                          [&packets](const Packet& packet) {
                            packets.push_back({packet.frame.time_ns,
                                               packet.link,
                                               {packet.bytes.begin(), packet.bytes.end()},
                                               packet.original_length});
                            return true;
                          }),
            "");
  return packets;
}

// The calls as they are printed, without what tells of packets. Sorted: calls that began in one packet have no order
// among each other, and a cut may give them one.
std::vector<std::string> Calls(const std::vector<StoredPacket>& packets) {
  std::vector<std::string> calls;
  Dissector dissector({}, [&calls](const Call& call) {
    std::string line;
    AppendNdjson(call, "", line);
    json object = json::parse(line);
    for (const char* key : {"ts", "rtt", "request_frames", "response_frames"}) object.erase(key);
    for (json& finding : object["findings"]) finding.erase("frame");
    calls.push_back(object.dump());
  });
  std::uint64_t number = 0;
  for (const StoredPacket& packet : packets) {
    dissector.OnPacket({{++number, packet.time_ns}, packet.link, packet.bytes, packet.original});
  }
  dissector.Finish();
  std::sort(calls.begin(), calls.end());
  return calls;
}

class SegmentationTest : public testing::TestWithParam<std::string_view> {};

TEST_P(SegmentationTest, TheSameCallsHoweverTheStreamIsCut) {
  const std::vector<StoredPacket> packets = Load(GetParam());
  const std::vector<std::string> whole = Calls(packets);
  ASSERT_FALSE(whole.empty());
  std::vector<Cut> cuts = {InPiecesOf(1), InPiecesOf(2), InPiecesOf(17), InPiecesOf(100)};
  for (std::uint32_t seed = 1; seed <= 5; ++seed) cuts.push_back(Random(seed, 7 * seed * seed));
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::vector<StoredPacket> segments = Cutting(packets, cuts[i]);
    ASSERT_GT(segments.size(), packets.size());
    EXPECT_EQ(Calls(segments), whole) << "cut " << i;
  }
}

// Captures without loss: which bytes count as lost depends on how many packets come behind them.
INSTANTIATE_TEST_SUITE_P(Pcaps, SegmentationTest,
                         testing::Values("tcp-noauth-all-levels-impacket.pcap", "tcp-coalesced.pcap",
                                         "tcp-seq-wraparound.pcap", "tcp-port-reuse.pcap", "tcp-retransmitted.pcap",
                                         "tcp-ntlmssp-integrity-samba.pcapng",
                                         "multi-tcp-pipelined-with-object-uuid.pcap", "multi-3-clients-parallel.pcapng",
                                         "multi-5-calls-pipelined-one-pipe.pcapng", "frag-request-impacket.pcap",
                                         "frag-response-buffer-overflow-read.pcapng", "bigendian-ndr64.pcap",
                                         "bigendian-fragmented.pcap", "smb2-transceive-all-levels-rpcclient.pcap",
                                         "smb2-writeread-dialect202.pcapng", "smb311-signed-gmac.pcapng",
                                         "real-smbd-ipv6.pcapng", "broken-resp-truncated_mid_entry.pcap"),
                         [](const auto& test) {
                           std::string name(test.param.substr(0, test.param.find('.')));
                           for (char& c : name) {
                             if (c == '-') c = '_';
                           }
                           return name;
                         });

}  // namespace
}  // namespace sessenum
