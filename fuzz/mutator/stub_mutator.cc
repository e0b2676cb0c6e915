#include "fuzz/mutator/stub_mutator.h"

#include <algorithm>
#include <cstddef>

#include "base/byte_order.h"
#include "base/limits.h"
#include "fuzz/mutator/message_mutator.h"
#include "srvsvc/codec.h"
#include "srvsvc/layout.h"

namespace sessenum::fuzz {
namespace {

// Where a decoded message's numbers stand: a codec that walks it and keeps their places.
class PlaceCollector {
 public:
  static constexpr bool kReads = false;

  explicit PlaceCollector(NdrFormat format) : format_(format) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }
  [[nodiscard]] const std::vector<Extent>& places() const { return places_; }

  Status AlignToWord(const FieldRef& /*field*/) { return Ok(); }
  Status Expect(std::uint64_t /*count*/, std::uint32_t /*size*/, const FieldRef& /*field*/) { return Ok(); }
  Status U32(const NdrU32& number, const FieldRef& /*field*/) { return Add(number.at, 4); }
  Status Count(const NdrU32& count, const FieldRef& /*field*/) { return Add(count.at, format_.word()); }
  Status Pointer(const NdrPointer& pointer, const FieldRef& /*field*/) { return Add(pointer.at, format_.word()); }
  Status StringReferent(const NdrString& string, const FieldRef& /*field*/) {
    if (string.units_at == kNowhere) return Ok();
    for (std::uint32_t words = 1; words <= 3; ++words) {
      static_cast<void>(Add(string.units_at - words * format_.word(), format_.word()));
    }
    return Ok();
  }

 private:
  Status Add(std::uint32_t at, std::uint32_t size) {
    if (at != kNowhere) places_.push_back({at, size});
    return Ok();
  }

  NdrFormat format_;
  std::vector<Extent> places_;
};

Status Decode(Bytes stub, NdrFormat format, SessionEnumRequest& out) {
  return DecodeRequest(stub, format, Limits{}, out);
}
Status Decode(Bytes stub, NdrFormat format, SessionEnumResponse& out) {
  return DecodeResponse(stub, format, Limits{}, out);
}
void Encode(const SessionEnumRequest& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  EncodeRequest(message, format, referents, out);
}
void Encode(const SessionEnumResponse& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  EncodeResponse(message, format, referents, out);
}
void Make(MessageMutator& mutator, SessionEnumRequest& out) { out = mutator.MakeRequest(); }
void Make(MessageMutator& mutator, SessionEnumResponse& out) { out = mutator.MakeResponse(); }

template <typename Message>
std::vector<Extent> PlacesIn(Bytes stub, NdrFormat format) {
  Message message;
  static_cast<void>(Decode(stub, format, message));
  PlaceCollector collector(format);
  // Of a message that decodes in part the places up to there.
  static_cast<void>(layout::Parameters(collector, message));
  return collector.places();
}

void Overwrite(Extent place, NdrFormat format, Draw& draw, std::vector<std::uint8_t>& stub) {
  std::uint8_t* const at = stub.data() + place.offset;
  if (place.length == 8) {
    StoreInteger(draw.Number(LoadInteger<std::uint64_t>(at, format.order)), format.order, at);
  } else {
    StoreInteger(draw.Number32(LoadInteger<std::uint32_t>(at, format.order)), format.order, at);
  }
}

// Damages the bytes at a number: its value, its neighbour (padding, perhaps), its being there.
void DamageAt(Extent place, NdrFormat format, Draw& draw, std::vector<std::uint8_t>& stub) {
  if (place.end() > stub.size()) return;
  const auto begin = stub.begin() + place.offset;
  switch (draw.Below(6)) {
    case 0:
      if (place.offset > 0) stub[place.offset - 1] ^= static_cast<std::uint8_t>(1U << draw.Below(8));
      return;
    case 1:
      stub.resize(place.offset + draw.Below(place.length + 1));
      return;
    case 2:
      stub.erase(begin, begin + place.length);
      return;
    case 3:
      stub.insert(begin, draw.Below(9), static_cast<std::uint8_t>(draw.Bits()));
      return;
    default:
      return Overwrite(place, format, draw, stub);
  }
}

// Two numbers at once in one of three: what has to agree may agree on something wrong.
template <typename Message>
void Damage(NdrFormat format, Draw& draw, std::vector<std::uint8_t>& stub) {
  const std::vector<Extent> places = PlacesIn<Message>(stub, format);
  if (places.empty()) {
    if (!stub.empty()) stub[draw.Below(stub.size())] = static_cast<std::uint8_t>(draw.Bits());
    return;
  }
  const Extent first = draw.Of(places);
  DamageAt(first, format, draw, stub);
  if (draw.OneIn(3)) DamageAt(draw.Of(places), format, draw, stub);
}

// Makes two counts of a string alike and wrong: the check that one is not above the other does not see it.
template <typename Message>
void DamageTwoAlike(NdrFormat format, Draw& draw, std::vector<std::uint8_t>& stub) {
  const std::vector<Extent> places = PlacesIn<Message>(stub, format);
  if (places.size() < 3) return;
  const std::size_t at = draw.Below(places.size() - 2);
  const std::uint64_t number = draw.Number(0);
  for (const Extent place : {places[at], places[at + 2]}) {
    std::uint8_t* const to = stub.data() + place.offset;
    if (place.length == 8) {
      StoreInteger(number, format.order, to);
    } else {
      StoreInteger(static_cast<std::uint32_t>(number), format.order, to);
    }
  }
}

template <typename Message>
std::vector<std::uint8_t> MutateAs(Bytes stub, NdrFormat format, NdrFormat to, Draw& draw) {
  MessageMutator mutator(draw);
  Message message;
  const bool decodes = Decode(stub, format, message).ok();
  std::vector<std::uint8_t> out(stub.begin(), stub.end());
  if (decodes || draw.OneIn(4)) {
    if (!decodes) Make(mutator, message);
    for (std::size_t changes = draw.Below(4); changes > 0; --changes) mutator.Mutate(message);
    const Bytes trailing = decodes && !draw.OneIn(4) ? stub.subspan(message.report.consumed) : Bytes();
    out.clear();
    Encode(message, to, draw.OneIn(2) ? Referents::kRecorded : Referents::kAscending, out);
    out.insert(out.end(), trailing.begin(), trailing.end());
  }
  if (!decodes || draw.OneIn(3)) Damage<Message>(to, draw, out);
  if (draw.OneIn(12)) DamageTwoAlike<Message>(to, draw, out);
  return out;
}

template <typename Message>
std::vector<std::uint8_t> MakeAs(NdrFormat format, Draw& draw) {
  MessageMutator mutator(draw);
  Message message;
  Make(mutator, message);
  std::vector<std::uint8_t> out;
  Encode(message, format, Referents::kAscending, out);
  return out;
}

}  // namespace

std::vector<std::uint8_t> MakeStub(Direction direction, NdrFormat format, Draw& draw) {
  return direction == Direction::kToServer ? MakeAs<SessionEnumRequest>(format, draw)
                                           : MakeAs<SessionEnumResponse>(format, draw);
}

std::vector<std::uint8_t> MutateStub(Bytes stub, Direction direction, NdrFormat format, NdrFormat to, Draw& draw) {
  return direction == Direction::kToServer ? MutateAs<SessionEnumRequest>(stub, format, to, draw)
                                           : MutateAs<SessionEnumResponse>(stub, format, to, draw);
}

}  // namespace sessenum::fuzz
