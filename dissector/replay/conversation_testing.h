// Whole conversations for tests: what two sides say to each other, over plain TCP or SMB2, and the packets that carry
// it.
#ifndef SESSENUM_REPLAY_CONVERSATION_TESTING_H_
#define SESSENUM_REPLAY_CONVERSATION_TESTING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/duplex.h"
#include "net/packet_builder_testing.h"
#include "rpc/pdu_builder_testing.h"
#include "smb/ntlmssp_builder_testing.h"
#include "smb/smb2_builder_testing.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {

using Stub = std::vector<std::uint8_t>;

// One side's bytes up to where the other one speaks.
struct Said {
  Direction direction = Direction::kToServer;
  std::vector<std::uint8_t> bytes;
};
using Conversation = std::vector<Said>;

inline Stub RequestStub(std::uint32_t level = 10, NdrFormat format = {}) {
  MessageBuilder build;
  return EncodeMessage(build.Request(level), format);
}

inline Stub ResponseStub(std::uint32_t level = 10, std::uint32_t sessions = 2, NdrFormat format = {}) {
  MessageBuilder build;
  return EncodeMessage(build.Response(level, sessions), format);
}

inline const SyntaxId& SyntaxIdOf(TransferSyntax syntax) {
  return syntax == TransferSyntax::kNdr ? kNdrSyntax : kNdr64Syntax;
}

inline Stub Bind(TransferSyntax syntax = TransferSyntax::kNdr, const SyntaxId& interface = kSrvsvcInterface) {
  return BindPdu(1, {{0, interface, {SyntaxIdOf(syntax)}}}).Build();
}

inline Stub BindAck(TransferSyntax syntax = TransferSyntax::kNdr) {
  return BindAckPdu(1, {{0, 0, SyntaxIdOf(syntax)}}).Build();
}

// The PDUs of `stub` in fragments of at most `most` bytes of it. `make` builds a PDU of one fragment.
template <typename Make>
Stub InFragments(const Stub& stub, std::size_t most, const Make& make) {
  Stub out;
  for (std::size_t at = 0; at < stub.size(); at += most) {
    const std::size_t size = std::min(most, stub.size() - at);
    const unsigned flags = (at == 0 ? kFirstFrag : 0U) | (at + size == stub.size() ? kLastFrag : 0U);
    const Stub pdu = make(Bytes(stub).subspan(at, size)).Flags(flags).Build();
    out.insert(out.end(), pdu.begin(), pdu.end());
  }
  return out;
}

// Bind, then a call for each level, the last one answered by a fault.
inline Conversation TcpConversation(NdrFormat format = {}, std::size_t fragment = 100) {
  Conversation talk = {{Direction::kToServer, Bind(format.syntax)}, {Direction::kToClient, BindAck(format.syntax)}};
  std::uint32_t id = 2;
  for (const LevelSpec& level : kLevels) {
    const auto request = [&](Bytes part) { return RequestPdu(id, part, format.order); };
    const auto response = [&](Bytes part) { return ResponsePdu(id, part, format.order); };
    talk.push_back({Direction::kToServer, InFragments(RequestStub(level.level, format), fragment, request)});
    talk.push_back({Direction::kToClient, InFragments(ResponseStub(level.level, 5, format), fragment, response)});
    ++id;
  }
  talk.push_back({Direction::kToServer, RequestPdu(id, RequestStub(10, format), format.order).Build()});
  talk.push_back({Direction::kToClient, FaultPdu(id, 0x1C010002, true, format.order).Build()});
  return talk;
}

// Builds the SMB2 messages of one client.
class Smb2Talk {
 public:
  Conversation talk;

