#include "fuzz/mutator/forms.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "fuzz/mutator/conversation.h"
#include "fuzz/mutator/stub_mutator.h"
#include "fuzz/pieces.h"
#include "fuzz/stub_input.h"

namespace sessenum::fuzz {
namespace {

using Buffer = std::vector<std::uint8_t>;

void Append(Bytes bytes, Buffer& out) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void AppendSize(std::size_t size, Buffer& out) {
  out.push_back(static_cast<std::uint8_t>(size));
  out.push_back(static_cast<std::uint8_t>(size >> 8U));
}

std::uint8_t AnyByte(Draw& draw) { return static_cast<std::uint8_t>(draw.Bits()); }

// One byte changed, some inserted, or some taken out.
void DamageBytes(Draw& draw, Buffer& bytes) {
  const std::size_t at = draw.Below(bytes.size() + 1);
  const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (draw.Below(3)) {
    case 0:
      if (at < bytes.size()) *place = static_cast<std::uint8_t>(draw.Number(*place));
      return;
    case 1:
      bytes.insert(place, 1 + draw.Below(8), AnyByte(draw));
      return;
    default:
      bytes.erase(place, place + static_cast<std::ptrdiff_t>(std::min(draw.Below(9), bytes.size() - at)));
  }
}

// The front of one list and the back of the other.
template <typename List>
List CrossLists(const List& one, const List& other, Draw& draw) {
  const std::size_t from_one = draw.Below(one.size() + 1);
  const std::size_t from_other = draw.Below(other.size() + 1);
  List out(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(from_one));
  out.insert(out.end(), other.begin() + static_cast<std::ptrdiff_t>(from_other), other.end());
  return out;
}

// --- fuzz/stub_input.h

Buffer MutateStubInput(Bytes input, Draw& draw) {
  Buffer out = {input.empty() || draw.OneIn(64) ? AnyByte(draw) : input[0]};
  const StubInput from = ReadStubInput(out.data(), out.size());
  if (draw.OneIn(8)) out[0] = static_cast<std::uint8_t>((out[0] & 1U) | (AnyByte(draw) & 0xFEU));
  const NdrFormat to = ReadStubInput(out.data(), out.size()).format;
  if (input.empty() || draw.OneIn(64)) {
    Append(MakeStub(from.direction, to, draw), out);
  } else {
    Append(MutateStub(input.subspan(1), from.direction, from.format, to, draw), out);
  }
  return out;
}

// Where what follows the first byte is of one kind: the front of one and the back of the other.
Buffer CrossBytes(Bytes one, Bytes other, Draw& draw) {
  if (one.empty()) return {other.begin(), other.end()};
  const Buffer bytes(one.begin(), one.end());
  return CrossLists(bytes, Buffer(other.begin(), other.end()), draw);
}

// --- call_pair_rules.cc

constexpr std::size_t kAnotherFollows = 0x8000;
constexpr std::size_t kConforming = 0xFFFF;
constexpr std::size_t kMostCalls = 4;

struct CallInput {
  std::uint8_t flags = 0;
  bool other_pipe = false;
  Buffer request;
  Buffer response;
};

Buffer TakeBytes(std::size_t size, Bytes& input) {
  const Bytes taken = input.first(std::min(size, input.size()));
  input = input.subspan(taken.size());
  return {taken.begin(), taken.end()};
}

std::size_t TakeSize(Bytes& input) {
  const Buffer size = TakeBytes(2, input);
  return size.size() < 2 ? 0 : size[0] + std::size_t{256} * size[1];
}

std::vector<CallInput> ReadCalls(Bytes input) {
  std::vector<CallInput> calls;
  while (input.size() >= 3) {
    CallInput& call = calls.emplace_back();
    call.flags = TakeBytes(1, input)[0];
    const std::size_t size = TakeSize(input);
    call.request = TakeBytes(size & ~kAnotherFollows, input);
    std::size_t response_size = input.size();
    if ((size & kAnotherFollows) != 0) {
      response_size = TakeSize(input);
      call.other_pipe = (response_size & kAnotherFollows) != 0;
    }
    call.response = TakeBytes(response_size & ~kAnotherFollows, input);
  }
  return calls;
}

Buffer WriteCalls(const std::vector<CallInput>& calls) {
  Buffer out;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const CallInput& call = calls[i];
    const bool another = i + 1 < calls.size() || call.other_pipe;
    out.push_back(call.flags);
    AppendSize(std::min<std::size_t>(call.request.size(), kAnotherFollows - 1) | (another ? kAnotherFollows : 0), out);
    Append(call.request, out);
    if (another) AppendSize(call.response.size() | (call.other_pipe ? kAnotherFollows : 0), out);
    Append(call.response, out);
  }
  return out;
}

NdrFormat FormatOf(const CallInput& call) {
  const std::uint8_t kind = static_cast<std::uint8_t>((call.flags & 3U) << 1U);
  return ReadStubInput(&kind, 1).format;
}

CallInput MakeCall(Draw& draw) {
  CallInput call;
  // Nothing of the call is missing.
  call.flags = AnyByte(draw) & 0x83U;
  call.request = MakeStub(Direction::kToServer, FormatOf(call), draw);
  call.response = MakeStub(Direction::kToClient, FormatOf(call), draw);
  return call;
}

void MutateCall(Draw& draw, CallInput& call) {
  const NdrFormat format = FormatOf(call);
  switch (draw.Below(4)) {
    case 0:
      call.flags ^= static_cast<std::uint8_t>(1U << (2 + draw.Below(6)));
      return;
    case 1:
      call.request = MutateStub(call.request, Direction::kToServer, format, format, draw);
      return;
    case 2:
      call.other_pipe = !call.other_pipe;
      return;
    default:
      call.response = MutateStub(call.response, Direction::kToClient, format, format, draw);
  }
}

// Two bytes of 0xFF behind the first, then choices.
bool IsConforming(Bytes input) { return input.size() >= 3 && input[1] + std::size_t{256} * input[2] == kConforming; }

Buffer MutateConforming(Bytes input, Draw& draw) {
  Buffer choices(input.begin() + 3, input.end());
  if (choices.empty() || draw.OneIn(16)) {
    choices.resize(16 + draw.Below(200));
    for (std::uint8_t& choice : choices) choice = AnyByte(draw);
  }
  DamageBytes(draw, choices);
  Buffer out = {input[0], 0xFF, 0xFF};
  Append(choices, out);
  return out;
}

Buffer MutateCallsInput(Bytes input, Draw& draw) {
  static constexpr std::uint8_t kStart[] = {0, 0xFF, 0xFF};
  if (IsConforming(input)) return MutateConforming(input, draw);
  if (draw.OneIn(50)) return MutateConforming(kStart, draw);
  std::vector<CallInput> calls = ReadCalls(input);
  if (calls.empty() || (draw.OneIn(16) && calls.size() < kMostCalls)) calls.push_back(MakeCall(draw));
  if (draw.OneIn(16) && calls.size() < kMostCalls) calls.push_back(CallInput(draw.Of(calls)));
  if (draw.OneIn(16) && calls.size() > 1) calls.erase(calls.begin());
  MutateCall(draw, draw.Of(calls));
  return WriteCalls(calls);
}

Buffer CrossCallsInputs(Bytes one, Bytes other, Draw& draw) {
  if (IsConforming(one) || IsConforming(other)) return {one.begin(), one.end()};
  std::vector<CallInput> calls = CrossLists(ReadCalls(one), ReadCalls(other), draw);
  if (calls.size() > kMostCalls) calls.resize(kMostCalls);
  return WriteCalls(calls);
}

// --- rpc_pdus.cc

Buffer MutatePdusInput(Bytes input, Draw& draw) {
  Buffer out = {input.empty() ? AnyByte(draw) : input[0]};
  if (input.size() < 2 || draw.OneIn(64)) {
    for (const Said& said : MakeConversation(draw)) Append(said.bytes, out);
    return out;
  }
  Buffer stream(input.begin() + 1, input.end());
  if (draw.OneIn(2)) {
    MutateStubWithin(stream, draw);
  } else {
    DamageBytes(draw, stream);
  }
  Append(stream, out);
  return out;
}

// --- fuzz/pieces.h

struct OwnPiece {
  std::uint8_t kind = 0;
  Buffer bytes;
};

constexpr std::size_t kLongestPiece = 0xFFFF;

std::vector<OwnPiece> ReadPieces(Bytes input) {
  std::vector<OwnPiece> pieces;
  ForEachPiece(input, [&](const Piece& piece) {
    pieces.push_back({piece.kind, {piece.bytes.begin(), piece.bytes.end()}});
  });
  return pieces;
}

Buffer WritePieces(const std::vector<OwnPiece>& pieces) {
  Buffer out;
  for (const OwnPiece& piece : pieces) {
    const std::size_t size = std::min(piece.bytes.size(), kLongestPiece);
    out.push_back(piece.kind);
    AppendSize(size, out);
    Append(Bytes(piece.bytes).first(size), out);
  }
  return out;
}

void Split(std::size_t at, Draw& draw, std::vector<OwnPiece>& pieces) {
  OwnPiece front = pieces[at];
  const std::size_t size = draw.Below(front.bytes.size() + 1);
  pieces[at].bytes.erase(pieces[at].bytes.begin(), pieces[at].bytes.begin() + static_cast<std::ptrdiff_t>(size));
  front.bytes.resize(size);
  pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), std::move(front));
}

