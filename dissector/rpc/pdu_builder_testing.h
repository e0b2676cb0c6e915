// Makes PDUs, lawful or not.
#ifndef SESSENUM_RPC_PDU_BUILDER_TESTING_H_
#define SESSENUM_RPC_PDU_BUILDER_TESTING_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_writer.h"
#include "rpc/pdu.h"
#include "rpc/uuid.h"

namespace sessenum {

inline constexpr SyntaxId kFeatureNegotiation{
    {0x6cb71c2c, 0x9812, 0x4540, {0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00}}, 1, 0};

struct BuiltAuth {
  std::uint8_t type = 10;
  std::uint8_t level = 5;
  std::uint8_t pad_length = 0;
  std::vector<std::uint8_t> token = std::vector<std::uint8_t>(16, 0xA0);
};

// A PDU under construction. The body is appended; Bytes() puts header, padding and trailer around it.
class PduBuilder {
 public:
  explicit PduBuilder(PduType type, ByteOrder order = ByteOrder::kLittle) : type_(type), order_(order) {}

  PduBuilder& CallId(std::uint32_t call_id) { return call_id_ = call_id, *this; }
  PduBuilder& Flags(unsigned flags) { return flags_ = static_cast<std::uint8_t>(flags), *this; }
  PduBuilder& Auth(const BuiltAuth& auth) { return auth_ = auth, *this; }
  template <typename T>
  PduBuilder& Put(T value) {
    ByteWriter(body_, order_).Write(value);
    return *this;
  }
  PduBuilder& PutBytes(Bytes bytes) {
    ByteWriter(body_, order_).WriteBytes(bytes);
    return *this;
  }
  PduBuilder& PutSyntax(const SyntaxId& syntax) {
    Put(syntax.uuid.time_low).Put(syntax.uuid.time_mid).Put(syntax.uuid.time_hi_and_version);
    PutBytes(syntax.uuid.rest);
    return Put(static_cast<std::uint32_t>(syntax.major | (std::uint32_t{syntax.minor} << 16U)));
  }

  [[nodiscard]] std::vector<std::uint8_t> Build() const {
    const std::size_t trailer = auth_ ? auth_->pad_length + 8 + auth_->token.size() : 0;
    std::vector<std::uint8_t> out;
    ByteWriter writer(out, order_);
    writer.WriteBytes(std::vector<std::uint8_t>{5, 0, static_cast<std::uint8_t>(type_), flags_});
    writer.WriteBytes(
        std::vector<std::uint8_t>{static_cast<std::uint8_t>(order_ == ByteOrder::kLittle ? 0x10 : 0), 0, 0, 0});
    writer.Write(static_cast<std::uint16_t>(kPduHeaderSize + body_.size() + trailer));
    writer.Write(static_cast<std::uint16_t>(auth_ ? auth_->token.size() : 0));
    writer.Write(call_id_);
    writer.WriteBytes(body_);
    if (!auth_) return out;
    writer.WriteFill(auth_->pad_length, 0xBB);
    writer.WriteBytes(std::vector<std::uint8_t>{auth_->type, auth_->level, auth_->pad_length, 0});
    writer.Write(std::uint32_t{0x0001F00D});
    writer.WriteBytes(auth_->token);
    return out;
  }

 private:
  PduType type_;
  ByteOrder order_;
  std::uint8_t flags_ = kFirstFrag | kLastFrag;
  std::uint32_t call_id_ = 1;
  std::optional<BuiltAuth> auth_;
  std::vector<std::uint8_t> body_;
};

inline PduBuilder RequestPdu(std::uint32_t call_id, Bytes stub, ByteOrder order = ByteOrder::kLittle,
                             std::uint16_t context_id = 0, std::uint16_t opnum = 12) {
  PduBuilder pdu(PduType::kRequest, order);
  return pdu.CallId(call_id).Put(static_cast<std::uint32_t>(stub.size())).Put(context_id).Put(opnum).PutBytes(stub);
}

inline PduBuilder ResponsePdu(std::uint32_t call_id, Bytes stub, ByteOrder order = ByteOrder::kLittle,
                              std::uint16_t context_id = 0) {
  PduBuilder pdu(PduType::kResponse, order);
  pdu.CallId(call_id).Put(static_cast<std::uint32_t>(stub.size())).Put(context_id).Put(std::uint16_t{0});
  return pdu.PutBytes(stub);
}

inline PduBuilder FaultPdu(std::uint32_t call_id, std::uint32_t status, bool with_reserved = true,
                           ByteOrder order = ByteOrder::kLittle) {
  PduBuilder pdu(PduType::kFault, order);
  pdu.CallId(call_id).Put(std::uint32_t{0x20}).Put(std::uint16_t{0}).Put(std::uint16_t{0}).Put(status);
  return with_reserved ? pdu.Put(std::uint32_t{0}) : pdu;
}

// A bind or alter_context.
inline PduBuilder BindPdu(std::uint32_t call_id, const std::vector<ProposedContext>& proposals,
                          PduType type = PduType::kBind, ByteOrder order = ByteOrder::kLittle) {
  PduBuilder pdu(type, order);
  pdu.CallId(call_id).Put(std::uint16_t{4280}).Put(std::uint16_t{4280}).Put(std::uint32_t{0});
  pdu.Put(static_cast<std::uint8_t>(proposals.size())).Put(std::uint8_t{0}).Put(std::uint16_t{0});
  for (const ProposedContext& proposal : proposals) {
    pdu.Put(proposal.id).Put(static_cast<std::uint8_t>(proposal.syntaxes.size())).Put(std::uint8_t{0});
    pdu.PutSyntax(proposal.interface);
    for (const SyntaxId& syntax : proposal.syntaxes) pdu.PutSyntax(syntax);
  }
  return pdu;
}

// A bind_ack or alter_context_resp.
inline PduBuilder BindAckPdu(std::uint32_t call_id, const std::vector<ContextResult>& results,
                             std::string_view address = "\\PIPE\\srvsvc", PduType type = PduType::kBindAck,
                             ByteOrder order = ByteOrder::kLittle) {
  PduBuilder pdu(type, order);
  pdu.CallId(call_id).Put(std::uint16_t{4280}).Put(std::uint16_t{4280}).Put(std::uint32_t{0x5000});
  const std::size_t length = address.empty() ? 0 : address.size() + 1;
  pdu.Put(static_cast<std::uint16_t>(length));
  for (const char c : address) pdu.Put(static_cast<std::uint8_t>(c));
  if (!address.empty()) pdu.Put(std::uint8_t{0});
  for (std::size_t at = 26 + length; at % 4 != 0; ++at) pdu.Put(std::uint8_t{0xCC});
  pdu.Put(static_cast<std::uint8_t>(results.size())).Put(std::uint8_t{0}).Put(std::uint16_t{0});
  for (const ContextResult& result : results) pdu.Put(result.result).Put(result.reason).PutSyntax(result.syntax);
  return pdu;
}

// The stub of `size` bytes that counts up from `first`.
inline std::vector<std::uint8_t> CountingStub(std::size_t size, unsigned first = 0) {
  std::vector<std::uint8_t> stub(size);
  for (std::size_t i = 0; i < size; ++i) stub[i] = static_cast<std::uint8_t>(first + i);
  return stub;
}

}  // namespace sessenum

#endif  // SESSENUM_RPC_PDU_BUILDER_TESTING_H_