  void Ask(Smb2Command command, const smb2::Buffer& body) {
    const smb2::Options options{.command = command, .id = ++id_};
    talk.push_back({Direction::kToServer, smb2::Framed(smb2::Message(options, body))});
  }
  void Answer(Smb2Command command, const smb2::Buffer& body, std::uint32_t status = 0) {
    const smb2::Options options{.command = command, .response = true, .id = id_, .status = status};
    talk.push_back({Direction::kToClient, smb2::Framed(smb2::Message(options, body))});
  }
  void Negotiate() {
    Ask(Smb2Command::kNegotiate, smb2::NegotiateRequest({0xC1}));
    Answer(Smb2Command::kNegotiate, smb2::NegotiateResponse(0x0302, {0x51}));
  }
  void OpenPipe(std::string_view name) {
    Negotiate();
    const auto blob = NtlmAuthenticate({.user = "alice", .domain = "CORP", .workstation = "WS1"});
    Ask(Smb2Command::kSessionSetup, smb2::SessionSetupRequest(blob));
    Answer(Smb2Command::kSessionSetup, smb2::SessionSetupResponse(0));
    Ask(Smb2Command::kTreeConnect, smb2::TreeConnectRequest("\\\\SRV\\IPC$"));
    Answer(Smb2Command::kTreeConnect, smb2::TreeConnectResponse(Smb2ShareType::kPipe));
    Ask(Smb2Command::kCreate, smb2::CreateRequest(name));
    Answer(Smb2Command::kCreate, smb2::CreateResponse());
  }
  // Joins the session of another connection.
  void Join() {
    Negotiate();
    Ask(Smb2Command::kSessionSetup, smb2::SessionSetupRequest({}, 1));
    Answer(Smb2Command::kSessionSetup, smb2::SessionSetupResponse(0));
  }
  void Transceive(const Stub& in, const Stub& out) {
    Ask(Smb2Command::kIoctl, smb2::IoctlRequest(in));
    Answer(Smb2Command::kIoctl, smb2::IoctlResponse(out));
  }
  void WriteAndRead(const Stub& in, const Stub& out) {
    Ask(Smb2Command::kWrite, smb2::WriteRequest(in));
    Answer(Smb2Command::kWrite, smb2::WriteResponse());
    Ask(Smb2Command::kRead, smb2::ReadRequest());
    Answer(Smb2Command::kRead, smb2::ReadResponse(out));
  }
  void ClosePipe() {
    Ask(Smb2Command::kClose, smb2::CloseRequest());
    Answer(Smb2Command::kClose, smb2::CloseResponse());
  }

 private:
  std::uint64_t id_ = 0;
};

// The same calls through a pipe: by WRITE and READ, and by FSCTL_PIPE_TRANSCEIVE.
inline Conversation Smb2Conversation(NdrFormat format = {}, std::string_view pipe = "srvsvc") {
  Smb2Talk smb;
  smb.OpenPipe(pipe);
  smb.WriteAndRead(Bind(format.syntax), BindAck(format.syntax));
  std::uint32_t id = 2;
  for (const LevelSpec& level : kLevels) {
    const Stub in = RequestPdu(id, RequestStub(level.level, format), format.order).Build();
    const Stub out = ResponsePdu(id, ResponseStub(level.level, 5, format), format.order).Build();
    if (id % 2 == 0) {
      smb.Transceive(in, out);
    } else {
      smb.WriteAndRead(in, out);
    }
    ++id;
  }
  smb.ClosePipe();
  return smb.talk;
}

// The sizes of the segments that carry so many bytes.
using Cut = std::function<std::vector<std::size_t>(std::size_t)>;

inline std::vector<std::size_t> Whole(std::size_t size) { return {size}; }
inline std::vector<std::size_t> ByteByByte(std::size_t size) { return std::vector<std::size_t>(size, 1); }

// Pieces of 1 to `most` bytes, the same for the same seed.
inline Cut Random(std::uint32_t seed, std::size_t most) {
  return [seed, most](std::size_t size) mutable {
    std::vector<std::size_t> sizes;
    while (size > 0) {
      seed = seed * 1'664'525U + 1'013'904'223U;
      sizes.push_back(std::min(size, 1 + (seed >> 8U) % most));
      size -= sizes.back();
    }
    return sizes;
  };
}