void MutatePieces(Draw& draw, std::vector<OwnPiece>& pieces) {
  const std::size_t at = draw.Below(pieces.size());
  const auto place = pieces.begin() + static_cast<std::ptrdiff_t>(at);
  switch (draw.Below(9)) {
    case 0:
      pieces.erase(place);
      return;
    case 1:
      pieces.insert(place, OwnPiece(*place));
      return;
    case 2:
      std::swap(*place, draw.Of(pieces));
      return;
    case 3:
      return Split(at, draw, pieces);
    case 4:
      if (at + 1 == pieces.size()) return;
      Append(pieces[at + 1].bytes, place->bytes);
      pieces.erase(place + 1);
      return;
    case 5:
      place->kind ^= static_cast<std::uint8_t>(1U << draw.Below(8));
      return;
    case 6:
      return DamageBytes(draw, place->bytes);
    default:
      return MutateStubWithin(place->bytes, draw);
  }
}

std::vector<OwnPiece> PiecesToStart(Draw& draw) {
  std::vector<OwnPiece> pieces;
  for (Said& said : MakeConversation(draw)) {
    pieces.push_back({static_cast<std::uint8_t>(said.direction), std::move(said.bytes)});
  }
  return pieces;
}

std::vector<OwnPiece> PacketsToStart(Draw& draw) {
  std::vector<OwnPiece> pieces;
  for (Buffer& packet : PacketsOf(MakeConversation(draw))) pieces.push_back({0, std::move(packet)});
  return pieces;
}

template <std::vector<OwnPiece> (*kStart)(Draw&)>
Buffer MutatePiecesInput(Bytes input, Draw& draw) {
  std::vector<OwnPiece> pieces = ReadPieces(input);
  if (pieces.empty() || draw.OneIn(100)) {
    pieces = kStart(draw);
  } else {
    MutatePieces(draw, pieces);
  }
  return WritePieces(pieces);
}

Buffer CrossPiecesInputs(Bytes one, Bytes other, Draw& draw) {
  return WritePieces(CrossLists(ReadPieces(one), ReadPieces(other), draw));
}

}  // namespace

const Form kStubForm = {MutateStubInput, CrossBytes};
const Form kCallsForm = {MutateCallsInput, CrossCallsInputs};
const Form kPdusForm = {MutatePdusInput, CrossBytes};
const Form kPiecesForm = {MutatePiecesInput<PiecesToStart>, CrossPiecesInputs};
const Form kPacketsForm = {MutatePiecesInput<PacketsToStart>, CrossPiecesInputs};

}  // namespace sessenum::fuzz
