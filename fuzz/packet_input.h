// How targets that see packets read their input: a chain of pieces (fuzz/pieces.h), each a packet.
//
// Bits 0 to 2 of a piece's kind are its link type, bit 3 says that the capture cut it short. Of the first one bit 4
// asks for every verdict, bit 5 gives the keys of pcaps/, bit 6 leaves little room, bit 7 is for the target to use.
#ifndef SESSENUM_FUZZ_PACKET_INPUT_H_
#define SESSENUM_FUZZ_PACKET_INPUT_H_

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "net/packet.h"
#include "replay/call.h"
#include "replay/dissector.h"
#include "smb/cipher_suite.h"
#include "smb/crypto_library.h"
#include "smb/key_store.h"

namespace sessenum::fuzz {

struct PacketOptions {
  bool tells_all = false;
  bool has_keys = false;
  bool has_little_room = false;
  bool last_bit = false;
};

inline PacketOptions OptionsOf(Bytes input) {
  const unsigned kind = input.empty() ? 0 : input[0];
  return {(kind & 16U) != 0, (kind & 32U) != 0, (kind & 64U) != 0, (kind & 128U) != 0};
}

// Few enough for an input to reach them.
inline Limits LittleRoom() {
  Limits limits;
  limits.flows = 4;
  limits.flow_bytes = 2'000;
  limits.total_flow_bytes = 3'000;
  limits.flow_history_bytes = 100;
  limits.total_history_bytes = 150;
  limits.datagrams = 2;
  limits.datagram_bytes = 1'000;
  limits.smb_message_bytes = 600;
  limits.smb_sessions = limits.smb_trees = limits.smb_opens = limits.smb_requests = 2;
  limits.smb_known_sessions = 6;  // more than a connection may join
  limits.smb_name_bytes = 8;
  limits.key_complaints = 1;
  limits.judged_series = 2;
  limits.rpc_calls = 2;
  limits.rpc_contexts = 2;
  limits.frames = 3;
  limits.stub_bytes = 200;
  limits.total_stub_bytes = limits.rpc_calls * sizeof(Call) + 1'000;
  limits.sessions = 4;
  limits.anomalies = 3;
  limits.waiting_calls = 2;
  return limits;
}

// The keys of pcaps/: so that what is sealed there is a seed for what lies behind the cipher.
inline const KeyStore& KeysOfSeeds() {
  static const KeyStore keys = [] {
    KeyStore store;
    const bool refused = store
                             .Parse(
                                 "smb-session 5F1678D100000000 8C1FB9EAE65FB479CD6125AB1DE071E8\n"
                                 "nt-password root Passw0rd!\n")
                             .has_value();
    Require(!refused, "keys are read");
    Require(CryptoLibraryVersion().empty() == (SystemCipherSuite() == nullptr),
            "a library that is there has a version");
    return store;
  }();
  return keys;
}

inline DissectorOptions DissectorOptionsFor(const PacketOptions& asked) {
  DissectorOptions options;
  options.judge->telling = asked.tells_all ? Telling::kAll : Telling::kNotable;
  if (asked.has_keys) options.keys = &KeysOfSeeds();
  if (asked.has_little_room) options.limits = LittleRoom();
  return options;
}

// Calls `visit(packet)` for each packet of `input`, a millisecond apart.
template <typename Visitor>
void ForEachPacket(Bytes input, Visitor&& visit) {
  constexpr std::array<LinkType, 8> kLinks = {LinkType::kEthernet, LinkType::kRaw,      LinkType::kLinuxSll,
                                              LinkType::kNull,     LinkType::kPpp,      LinkType::kLinuxSll2,
                                              LinkType::kIpv4,     LinkType::kIeee80211};
  std::uint64_t number = 0;
  ForEachPiece(input, [&](const Piece& piece) {
    Packet packet;
    packet.frame = {++number, static_cast<std::int64_t>(number) * 1'000'000};
    packet.link = kLinks[piece.kind & 7U];
    packet.bytes = piece.bytes;
    packet.original_length = piece.bytes.size() + ((piece.kind & 8U) != 0 ? 50 : 0);
    visit(packet);
  });
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_PACKET_INPUT_H_
