// One NetrSessionEnum call as the capture shows it.
#ifndef SESSENUM_REPLAY_CALL_H_
#define SESSENUM_REPLAY_CALL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/provenance.h"
#include "base/undecoded.h"
#include "net/packet.h"
#include "rpc/contexts.h"
#include "rules/finding.h"
#include "smb/connection.h"
#include "srvsvc/model.h"

namespace sessenum {

enum class Transport : std::uint8_t { kSmb1, kSmb2, kTcp };
inline constexpr std::array<std::string_view, 3> kTransportNames = {"smb1", "smb2", "tcp"};
[[nodiscard]] constexpr std::string_view Name(Transport transport) {
  return kTransportNames[static_cast<std::size_t>(transport)];
}

// What stood between the wire and the stub.
enum class Encryption : std::uint8_t { kNone, kSmb3, kRpc };
inline constexpr std::array<std::string_view, 3> kEncryptionNames = {"none", "smb3", "rpc"};
[[nodiscard]] constexpr std::string_view Name(Encryption encryption) {
  return kEncryptionNames[static_cast<std::size_t>(encryption)];
}

// How the transfer syntax is known.
enum class SyntaxSource : std::uint8_t {
  kBindAck,  // the server named it
  kAssumed,  // no answer to a bind was captured: the syntax is the one that fits the stub
};
[[nodiscard]] constexpr std::string_view Name(SyntaxSource source) {
  return source == SyntaxSource::kBindAck ? "bind_ack" : "assumed";
}

// Where a call travelled: what all calls of one pipe or connection share.
struct Carrier {
  Endpoint client;
  Endpoint server;
  Transport transport = Transport::kTcp;
  std::uint64_t serial = 0;  // tells the pipes and connections of a run apart
  std::optional<std::string> named_pipe;
  bool is_probably_srvsvc = false;  // as much of the pipe's name as was captured says so
  std::optional<std::string> tree;  // the share that the pipe is on, UTF-8
  SmbIdentity identity;
  bool smb_encrypted = false;
};

// A request or response. It owns its stub; the message's strings point into it. Moving keeps them valid, so it cannot
// be copied.
template <typename Message>
struct SeenStub {
  SeenStub() = default;
  SeenStub(SeenStub&&) noexcept = default;
  SeenStub& operator=(SeenStub&&) noexcept = default;
  SeenStub(const SeenStub&) = delete;
  SeenStub& operator=(const SeenStub&) = delete;
  ~SeenStub() = default;

  std::vector<std::uint8_t> stub;
  std::vector<Origin> origins;  // of `stub`
  std::vector<Frame> frames;    // every packet that carried a byte of its PDUs
  std::uint32_t fragments = 0;
  ByteOrder order = ByteOrder::kLittle;
  std::optional<Undecoded> missing;  // why `stub` is not whole, or not readable
  bool decoded = false;              // `message` holds something; in part where its report's status says so
  Message message;
};

using SeenRequest = SeenStub<SessionEnumRequest>;
using SeenResponse = SeenStub<SessionEnumResponse>;

struct SeenFault {
  std::uint32_t status = 0;
  std::vector<Frame> frames;
};

struct Call {
  std::shared_ptr<const Carrier> carrier;
  Encryption encryption = Encryption::kNone;
  std::uint32_t call_id = 0;
  std::uint16_t context_id = 0;
  bool on_srvsvc = false;      // the context or the pipe's name says so
  bool operation_seen = true;  // false: the request's opnum was not captured, on a pipe or context of srvsvc
  std::optional<TransferSyntax> syntax;
  SyntaxSource syntax_source = SyntaxSource::kAssumed;
  std::optional<SyntaxId> interface;  // that was bound; nullopt: no bind was captured
  BindOffer offer;
  std::optional<SeenRequest> request;
  std::optional<SeenResponse> response;
  std::optional<SeenFault> fault;
  std::optional<Undecoded> undecoded;
  std::vector<Finding> findings;

  // The first packet that carried a byte of the call: an answer may stand before its request in the capture.
  [[nodiscard]] Frame first_frame() const;
  // Nanoseconds from the last packet of the request to the first of the answer; nullopt where either was not seen.
  [[nodiscard]] std::optional<std::int64_t> round_trip_ns() const;
  // Bytes that the call keeps alive, near enough for a cap.
  [[nodiscard]] std::size_t held_bytes() const;
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CALL_H_