struct Host {
  IpAddress address;
  std::uint16_t port = 0;
};

struct Wire {
  Host client{builder::Address(1), 40'000};
  Host server{builder::Address(2), 445};
  bool handshake = true;
  bool swap_segments = false;  // every second segment of a direction before the one that it follows
};

// The packets of one TCP connection that carries `talk`, cut into segments by `cut`.
class TcpPackets {
 public:
  explicit TcpPackets(const Wire& wire) : wire_(wire) {}

  // The packets of the next part of it.
  [[nodiscard]] std::vector<builder::Raw> Go(const Conversation& talk, Cut cut = Whole) {
    if (wire_.handshake) Handshake();
    wire_.handshake = false;
    for (const Said& said : talk) Say(said, cut);
    return std::exchange(packets_, {});
  }
  // Those that end it, on both sides.
  [[nodiscard]] std::vector<builder::Raw> End() {
    Put(Direction::kToServer, builder::kFin | builder::kAck, {});
    Put(Direction::kToClient, builder::kFin | builder::kAck, {});
    return std::exchange(packets_, {});
  }
  // The whole of it, ended by the client.
  [[nodiscard]] std::vector<builder::Raw> Build(const Conversation& talk, Cut cut) {
    std::vector<builder::Raw> all = Go(talk, std::move(cut));
    Put(Direction::kToServer, builder::kFin | builder::kAck, {});
    all.insert(all.end(), packets_.begin(), packets_.end());
    return all;
  }

 private:
  [[nodiscard]] std::uint32_t& sequence(Direction direction) { return sequences_[static_cast<std::size_t>(direction)]; }

  void Handshake() {
    Put(Direction::kToServer, builder::kSyn, {});
    ++sequence(Direction::kToServer);
    Put(Direction::kToClient, builder::kSyn | builder::kAck, {});
    ++sequence(Direction::kToClient);
    Put(Direction::kToServer, builder::kAck, {});
  }

  void Say(const Said& said, Cut& cut) {
    const std::size_t first = packets_.size();
    Bytes rest(said.bytes);
    for (const std::size_t size : cut(rest.size())) {
      Put(said.direction, builder::kAck, rest.first(size));
      sequence(said.direction) += static_cast<std::uint32_t>(size);
      rest = rest.subspan(size);
    }
    if (!wire_.swap_segments) return;
    for (std::size_t i = first; i + 1 < packets_.size(); i += 2) std::swap(packets_[i], packets_[i + 1]);
  }

  void Put(Direction direction, unsigned flags, Bytes payload) {
    const bool up = direction == Direction::kToServer;
    const Host& from = up ? wire_.client : wire_.server;
    const Host& to = up ? wire_.server : wire_.client;
    const builder::Tcp tcp{.source = from.port,
                           .destination = to.port,
                           .sequence = sequence(direction),
                           .acknowledgment = sequence(Reverse(direction)),
                           .flags = static_cast<std::uint8_t>(flags)};
    const builder::Raw segment = builder::TcpRaw(tcp, payload);
    const builder::Ip ip{.source = from.address, .destination = to.address};
    packets_.push_back(from.address.v6 ? builder::Ethernet(0x86DD, builder::Ipv6(ip, segment))
                                       : builder::Ethernet(0x0800, builder::Ipv4(ip, segment)));
  }

  Wire wire_;
  std::uint32_t sequences_[2] = {1'000, 0xFFFFFF00};  // the server's wraps
  std::vector<builder::Raw> packets_;
};

inline std::vector<builder::Raw> Packets(const Conversation& talk, const Wire& wire = {}, Cut cut = Whole) {
  return TcpPackets(wire).Build(talk, std::move(cut));
}

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CONVERSATION_TESTING_H_
