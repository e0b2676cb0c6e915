// Connection-oriented DCE/RPC PDUs (C706 12.6, MS-RPCE 2.2.2).
#ifndef SESSENUM_RPC_PDU_H_
#define SESSENUM_RPC_PDU_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_order.h"
#include "base/bytes.h"
#include "base/duplex.h"
#include "base/extent.h"
#include "base/result.h"
#include "rpc/uuid.h"

namespace sessenum {

enum class PduType : std::uint8_t {
  kRequest = 0,
  kResponse = 2,
  kFault = 3,
  kBind = 11,
  kBindAck = 12,
  kBindNak = 13,
  kAlterContext = 14,
  kAlterContextResp = 15,
  kAuth3 = 16,
  kShutdown = 17,
  kCoCancel = 18,
  kOrphaned = 19,
};

// The way that a PDU of this type travels, whatever the layer below says of client and server.
[[nodiscard]] Direction DirectionOf(PduType type);

inline constexpr std::uint8_t kFirstFrag = 0x01;
inline constexpr std::uint8_t kLastFrag = 0x02;
inline constexpr std::uint8_t kObjectUuid = 0x80;

inline constexpr std::size_t kPduHeaderSize = 16;  // bytes

struct PduHeader {
  PduType type = PduType::kRequest;
  std::uint8_t flags = 0;
  ByteOrder order = ByteOrder::kLittle;  // from the data representation label
  std::uint16_t frag_length = 0;         // bytes of the whole PDU
  std::uint16_t auth_length = 0;         // bytes of the security token
  std::uint32_t call_id = 0;

  [[nodiscard]] bool first() const { return (flags & kFirstFrag) != 0; }
  [[nodiscard]] bool last() const { return (flags & kLastFrag) != 0; }
};

// The header at the start of `bytes`. kTruncated where they are too few; kMalformed where they cannot be one: version
// 5.0 or 5.1, a connection-oriented PDU type, a plausible data representation and a length that holds the header.
[[nodiscard]] Result<PduHeader> ParsePduHeader(Bytes bytes);

// MS-RPCE 2.2.1.1.8
inline constexpr std::uint8_t kAuthLevelPrivacy = 6;

inline constexpr std::size_t kSecTrailerSize = 8;  // bytes, before the token

// sec_trailer (MS-RPCE 2.2.2.11)
struct AuthTrailer {
  std::uint8_t type = 0;
  std::uint8_t level = 0;
  std::uint8_t pad_length = 0;
  std::uint32_t context_id = 0;
  Bytes token;

  [[nodiscard]] bool seals() const { return level == kAuthLevelPrivacy; }
};

// p_cont_elem_t of a bind or alter_context
struct ProposedContext {
  std::uint16_t id = 0;
  SyntaxId interface;
  std::vector<SyntaxId> syntaxes;
};

// p_result_t of the answer. Results stand in the order of the proposals.
struct ContextResult {
  std::uint16_t result = 0;  // 0 acceptance, 1 user_rejection, 2 provider_rejection, 3 negotiate_ack
  std::uint16_t reason = 0;
  SyntaxId syntax;
};

// A PDU taken apart. Which members mean something depends on the type. Views point into the bytes that were parsed.
struct Pdu {
  PduHeader header;
  std::optional<AuthTrailer> auth;
  // request, response, fault
  std::uint32_t alloc_hint = 0;
  std::uint16_t context_id = 0;
  std::optional<std::uint16_t> opnum;  // request; nullopt where it is cut off
  std::optional<Uuid> object;          // request
  std::uint32_t fault_status = 0;      // fault
  Bytes stub;                          // without padding and trailer
  std::uint32_t stub_at = 0;           // bytes from the PDU's start
  bool unsealed = false;               // it was under privacy, and `stub` is in clear
  // bind, alter_context and their answers
  std::vector<ProposedContext> proposals;
  std::vector<ContextResult> results;
  // bind_nak
  std::uint16_t reject_reason = 0;
};

// Takes apart one whole PDU of header.frag_length bytes. kMalformed where its own lengths contradict each other.
[[nodiscard]] Result<Pdu> ParsePdu(Bytes bytes);

// Takes apart the first part of a PDU whose end is missing: the stub is what there is of it. The trailer, whose place
// is known from the header, is left out as far as it is there. Of a request or response the header is enough.
[[nodiscard]] Result<Pdu> ParsePduPrefix(Bytes bytes);

}  // namespace sessenum

#endif  // SESSENUM_RPC_PDU_H_
