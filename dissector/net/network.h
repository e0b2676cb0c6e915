// From packets to TCP streams: the face of net/.
#ifndef SESSENUM_NET_NETWORK_H_
#define SESSENUM_NET_NETWORK_H_

#include <cstdint>
#include <memory>

#include "base/duplex.h"
#include "base/limits.h"
#include "net/network_counts.h"
#include "net/packet.h"

namespace sessenum {

// A TCP connection as its first packet showed it.
struct FlowInfo {
  // Who sent the SYN, or got the SYN+ACK. Without either: the side that does not use port 445, 139 or 135; failing
  // that, the side with the higher port.
  Endpoint client;
  Endpoint server;
  bool from_start = false;  // the SYN or the SYN+ACK is in the capture
};

// Two copies of the same stream bytes that differ (RFC 9293 leaves open which one the receiver took). The first one
// captured is kept.
struct OverlapConflict {
  Direction direction = Direction::kToServer;
  Frame second;              // the packet that carried the differing copy
  std::uint64_t length = 0;  // bytes that differ in value or lie between such bytes
};

// Decides what becomes of a connection's bytes.
class FlowObserver {
 public:
  FlowObserver() = default;
  FlowObserver(const FlowObserver&) = delete;
  FlowObserver& operator=(const FlowObserver&) = delete;
  virtual ~FlowObserver() = default;

  // Called once for each connection, before its first byte. The network owns the sink that is returned, and destroys it
  // after its OnClose. nullptr: the connection's bytes are of no interest.
  [[nodiscard]] virtual std::unique_ptr<DuplexSink> OnFlow(const FlowInfo& info) = 0;
  // `sink` is the connection's own.
  virtual void OnConflict(DuplexSink& sink, const OverlapConflict& conflict) = 0;
};

// Takes packets in capture order and gives each connection's bytes to its sink, in stream order.
class Network {
 public:
  // `budget` and `observer` must outlive the network.
  Network(Budget& budget, FlowObserver& observer);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  ~Network();

  void OnPacket(const Packet& packet);
  // Delivers what is held back, with its gaps, and closes every connection. To be called once, at the end.
  void Finish();

  [[nodiscard]] const NetworkCounts& counts() const { return counts_; }

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  NetworkCounts counts_;
};

}  // namespace sessenum

#endif  // SESSENUM_NET_NETWORK_H_
