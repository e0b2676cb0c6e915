// Every cap of the library in one place. What grows with the input grows up to one of these, and each names the attack
// that it stops. A cap that bites is counted under the field's name in the summary's `limits_hit`.
#ifndef SESSENUM_BASE_LIMITS_H_
#define SESSENUM_BASE_LIMITS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sessenum {

struct Limits {
  // TCP connections followed at a time. A SYN flood in a capture opens one for each packet.
  std::size_t flows = 65'536;
  // TCP connections of which nothing has shown yet what they carry. Most of a capture's may be of no interest.
  std::size_t undecided_flows = 1'024;
  // Out-of-order bytes that one direction of a connection may hold back. A sender may leave a hole and never fill it.
  std::size_t flow_bytes = 1U << 20U;
  // Bytes held back by all connections together. Many connections may each stay just below their own cap.
  std::size_t total_flow_bytes = 32U << 20U;
  // Delivered bytes kept for comparison with a later, different copy; a direction of a connection that is of interest.
  std::size_t flow_history_bytes = 16U << 10U;
  // The room for them in all connections together. 65,536 connections of 32 KiB each would cost 2 GiB.
  std::size_t total_history_bytes = 32U << 20U;
  // IP datagrams under reassembly. Lone first fragments cost an attacker one packet each.
  std::size_t datagrams = 1'024;
  // Bytes of all datagrams under reassembly.
  std::size_t datagram_bytes = 8U << 20U;
  // Seconds of capture time after which an incomplete datagram is given up (RFC 8200 4.5).
  std::int64_t datagram_seconds = 60;
  // Bytes of one SMB message. Its header can claim 16 MiB and send one byte at a time; a compressed one can claim 4
  // GiB.
  std::size_t smb_message_bytes = 16U << 20U;
  // Sessions, tree connects, opens and unanswered requests remembered for one SMB connection, each.
  std::size_t smb_sessions = 1'024;
  std::size_t smb_trees = 4'096;
  std::size_t smb_opens = 1'024;
  std::size_t smb_requests = 4'096;
  // Sessions of all connections together by which a further connection of theirs is recognised; two places each, where
  // client and server said who they are. Any message can name a session of its own.
  std::size_t smb_known_sessions = 32'768;
  // Bytes kept of one user, share or pipe name, as sent. Each of thousands of remembered names could have 64 KiB.
  std::size_t smb_name_bytes = 2'048;
  // Bytes of all unfinished SMB messages of all connections together. Each connection may stay just below its own cap.
  std::size_t total_smb_bytes = 64U << 20U;
  // Bytes that all compressed SMB messages together may expand to beyond 64 times their size. 24 bytes on the wire can
  // claim 16 MiB, and be sent without end. A session list never comes near that ratio.
  std::size_t smb_expansion_bytes = 64U << 20U;
  // Presentation contexts of one RPC association. A client may add 65,536 by alter_context.
  std::size_t rpc_contexts = 1'024;
  // Calls of one association whose fragments or answer are awaited.
  std::size_t rpc_calls = 1'024;
  // Bytes of one reassembled stub. A fragment train need never end. Servers take 4 MiB of request (MS-RPCE 3.3.3.5.4);
  // responses of a server with many sessions are larger.
  std::size_t stub_bytes = 16U << 20U;
  // Bytes of all unfinished PDUs, stubs and calls of all associations together, with what is kept about them.
  std::size_t total_stub_bytes = 48U << 20U;
  // Packets listed for one stub. One-byte segments name a packet for each byte.
  std::size_t frames = 65'536;
  // Sessions decoded from one response. A NULL pointer costs the sender 4 bytes and us fifty times as much.
  std::size_t sessions = 1U << 18U;
  // Anomalies kept for one stub. 4 MiB of padding could yield a million.
  std::size_t anomalies = 64;
  // Enumerations, clients, servers and pairs of them whose last calls are remembered for rules that span calls, each.
  // Each call of a capture may come from another address.
  std::size_t judged_series = 4'096;
  // Keys that did not fit, reported by name. Any sender can authenticate as a thousand users, or encrypt at random.
  std::size_t key_complaints = 256;
  // Calls that wait for an earlier one, so that output keeps the order of first frames, and the bytes of their stubs.
  // An unanswered first call would otherwise hold back all others.
  std::size_t waiting_calls = 16'384;
  std::size_t waiting_bytes = 32U << 20U;
};

// The caps that can be hit, by the name of their field in Limits.
enum class Cap : std::uint8_t {
  kFlows,
  kFlowBytes,
  kTotalFlowBytes,
  kTotalHistoryBytes,
  kDatagrams,
  kDatagramBytes,
  kSmbMessageBytes,
  kSmbSessions,
  kSmbTrees,
  kSmbOpens,
  kSmbRequests,
  kSmbKnownSessions,
  kSmbNameBytes,
  kTotalSmbBytes,
  kSmbExpansionBytes,
  kRpcContexts,
  kRpcCalls,
  kStubBytes,
  kTotalStubBytes,
  kFrames,
  kSessions,
  kAnomalies,
  kJudgedSeries,
  kKeyComplaints,
  kWaitingCalls,
  kWaitingBytes,
};

inline constexpr std::array<std::string_view, 26> kCapNames = {
    "flows",          "flow_bytes",         "total_flow_bytes", "total_history_bytes", "datagrams",
    "datagram_bytes", "smb_message_bytes",  "smb_sessions",     "smb_trees",           "smb_opens",
    "smb_requests",   "smb_known_sessions", "smb_name_bytes",   "total_smb_bytes",     "smb_expansion_bytes",
    "rpc_contexts",   "rpc_calls",          "stub_bytes",       "total_stub_bytes",    "frames",
    "sessions",       "anomalies",          "judged_series",    "key_complaints",      "waiting_calls",
    "waiting_bytes"};

// The limits of one run and how often each was hit. Shared by the layers of one Dissector.
class Budget {
 public:
  explicit Budget(const Limits& limits) : limits_(limits) {}

  [[nodiscard]] const Limits& limits() const { return limits_; }
  void Hit(Cap cap) { ++hits_[static_cast<std::size_t>(cap)]; }
  [[nodiscard]] std::uint64_t hits(Cap cap) const { return hits_[static_cast<std::size_t>(cap)]; }

  // Bytes in use against a cap that all connections share.
  std::size_t flow_bytes_held = 0;
  std::size_t history_bytes_held = 0;
  std::size_t smb_bytes_held = 0;
  std::size_t stub_bytes_held = 0;
  // Bytes of smb_expansion_bytes used up.
  std::size_t smb_bytes_expanded = 0;

 private:
  Limits limits_;
  std::array<std::uint64_t, kCapNames.size()> hits_{};
};

// A share in one of the budget's totals: what somebody holds now. Given back when it ends.
class HeldBytes {
 public:
  // `total` must outlive the share.
  explicit HeldBytes(std::size_t& total) : total_(&total) {}
  HeldBytes(HeldBytes&& other) noexcept : total_(other.total_), held_(std::exchange(other.held_, 0)) {}
  HeldBytes& operator=(HeldBytes&& other) noexcept {
    Set(0);
    total_ = other.total_;
    held_ = std::exchange(other.held_, 0);
    return *this;
  }
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;
  ~HeldBytes() { Set(0); }

  void Set(std::size_t bytes) {
    *total_ = *total_ - held_ + bytes;
    held_ = bytes;
  }

 private:
  std::size_t* total_;
  std::size_t held_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_LIMITS_H_
