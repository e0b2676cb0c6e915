// Property: with room for all, a datagram is put together exactly when its last hole closes, of the bytes that came
// first at each place; with little room, still of bytes that came, and no choice of fragments makes more be kept than
// the caps allow.
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "fuzz/pieces.h"
#include "fuzz/require.h"
#include "net/defrag.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

// A fragment as an input describes it.
struct Fragment {
  std::uint32_t id = 0;  // of its datagram, with its IP version
  IpPacket packet;
  Bytes payload;

  [[nodiscard]] std::size_t offset() const { return packet.fragment->offset; }
  [[nodiscard]] std::size_t end() const { return offset() + packet.payload_length; }
  [[nodiscard]] bool is_last() const { return !packet.fragment->more; }
};

// A piece: bits 0 and 1 of its kind are the datagram, bit 2 says that more follow, bit 3 makes it IPv6, bit 4 cuts it
// short in the capture; its first byte is the offset in units of eight.
template <typename Visitor>
void ForEachFragment(Bytes input, Visitor&& visit) {
  fuzz::ForEachPiece(input, [&](const fuzz::Piece& piece) {
    if (piece.bytes.empty()) return;
    Fragment fragment;
    fragment.id = piece.kind & 0xBU;
    fragment.payload = piece.bytes.subspan(1);
    IpPacket& packet = fragment.packet;
    packet.source.v6 = packet.destination.v6 = (piece.kind & 8U) != 0;
    packet.protocol = kProtocolTcp;
    packet.fragment = IpFragment{fragment.id & 3U, 8U * piece.bytes[0], (piece.kind & 4U) != 0};
    packet.payload_captured = fragment.payload.size();
    packet.payload_length = fragment.payload.size() + ((piece.kind & 16U) != 0 ? 8 : 0);
    visit(fragment);
  });
}

// RFC 791 3.2 and RFC 8200 4.5 by a map of bytes. A fragment that cannot be, or that contradicts the length of its
// datagram, is as if it had not come.
class Reference {
 public:
  // Returns the datagram that the fragment completes.
  std::optional<std::map<std::size_t, std::uint8_t>> Add(const Fragment& fragment) {
    const std::size_t length = fragment.packet.payload_length;
    if (length == 0 || fragment.end() > 65'535 || (!fragment.is_last() && length % 8 != 0)) return std::nullopt;
    State& state = datagrams_[fragment.id];
    const std::size_t highest = state.bytes.empty() ? 0 : state.bytes.rbegin()->first + 1;
    const bool contradicts =
        state.length ? fragment.end() > *state.length || (fragment.is_last() && fragment.end() != *state.length)
                     : fragment.is_last() && fragment.end() < highest;
    if (contradicts) return std::nullopt;
    if (fragment.payload.size() < length) state.is_cut = true;
    if (state.is_cut) {
      state.bytes.clear();
      return std::nullopt;
    }
    if (fragment.is_last()) state.length = fragment.end();
    for (std::size_t i = 0; i < length; ++i) state.bytes.try_emplace(fragment.offset() + i, fragment.payload[i]);
    if (!state.length || state.bytes.size() != *state.length) return std::nullopt;
    auto whole = std::move(state.bytes);
    datagrams_.erase(fragment.id);
    return whole;
  }
  [[nodiscard]] std::size_t incomplete() const { return datagrams_.size(); }

 private:
  struct State {
    std::map<std::size_t, std::uint8_t> bytes;
    std::optional<std::size_t> length;
    bool is_cut = false;
  };
  std::map<std::uint32_t, State> datagrams_;
};

void RequireSame(const Datagram& datagram, const std::map<std::size_t, std::uint8_t>& expected) {
  const Bytes payload = datagram.payload.View().bytes();
  Require(payload.size() == expected.size(), "a datagram is as long as its last fragment says");
  for (std::size_t i = 0; i < payload.size(); ++i) {
    Require(payload[i] == expected.at(i), "a datagram has the first copy of each byte");
  }
}

void RequireExact(Bytes input) {
  const Limits limits;
  Budget budget(limits);
  NetworkCounts counts;
  Defragmenter defragmenter(budget, counts);
  Reference reference;
  std::uint64_t frame = 0;
  ForEachFragment(input, [&](const Fragment& fragment) {
    const Origin origin{0, {++frame, 0}};
    const auto whole = defragmenter.Add(fragment.packet, SourcedBytes(fragment.payload, {&origin, 1}), origin.frame);
    const auto expected = reference.Add(fragment);
    Require(whole.has_value() == expected.has_value(), "a datagram is whole when its last hole closes");
    if (whole) RequireSame(*whole, *expected);
    Require(defragmenter.datagrams_held() == reference.incomplete(), "what is not whole waits");
  });
  defragmenter.Finish();
  Require(counts.incomplete_datagrams == reference.incomplete(), "what never came whole is counted");
  Require(defragmenter.bytes_held() == 0, "in the end nothing is held");
}

// What keeping the pieces of one fragment may cost beyond its bytes.
constexpr std::size_t kPieces = 65'536;

// Every byte that came for a datagram at an offset. Which of two copies is kept depends on datagrams that were given up
// or completed between them, so that each of them is right.
using Copies = std::map<std::pair<std::uint32_t, std::size_t>, std::array<bool, 256>>;

void RequireKnownBytes(const Copies& copies, std::uint32_t id, Bytes payload) {
  for (std::size_t i = 0; i < payload.size(); ++i) {
    const auto copy = copies.find({id, i});
    Require(copy != copies.end() && copy->second[payload[i]], "a datagram has the bytes that its fragments brought");
  }
}

void RequireCapped(Bytes input) {
  Limits limits;
  limits.datagram_bytes = 16'384;
  limits.datagrams = 3;
  Budget budget(limits);
  NetworkCounts counts;
  Defragmenter defragmenter(budget, counts);
  Copies copies;
  std::uint64_t frame = 0;
  ForEachFragment(input, [&](const Fragment& fragment) {
    const Bytes payload = fragment.payload;
    for (std::size_t i = 0; i < payload.size(); ++i) copies[{fragment.id, fragment.offset() + i}][payload[i]] = true;
    const Origin origin{0, {++frame, 0}};
    const auto whole = defragmenter.Add(fragment.packet, SourcedBytes(payload, {&origin, 1}), origin.frame);
    if (whole) RequireKnownBytes(copies, fragment.id, whole->payload.View().bytes());
    Require(defragmenter.datagrams_held() <= limits.datagrams, "no more datagrams wait than may");
    // Room is made before a fragment is taken: it may itself be too large, and fill several holes.
    Require(defragmenter.bytes_held() <= limits.datagram_bytes + 2 * payload.size() + kPieces,
            "no more waits than may");
  });
  defragmenter.Finish();
  Require(defragmenter.bytes_held() == 0, "in the end nothing is held");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RequireExact(Bytes(data, size));
  RequireCapped(Bytes(data, size));
  return 0;
}
