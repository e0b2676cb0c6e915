#include "net/network.h"

#include <algorithm>
#include <optional>

#include "net/defrag.h"
#include "net/flow_table.h"
#include "net/ip.h"
#include "net/link.h"
#include "net/peek.h"
#include "net/tcp.h"
#include "net/tunnel.h"

namespace sessenum {
namespace {

// Bytes on the way through the layers.
struct Carried {
  SourcedBytes data;       // as captured
  std::size_t length = 0;  // bytes on the wire; above data.size() where the capture cut them
  Frame frame;             // the packet at hand
  int tunnels = 0;         // that were opened to get here

  [[nodiscard]] Carried Behind(std::size_t header) const { return {data.Sub(header), length - header, frame, tunnels}; }
};

}  // namespace

class Network::Impl {
 public:
  Impl(Budget& budget, FlowObserver& observer, NetworkCounts& counts)
      : counts_(counts), defragmenter_(budget, counts), flows_(budget, observer, counts) {}

  void OnPacket(const Packet& packet) {
    const Origin origin{0, packet.frame};
    Peek peek;
    if (!PeekAtTcp(packet, peek)) {
      const SourcedBytes data(packet.bytes, {&origin, 1});
      OnLink(packet.link, {data, std::max(packet.original_length, packet.bytes.size()), packet.frame, 0});
    } else if (peek.syn || !flows_.Ignores(peek.key.flow, packet.frame)) {
      const PeekedSegment tcp = TakePeeked(packet);
      TcpSegment segment;
      const Carried payload{SourcedBytes(tcp.bytes, {&origin, 1}), tcp.length, packet.frame, 0};
      if (ReadTcp(tcp.source, tcp.destination, payload, segment)) flows_.OnSegment(segment, peek.key);
    }
  }

  void Finish() {
    defragmenter_.Finish();
    flows_.Finish();
  }

 private:
  void OnLink(LinkType link, const Carried& frame) {
    const Result<LinkHeader> header = ReadLinkHeader(link, frame.data.bytes());
    if (!header.ok()) return CountUnreadable(header.status(), frame);
    switch (header.value().content) {
      case LinkContent::kIp:
        return OnIp(frame.Behind(header.value().size));
      case LinkContent::kNotIp:
        ++counts_.not_ip;
        return;
      case LinkContent::kUnknownLink:
        ++counts_.unknown_link;
        return;
    }
  }

  void OnIp(const Carried& packet) {
    IpPacket ip;
    const Status parsed = ParseIp(packet.data.bytes(), packet.length, ip);
    if (!parsed.ok()) return CountUnreadable(parsed, packet);
    const SourcedBytes data = packet.data.Sub(ip.payload_at, ip.payload_captured);
    if (ip.fragment) return OnFragment(ip, data, packet);
    OnPayload(ip, ip.protocol, {data, ip.payload_length, packet.frame, packet.tunnels});
  }

  void OnFragment(const IpPacket& ip, SourcedBytes data, const Carried& packet) {
    const std::optional<Datagram> whole = defragmenter_.Add(ip, data, packet.frame);
    if (!whole) return;
    const SourcedBytes bytes = whole->payload.View();
    const Carried payload{bytes, bytes.size(), packet.frame, packet.tunnels};
    const Result<IpPayload> inner = SkipExtensionHeaders(ip.source.v6, whole->protocol, bytes.bytes());
    if (!inner.ok()) return CountUnreadable(inner.status(), payload);
    // RFC 8200 4.5 has one fragment header a packet.
    if (inner.value().fragment) {
      ++counts_.malformed;
      return;
    }
    OnPayload(ip, inner.value().protocol, payload.Behind(inner.value().at));
  }

  void OnPayload(const IpPacket& ip, std::uint8_t protocol, const Carried& payload) {
    if (protocol == kProtocolTcp) return OnTcp(ip.source, ip.destination, payload);
    const Result<std::optional<TunnelPayload>> tunnel = FindTunnel(protocol, payload.data.bytes());
    if (!tunnel.ok()) return CountUnreadable(tunnel.status(), payload);
    if (!tunnel.value()) {
      ++counts_.not_tcp;
      return;
    }
    if (payload.tunnels == kMaxTunnels) {
      ++counts_.malformed;
      return;
    }
    Carried inner = payload.Behind(tunnel.value()->at);
    ++inner.tunnels;
    OnLink(tunnel.value()->link, inner);
  }

  void OnTcp(const IpAddress& source, const IpAddress& destination, const Carried& payload) {
    TcpSegment segment;
    if (!ReadTcp(source, destination, payload, segment)) return;
    flows_.OnSegment(segment, PacketKey::Of(segment.source, segment.destination));
  }

  // False where it cannot be read, which is counted. `out` is a new one.
  [[nodiscard]] bool ReadTcp(const IpAddress& source, const IpAddress& destination, const Carried& payload,
                             TcpSegment& out) {
    TcpHeader& header = out.header;
    const Status parsed = ParseTcp(payload.data.bytes(), payload.length, header);
    if (!parsed.ok()) {
      CountUnreadable(parsed, payload);
      return false;
    }
    out.source = {source, header.source_port};
    out.destination = {destination, header.destination_port};
    out.payload = payload.data.Sub(std::min(header.size, payload.data.size()));
    out.payload_length = payload.length - header.size;
    out.frame = payload.frame;
    return true;
  }

  // Headers that end too early were cut by the capture, or, in a packet that is whole, say something wrong.
  void CountUnreadable(const Status& status, const Carried& at) {
    const bool is_cut = status.code == Errc::kTruncated && at.data.size() < at.length;
    ++(is_cut ? counts_.truncated : counts_.malformed);
  }

  NetworkCounts& counts_;
  Defragmenter defragmenter_;
  FlowTable flows_;
};

Network::Network(Budget& budget, FlowObserver& observer) : impl_(std::make_unique<Impl>(budget, observer, counts_)) {}

Network::~Network() = default;

void Network::OnPacket(const Packet& packet) {
  ++counts_.packets;
  counts_.bytes += packet.bytes.size();
  impl_->OnPacket(packet);
}

void Network::Finish() { impl_->Finish(); }

}  // namespace sessenum
