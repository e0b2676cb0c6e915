// Property: a datagram that is put together has just the bytes that its fragments brought, each as it came first, and
// no choice of fragments makes more be kept than the caps allow.
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "net/defrag.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

// What keeping the pieces of one fragment may cost beyond its bytes.
constexpr std::size_t kPieces = 65'536;

// Every byte that came for a datagram at an offset. Which of two copies is kept depends on datagrams that were given up
// or completed between them, so that each of them is right.
using Copies = std::map<std::pair<std::uint32_t, std::uint32_t>, std::array<bool, 256>>;

void RequireKnownBytes(const Copies& copies, std::uint32_t id, Bytes payload) {
  for (std::uint32_t i = 0; i < payload.size(); ++i) {
    const auto copy = copies.find({id, i});
    Require(copy != copies.end() && copy->second[payload[i]], "a datagram has the bytes that its fragments brought");
  }
}

}  // namespace

// A piece: bits 0 and 1 of its kind are the datagram, bit 2 says that more follow, bit 3 makes it IPv6, bit 4 cuts it
// short in the capture; its first byte is the offset in units of eight.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  limits.datagram_bytes = 16'384;
  limits.datagrams = 3;
  Budget budget(limits);
  NetworkCounts counts;
  Defragmenter defragmenter(budget, counts);
  Copies copies;
  std::uint64_t frame = 0;
  fuzz::ForEachPiece(Bytes(data, size), [&](const fuzz::Piece& piece) {
    if (piece.bytes.empty()) return;
    IpPacket packet;
    packet.source.v6 = packet.destination.v6 = (piece.kind & 8U) != 0;
    packet.protocol = kProtocolTcp;
    const std::uint32_t id = piece.kind & 0xBU;
    const std::uint32_t offset = 8U * piece.bytes[0];
    packet.fragment = IpFragment{id & 3U, offset, (piece.kind & 4U) != 0};
    const Bytes payload = piece.bytes.subspan(1);
    packet.payload_captured = payload.size();
    packet.payload_length = payload.size() + ((piece.kind & 16U) != 0 ? 8 : 0);
    for (std::uint32_t i = 0; i < payload.size(); ++i) copies[{id, offset + i}][payload[i]] = true;
    const Origin origin{0, {++frame, 0}};
    const auto whole = defragmenter.Add(packet, SourcedBytes(payload, {&origin, 1}), origin.frame);
    if (whole) RequireKnownBytes(copies, id, whole->payload.View().bytes());
    Require(defragmenter.datagrams_held() <= limits.datagrams, "no more datagrams wait than may");
    // Room is made before a fragment is taken: it may itself be too large, and fill several holes.
    Require(defragmenter.bytes_held() <= limits.datagram_bytes + 2 * payload.size() + kPieces,
            "no more waits than may");
  });
  defragmenter.Finish();
  Require(defragmenter.bytes_held() == 0, "in the end nothing is held");
  return 0;
}
