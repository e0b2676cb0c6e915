#include "fuzz/mutator/conversation.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/byte_writer.h"
#include "fuzz/mutator/stub_mutator.h"
#include "rpc/pdu_builder_testing.h"
#include "srvsvc/model.h"

namespace sessenum::fuzz {
namespace {

constexpr std::size_t kStubAt = 24;  // behind the header and alloc_hint, p_cont_id, opnum (C706 12.6.4.9, .10)

using Buffer = std::vector<std::uint8_t>;

constexpr std::uint8_t kSyn = 2;
constexpr std::uint8_t kAck = 16;

// Each side's next sequence number, by Direction.
using Numbers = std::array<std::uint32_t, 2>;

Buffer MakePacket(Direction direction, const Numbers& next, std::uint8_t flags, const Buffer& payload) {
  const bool up = direction == Direction::kToServer;
  Buffer packet(12);
  ByteWriter out(packet, ByteOrder::kBig);
  out.Write(std::uint16_t{0x0800});
  out.Write(std::uint16_t{0x4500});
  out.Write(static_cast<std::uint16_t>(40 + payload.size()));
  out.WriteBytes(std::array<std::uint8_t, 8>{0, 0, 0, 0, 64, 6, 0, 0});
  out.Write(std::uint32_t{up ? 0x0A000002U : 0x0A000001U});
  out.Write(std::uint32_t{up ? 0x0A000001U : 0x0A000002U});
  out.Write(std::uint16_t{up ? std::uint16_t{40000} : std::uint16_t{49664}});
  out.Write(std::uint16_t{up ? std::uint16_t{49664} : std::uint16_t{40000}});
  out.Write(next[up ? 0 : 1]);
  out.Write(next[up ? 1 : 0]);
  out.WriteBytes(std::array<std::uint8_t, 8>{0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0});
  out.WriteBytes(payload);
  return packet;
}

// The header of a request or response that is a whole PDU, with the opnum of a request.
bool IsCallAt(Bytes bytes, std::size_t at) {
  if (bytes.size() - at <= kStubAt || bytes[at] != 5 || bytes[at + 1] != 0 || (bytes[at + 3] & 3U) != 3) return false;
  const auto type = static_cast<PduType>(bytes[at + 2]);
  if (type == PduType::kResponse) return true;
  return type == PduType::kRequest && bytes[at + 22] + bytes[at + 23] == kOpnumNetrSessionEnum;
}

std::size_t FragLengthAt(Bytes bytes, std::size_t at, ByteOrder order) {
  return LoadInteger<std::uint16_t>(bytes.data() + at + 8, order);
}

}  // namespace

std::vector<Said> MakeConversation(Draw& draw) {
  const bool wide = draw.OneIn(2);
  const NdrFormat format{wide ? TransferSyntax::kNdr64 : TransferSyntax::kNdr, ByteOrder::kLittle};
  const SyntaxId& syntax = wide ? kNdr64Syntax : kNdrSyntax;
  std::vector<Said> said;
  said.push_back({Direction::kToServer, BindPdu(1, {{0, kSrvsvcInterface, {syntax}}}).Build()});
  said.push_back({Direction::kToClient, BindAckPdu(1, {{0, 0, syntax}}).Build()});
  const std::uint32_t calls = 1 + static_cast<std::uint32_t>(draw.Below(3));
  for (std::uint32_t id = 2; id < 2 + calls; ++id) {
    said.push_back({Direction::kToServer, RequestPdu(id, MakeStub(Direction::kToServer, format, draw)).Build()});
    said.push_back({Direction::kToClient, ResponsePdu(id, MakeStub(Direction::kToClient, format, draw)).Build()});
  }
  return said;
}

std::vector<std::vector<std::uint8_t>> PacketsOf(const std::vector<Said>& conversation) {
  Numbers next = {1000, 5000};
  std::vector<Buffer> packets;
  packets.push_back(MakePacket(Direction::kToServer, next, kSyn, {}));
  ++next[0];
  packets.push_back(MakePacket(Direction::kToClient, next, kSyn | kAck, {}));
  ++next[1];
  for (const Said& said : conversation) {
    packets.push_back(MakePacket(said.direction, next, kAck, said.bytes));
    next[static_cast<std::size_t>(said.direction)] += static_cast<std::uint32_t>(said.bytes.size());
  }
  return packets;
}

void MutateStubWithin(std::vector<std::uint8_t>& bytes, Draw& draw) {
  std::size_t at = 0;
  while (at < bytes.size() && !IsCallAt(bytes, at)) ++at;
  if (at >= bytes.size()) return;
  const ByteOrder order = (bytes[at + 4] & 0x10U) != 0 ? ByteOrder::kLittle : ByteOrder::kBig;
  const std::size_t end = std::min(bytes.size(), at + std::max(kStubAt, FragLengthAt(bytes, at, order)));
  const Bytes stub = Bytes(bytes).subspan(at + kStubAt, end - at - kStubAt);
  const Direction direction =
      bytes[at + 2] == static_cast<std::uint8_t>(PduType::kRequest) ? Direction::kToServer : Direction::kToClient;
  const NdrFormat format{draw.OneIn(2) ? TransferSyntax::kNdr64 : TransferSyntax::kNdr, order};
  Buffer changed = MutateStub(stub, direction, format, format, draw);
  changed.resize(stub.size());
  std::copy(changed.begin(), changed.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at + kStubAt));
}

}  // namespace sessenum::fuzz
