#include "net/defrag.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace sessenum {
namespace {

constexpr std::size_t kMaxDatagram = 65'535;  // bytes of payload
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// What a piece costs beside its bytes: the map's node, two blocks of memory and an origin. Without it, fragments of 8
// bytes would take twenty times the memory of their cap.
constexpr std::size_t kPieceOverhead = 192;

// A fragment must lie within 65,535 bytes, hold something, and end on 8 bytes unless it is the last (RFC 791 3.2).
bool IsSound(const IpFragment& fragment, std::size_t length) {
  if (length == 0 || length > kMaxDatagram - fragment.offset) return false;
  return !fragment.more || length % 8 == 0;
}

}  // namespace

// RFC 791 3.2 and RFC 8200 4.5: IPv4 adds the protocol to the addresses and the identification.
Defragmenter::Key Defragmenter::KeyOf(const IpPacket& packet) {
  const bool v6 = packet.source.v6;
  Key key{};
  std::memcpy(key.data(), packet.source.bytes.data(), 16);
  std::memcpy(key.data() + 2, packet.destination.bytes.data(), 16);
  key[4] = std::uint64_t{packet.fragment->id} << 32U | (v6 ? 0x100U : packet.protocol);
  return key;
}

Defragmenter::Assemblies::iterator Defragmenter::FindOrStart(const Key& key, Frame frame) {
  if (const auto found = index_.find(key); found != index_.end()) return found->second;
  if (!waiting_.empty() && waiting_.size() >= budget_.limits().datagrams) {
    budget_.Hit(Cap::kDatagrams);
    GiveUp(waiting_.begin());
  }
  Assembly assembly;
  assembly.key = key;
  assembly.first = frame;
  waiting_.push_back(std::move(assembly));
  const auto started = std::prev(waiting_.end());
  index_.emplace(key, started);
  return started;
}

std::optional<Datagram> Defragmenter::Add(const IpPacket& packet, SourcedBytes payload, Frame frame) {
  const IpFragment fragment = *packet.fragment;
  const auto length = static_cast<std::uint32_t>(packet.payload_length);
  if (!IsSound(fragment, packet.payload_length)) {
    ++counts_.malformed;
    return std::nullopt;
  }
  Expire(frame);
  const auto assembly = FindOrStart(KeyOf(packet), frame);

  const std::uint32_t end = fragment.offset + length;
  const bool is_past_end =
      assembly->length && (end > *assembly->length || (!fragment.more && end != *assembly->length));
  const bool is_last_too_early = !fragment.more && !assembly->pieces.empty() &&
                                 end < assembly->pieces.rbegin()->first + assembly->pieces.rbegin()->second.size();
  if (is_past_end || is_last_too_early) {
    ++counts_.malformed;
    return std::nullopt;
  }
  if (payload.size() < length) assembly->cut = true;
  if (assembly->cut) {
    DropPieces(*assembly);
    return std::nullopt;
  }
  if (!fragment.more) assembly->length = end;
  if (fragment.offset == 0) assembly->protocol = packet.protocol;
  if (!MakeRoom(assembly, payload.size())) return std::nullopt;
  AddPieces(*assembly, fragment.offset, payload);
  if (!assembly->length || assembly->covered != *assembly->length) return std::nullopt;

  Datagram whole;
  whole.protocol = assembly->protocol;
  for (const auto& [offset, piece] : assembly->pieces) whole.payload.Append(piece.View());
  Erase(assembly);
  return whole;
}

// Fills what no earlier fragment covered.
void Defragmenter::AddPieces(Assembly& assembly, std::uint32_t offset, SourcedBytes payload) {
  auto next = assembly.pieces.upper_bound(offset);
  if (next != assembly.pieces.begin()) {
    const auto before = std::prev(next);
    if (before->second.size() > offset - before->first) next = before;
  }
  const bool is_copy = next != assembly.pieces.end() && next->first == offset &&
                       std::equal(payload.bytes().begin(), payload.bytes().end(), next->second.View().bytes().begin(),
                                  next->second.View().bytes().end());
  if (is_copy) return;

  bool overlaps = false;
  while (!payload.empty()) {
    std::size_t step = payload.size();
    if (next != assembly.pieces.end() && next->first <= offset) {
      overlaps = true;
      step = std::min(step, next->first + next->second.size() - offset);
      ++next;
    } else {
      if (next != assembly.pieces.end()) step = std::min<std::size_t>(step, next->first - offset);
      SourcedBuffer piece;
      piece.Append(payload.Sub(0, step));
      assembly.pieces.emplace_hint(next, offset, std::move(piece));
      assembly.covered += static_cast<std::uint32_t>(step);
      assembly.cost += step + kPieceOverhead;
      bytes_held_ += step + kPieceOverhead;
    }
    offset += static_cast<std::uint32_t>(step);
    payload = payload.Sub(step);
  }
  if (overlaps) ++counts_.overlapping_fragments;
}

bool Defragmenter::MakeRoom(Assemblies::iterator assembly, std::size_t cost) {
  const std::size_t wanted = cost + kPieceOverhead;
  while (bytes_held_ > 0 && bytes_held_ + wanted > budget_.limits().datagram_bytes) {
    budget_.Hit(Cap::kDatagramBytes);
    const bool is_own = waiting_.begin() == assembly;
    GiveUp(waiting_.begin());
    if (is_own) return false;
  }
  return true;
}

void Defragmenter::Expire(Frame now) {
  const std::uint64_t patience = static_cast<std::uint64_t>(budget_.limits().datagram_seconds) * kNsPerSecond;
  while (!waiting_.empty() && ElapsedNs(waiting_.front().first, now) > patience) GiveUp(waiting_.begin());
}

void Defragmenter::GiveUp(Assemblies::iterator assembly) {
  ++counts_.incomplete_datagrams;
  Erase(assembly);
}

void Defragmenter::DropPieces(Assembly& assembly) {
  bytes_held_ -= assembly.cost;
  assembly.cost = 0;
  assembly.covered = 0;
  assembly.pieces.clear();
}

void Defragmenter::Erase(Assemblies::iterator assembly) {
  bytes_held_ -= assembly->cost;
  index_.erase(assembly->key);
  waiting_.erase(assembly);
}

void Defragmenter::Finish() {
  while (!waiting_.empty()) GiveUp(waiting_.begin());
}

}  // namespace sessenum
