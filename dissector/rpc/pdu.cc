#include "rpc/pdu.h"

#include <algorithm>

#include "base/byte_reader.h"

namespace sessenum {
namespace {

bool IsConnectionOriented(std::uint8_t type) {
  return type == 0 || type == 2 || type == 3 || (type >= 11 && type <= 19);
}

// The data representation label (C706 14.1): integer order in the high half of byte 0, character set in the low half,
// floating point in byte 1; the rest is reserved.
bool IsDataRepresentation(Bytes drep) { return (drep[0] & 0xEEU) == 0 && drep[1] <= 3 && drep[2] == 0 && drep[3] == 0; }

// Where the security trailer of a PDU starts; its end if it has none.
Result<std::size_t> TrailerStart(const PduHeader& header) {
  if (header.auth_length == 0) return std::size_t{header.frag_length};
  const std::size_t trailer = header.auth_length + kSecTrailerSize;
  if (trailer > header.frag_length - kPduHeaderSize) return Malformed(10);
  return header.frag_length - trailer;
}

Status ReadAuthTrailer(Bytes bytes, const PduHeader& header, std::size_t start, AuthTrailer& out) {
  ByteReader in(bytes.subspan(start), header.order, start);
  SE_TRY(in.Read(out.type));
  SE_TRY(in.Read(out.level));
  SE_TRY(in.Read(out.pad_length));
  SE_TRY(in.Skip(1));
  SE_TRY(in.Read(out.context_id));
  return in.ReadBytes(header.auth_length, out.token);
}

// C706 12.6.4.9
Status ReadRequest(ByteReader& in, Pdu& pdu) {
  SE_TRY(in.Read(pdu.alloc_hint));
  SE_TRY(in.Read(pdu.context_id));
  std::uint16_t opnum = 0;
  SE_TRY(in.Read(opnum));
  pdu.opnum = opnum;
  if ((pdu.header.flags & kObjectUuid) != 0) SE_TRY(ReadUuid(in, pdu.object.emplace()));
  return Ok();
}

// C706 12.6.4.10; a cancel count and a reserved byte stand before the stub
Status ReadResponse(ByteReader& in, Pdu& pdu) {
  SE_TRY(in.Read(pdu.alloc_hint));
  SE_TRY(in.Read(pdu.context_id));
  return in.Skip(2);
}

// C706 12.6.4.7. Some servers leave out the four reserved bytes after the status.
Status ReadFault(ByteReader& in, Pdu& pdu) {
  SE_TRY(ReadResponse(in, pdu));
  SE_TRY(in.Read(pdu.fault_status));
  return in.Skip(std::min<std::size_t>(4, in.remaining()));
}

Status ReadProposal(ByteReader& in, ProposedContext& out) {
  std::uint8_t syntaxes = 0;
  SE_TRY(in.Read(out.id));
  SE_TRY(in.Read(syntaxes));
  SE_TRY(in.Skip(1));
  SE_TRY(ReadSyntaxId(in, out.interface));
  for (unsigned i = 0; i < syntaxes; ++i) SE_TRY(ReadSyntaxId(in, out.syntaxes.emplace_back()));
  return Ok();
}

// C706 12.6.4.3 and .1: fragment sizes and association group, then the proposals
Status ReadBind(ByteReader& in, Pdu& pdu) {
  std::uint8_t contexts = 0;
  SE_TRY(in.Skip(8));
  SE_TRY(in.Read(contexts));
  SE_TRY(in.Skip(3));
  for (unsigned i = 0; i < contexts; ++i) SE_TRY(ReadProposal(in, pdu.proposals.emplace_back()));
  return Ok();
}

// C706 12.6.4.4 and .2: the secondary address is padded to four bytes from the PDU's start
Status ReadBindAck(ByteReader& in, Pdu& pdu) {
  std::uint16_t address_length = 0;
  std::uint8_t results = 0;
  SE_TRY(in.Skip(8));
  SE_TRY(in.Read(address_length));
  SE_TRY(in.Skip(address_length));
  SE_TRY(in.Skip((4 - in.offset() % 4) % 4));
  SE_TRY(in.Read(results));
  SE_TRY(in.Skip(3));
  for (unsigned i = 0; i < results; ++i) {
    ContextResult& result = pdu.results.emplace_back();
    SE_TRY(in.Read(result.result));
    SE_TRY(in.Read(result.reason));
    SE_TRY(ReadSyntaxId(in, result.syntax));
  }
  return Ok();
}

Status ReadBody(ByteReader& in, Pdu& pdu) {
  switch (pdu.header.type) {
    case PduType::kRequest:
      return ReadRequest(in, pdu);
    case PduType::kResponse:
      return ReadResponse(in, pdu);
    case PduType::kFault:
      return ReadFault(in, pdu);
    case PduType::kBind:
    case PduType::kAlterContext:
      return ReadBind(in, pdu);
    case PduType::kBindAck:
    case PduType::kAlterContextResp:
      return ReadBindAck(in, pdu);
    case PduType::kBindNak:
      return in.Read(pdu.reject_reason);
    case PduType::kAuth3:
    case PduType::kShutdown:
    case PduType::kCoCancel:
    case PduType::kOrphaned:
      return Ok();
  }
  return Malformed(2);
}

// Reads the body from what stands between the header and the trailer.
Status ReadBodyAndStub(Bytes body, Pdu& pdu) {
  ByteReader in(body, pdu.header.order, kPduHeaderSize);
  SE_TRY(ReadBody(in, pdu));
  pdu.stub_at = ClampToU32(in.offset());
  pdu.stub = in.rest();
  return Ok();
}

// auth3 has four bytes of padding and no stub (MS-RPCE 2.2.2.10); that of a fault is to be ignored (2.2.2.8), and where
// its reserved bytes are left out, padding stands in their place. What either says of padding concerns no stub.
bool CarriesStub(PduType type) { return type == PduType::kRequest || type == PduType::kResponse; }

}  // namespace

Direction DirectionOf(PduType type) {
  switch (type) {
    case PduType::kRequest:
    case PduType::kBind:
    case PduType::kAlterContext:
    case PduType::kAuth3:
    case PduType::kCoCancel:
    case PduType::kOrphaned:
      return Direction::kToServer;
    case PduType::kResponse:
    case PduType::kFault:
    case PduType::kBindAck:
    case PduType::kBindNak:
    case PduType::kAlterContextResp:
    case PduType::kShutdown:
      return Direction::kToClient;
  }
  return Direction::kToClient;
}

Result<PduHeader> ParsePduHeader(Bytes bytes) {
  if (bytes.size() < kPduHeaderSize) return Truncated(0, kPduHeaderSize);
  if (bytes[0] != 5 || bytes[1] > 1 || !IsConnectionOriented(bytes[2]) || !IsDataRepresentation(bytes.subspan(4, 4))) {
    return Malformed(0);
  }
  PduHeader header;
  header.type = static_cast<PduType>(bytes[2]);
  header.flags = bytes[3];
  header.order = (bytes[4] & 0x10U) != 0 ? ByteOrder::kLittle : ByteOrder::kBig;
  header.frag_length = LoadInteger<std::uint16_t>(&bytes[8], header.order);
  header.auth_length = LoadInteger<std::uint16_t>(&bytes[10], header.order);
  header.call_id = LoadInteger<std::uint32_t>(&bytes[12], header.order);
  if (header.frag_length < kPduHeaderSize) return Malformed(8);
  return header;
}

Result<Pdu> ParsePdu(Bytes bytes) {
  const Result<PduHeader> header = ParsePduHeader(bytes);
  if (!header.ok()) return header.status();
  Pdu pdu;
  pdu.header = header.value();
  if (bytes.size() < pdu.header.frag_length) return Truncated(bytes.size(), pdu.header.frag_length - bytes.size());
  const Result<std::size_t> trailer = TrailerStart(pdu.header);
  if (!trailer.ok()) return trailer.status();
  const Status body = ReadBodyAndStub(bytes.subspan(kPduHeaderSize, trailer.value() - kPduHeaderSize), pdu);
  // All bytes are there: a field that does not fit contradicts frag_length.
  if (!body.ok()) return Malformed(body.offset);
  if (pdu.header.auth_length == 0) return pdu;
  SE_TRY(ReadAuthTrailer(bytes, pdu.header, trailer.value(), pdu.auth.emplace()));
  if (!CarriesStub(pdu.header.type)) return pdu;
  if (pdu.auth->pad_length > pdu.stub.size()) return Malformed(trailer.value() + 2);
  pdu.stub = pdu.stub.first(pdu.stub.size() - pdu.auth->pad_length);
  return pdu;
}

Result<Pdu> ParsePduPrefix(Bytes bytes) {
  const Result<PduHeader> header = ParsePduHeader(bytes);
  if (!header.ok()) return header.status();
  Pdu pdu;
  pdu.header = header.value();
  const Result<std::size_t> trailer = TrailerStart(pdu.header);
  if (!trailer.ok()) return trailer.status();
  const std::size_t end = std::min(bytes.size(), trailer.value());
  const Status body = ReadBodyAndStub(bytes.subspan(kPduHeaderSize, end - kPduHeaderSize), pdu);
  if (body.ok()) return pdu;
  if (body.code != Errc::kTruncated || !CarriesStub(pdu.header.type)) return body;
  pdu.stub_at = ClampToU32(end);
  return pdu;
}

}  // namespace sessenum
