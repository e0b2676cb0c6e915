// Property: the decoder finds in a stub just what the specification puts there (fuzz/stub_walk.h), in any bytes and in
// parts of them; what decodes can be written again byte for byte but for its padding, which is zero; it says the same
// in every transfer syntax and byte order; and decoding takes no more memory than a factor of the input.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/allocation_count_testing.h"
#include "base/limits.h"
#include "fuzz/require.h"
#include "fuzz/stub_input.h"
#include "fuzz/stub_items.h"
#include "fuzz/stub_walk.h"
#include "srvsvc/codec.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;
using fuzz::Walked;
using fuzz::WalkedItem;

// Low enough for an input to reach them.
const Limits kLimits = [] {
  Limits limits;
  limits.sessions = 6;
  limits.anomalies = 9;
  return limits;
}();

constexpr std::array<NdrFormat, 4> kFormats = {{{TransferSyntax::kNdr, ByteOrder::kLittle},
                                                {TransferSyntax::kNdr, ByteOrder::kBig},
                                                {TransferSyntax::kNdr64, ByteOrder::kLittle},
                                                {TransferSyntax::kNdr64, ByteOrder::kBig}}};

Status Decode(Bytes stub, NdrFormat format, SessionEnumRequest& out, const Limits& limits = kLimits) {
  return DecodeRequest(stub, format, limits, out);
}
Status Decode(Bytes stub, NdrFormat format, SessionEnumResponse& out, const Limits& limits = kLimits) {
  return DecodeResponse(stub, format, limits, out);
}
void Encode(const SessionEnumRequest& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  out.clear();
  EncodeRequest(message, format, referents, out);
}
void Encode(const SessionEnumResponse& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  out.clear();
  EncodeResponse(message, format, referents, out);
}
constexpr Direction DirectionOf(const SessionEnumRequest& /*message*/) { return Direction::kToServer; }
constexpr Direction DirectionOf(const SessionEnumResponse& /*message*/) { return Direction::kToClient; }

// What is used again for each input.
struct Scratch {
  Walked walked;
  Walked other;
  std::vector<WalkedItem> items;
  std::vector<std::uint8_t> written;
};

Scratch& TheScratch() {
  static Scratch scratch;
  return scratch;
}

void WalkWithArm(Bytes stub, Direction direction, NdrFormat format, bool arm, Walked& out,
                 const Limits& limits = kLimits) {
  fuzz::Walk(stub, {direction, format, arm, limits.sessions}, out);
}

bool FitsWhole(Bytes stub, const Walked& walked) { return walked.status.ok() && walked.end == stub.size(); }

// Whether the decoder has to take the form with an arm: codec.h says how it chooses under a level that is not listed.
bool HasArm(Bytes stub, Direction direction, NdrFormat format, Walked& scratch) {
  WalkWithArm(stub, direction, format, false, scratch);
  if (!scratch.has_level || fuzz::IsListed(scratch.level) || FitsWhole(stub, scratch)) return false;
  WalkWithArm(stub, direction, format, true, scratch);
  return FitsWhole(stub, scratch) || (scratch.stopped_at_array && scratch.counts_agree);
}

bool SameItem(const WalkedItem& a, const WalkedItem& b) {
  return a.kind == b.kind && a.at == b.at && a.value == b.value && a.max == b.max && a.offset == b.offset &&
         a.units == b.units;
}

// The anomalies that were kept; of more than the cap allows, as many kinds as it allows.
void RequireSameAnomalies(const AnomalyList& kept, const std::vector<Anomaly>& expected) {
  const std::size_t size = std::min(expected.size(), kLimits.anomalies);
  Require(kept.entries().size() == size, "as many oddities are recorded as there are");
  if (expected.size() == size) {
    Require(std::ranges::equal(expected, kept.entries()), "what is odd is recorded, where it stands, and nothing else");
    return;
  }
  Require(kept.dropped() == expected.size() - size, "what is not kept is counted");
  std::size_t kinds = 0;
  std::size_t told = 0;
  for (std::size_t kind = 0; kind < kAnomalyNames.size(); ++kind) {
    const auto of = static_cast<AnomalyKind>(kind);
    if (std::ranges::count(expected, of, &Anomaly::kind) > 0) ++kinds;
    if (kept.Has(of)) ++told;
  }
  Require(told == std::min(kinds, kLimits.anomalies), "every kind of oddity is told");
  for (const Anomaly& anomaly : kept.entries()) {
    Require(std::ranges::count(expected, anomaly) == 1, "what is told stands there, and is told once");
  }
}

template <typename Message>
void RequireAsWalked(Bytes stub, NdrFormat format, const Message& message, const Walked& walked,
                     std::vector<WalkedItem>& items) {
  const StubReport& report = message.report;
  Require(report.format == format && report.size == stub.size(), "the report says what was decoded");
  Require(report.status == walked.status, "a stub is accepted, or refused where and why the specification says");
  Require(report.consumed == walked.end, "decoding ends with the last parameter");
  fuzz::ItemList(items).Add(message);
  Require(items.size() == walked.items.size(), "all fields up to the end are there, and no others");
  Require(std::equal(items.begin(), items.end(), walked.items.begin(), SameItem), "each field is what stands there");
  RequireSameAnomalies(report.anomalies, walked.anomalies);
}

template <typename Message>
Message& Reused() {
  static Message message;
  return message;
}

// Memory that a decoder may ask for: a NULL pointer of 4 bytes becomes a session, and oddities are kept up to a cap.
// The limit is far above what the input has bytes for, so that memory by the limit would be seen.
constexpr std::size_t kBytesForAByte = 160;
constexpr std::size_t kBytesForNothing = 4'096;
constexpr std::size_t kMostAllocations = 48;
const Limits kHighLimits = [] {
  Limits limits = kLimits;
  limits.sessions = 100'000;
  return limits;
}();

template <typename Message>
void DecodeWithinBounds(Bytes stub, NdrFormat format, Message& message) {
  const std::size_t allocations = AllocationCount();
  const std::size_t bytes = AllocatedBytes();
  static_cast<void>(Decode(stub, format, message, kHighLimits));
  Require(AllocationCount() - allocations <= kMostAllocations, "decoding allocates a few times");
  Require(AllocatedBytes() - bytes <= kBytesForNothing + kBytesForAByte * stub.size(),
          "decoding takes memory by the size of the stub");
}

// The bytes that were decoded come back. Padding comes back as zero, and only padding may have been anything.
template <typename Message>
void RequireExactBytes(Bytes stub, const Message& message, const Walked& walked, std::vector<std::uint8_t>& written) {
  Encode(message, message.report.format, Referents::kRecorded, written);
  Require(written.size() == message.report.consumed, "the encoder writes as many bytes as were read");
  for (const Extent& gap : walked.padding) {
    const auto from = written.begin() + gap.offset;
    Require(std::count(from, from + gap.length, 0) == gap.length, "the encoder writes zeros between fields");
    std::copy_n(stub.begin() + gap.offset, gap.length, from);
  }
  Require(std::equal(written.begin(), written.end(), stub.begin()), "the encoder writes the bytes that were read");
}

bool SameUnits(const WalkedItem& a, ByteOrder order_a, const WalkedItem& b, ByteOrder order_b) {
  const std::size_t size = 2 * static_cast<std::size_t>(a.value);
  for (std::size_t i = 0; i < size; ++i) {
    if (a.units[i] != b.units[order_a == order_b ? i : i ^ 1U]) return false;
  }
  return true;
}

// The same but for places and for which ids stand for what is not NULL.
bool SaysTheSame(const WalkedItem& a, ByteOrder order_a, const WalkedItem& b, ByteOrder order_b) {
  if (a.kind != b.kind || a.max != b.max || a.offset != b.offset) return false;
  if (a.kind == WalkedItem::Kind::kPointer) return (a.value == 0) == (b.value == 0);
  return a.value == b.value && (a.units == nullptr || SameUnits(a, order_a, b, order_b));
}

// What a way of writing brings along; everything else comes from what is said.
bool IsOfWriting(const Anomaly& anomaly) {
  return anomaly.kind == AnomalyKind::kPadding || anomaly.kind == AnomalyKind::kRepeatedReferent ||
         anomaly.kind == AnomalyKind::kNdr64BigEndian;
}

void RequireSameMeaning(const Walked& one, ByteOrder order_one, const Walked& other, ByteOrder order_other) {
  Require(one.items.size() == other.items.size(), "a message has the same fields in every format");
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    Require(SaysTheSame(one.items[i], order_one, other.items[i], order_other),
            "a message says the same in every format");
  }
  const auto count = [](const Walked& walked) {
    return std::count_if(walked.anomalies.begin(), walked.anomalies.end(), IsOfWriting);
  };
  Require(one.anomalies.size() - static_cast<std::size_t>(count(one)) ==
              other.anomalies.size() - static_cast<std::size_t>(count(other)),
          "a message is as odd in every format");
  Require(std::none_of(other.anomalies.begin(), other.anomalies.end(),
                       [](const Anomaly& anomaly) {
                         return anomaly.kind == AnomalyKind::kPadding || anomaly.kind == AnomalyKind::kRepeatedReferent;
                       }),
          "the encoder pads with zeros and gives each pointer an id of its own");
}

// Written in any format, the message is what the specification asks of that format, and is read as that.
template <typename Message>
void RequireSameInEveryFormat(const Message& message, Scratch& scratch) {
  for (const NdrFormat format : kFormats) {
    Encode(message, format, Referents::kAscending, scratch.written);
    const bool has_arm = message.info.unlisted_arm == UnlistedArm::kPointer;
    WalkWithArm(scratch.written, DirectionOf(message), format, has_arm, scratch.other);
    Require(scratch.other.status.ok() && scratch.other.end == scratch.written.size(),
            "what the encoder writes is a stub from its first byte to its last");
    RequireSameMeaning(scratch.walked, message.report.format.order, scratch.other, format.order);
    // Under a level that is not listed the form is guessed by what fits, and may fit otherwise in another format.
    if (!fuzz::IsListed(message.info.tag.value)) continue;
    Message& read = Reused<Message>();
    static_cast<void>(Decode(scratch.written, format, read));
    RequireAsWalked(scratch.written, format, read, scratch.other, scratch.items);
  }
}

template <typename Message>
void RequireTruncated(Bytes part, const Message& message, Scratch& scratch) {
  Message& read = Reused<Message>();
  static_cast<void>(Decode(part, message.report.format, read));
  Require(read.report.status.code == Errc::kTruncated, "a part of a stub is truncated");
  WalkWithArm(part, DirectionOf(message), message.report.format, false, scratch.other);
  RequireAsWalked(part, message.report.format, read, scratch.other, scratch.items);
}

// Every proper part of a stub ends too early, and says so; what came before the cut stands. Of one stub in some dozens
// every part, of the others six, which depends on the bytes. In memory of its own, so that a sanitizer sees a read
// past the end. Under a level that is not listed a part may fit the other of the two forms.
template <typename Message>
void RequireTruncationsFail(Bytes stub, const Message& message, Scratch& scratch) {
  if (!fuzz::IsListed(message.info.tag.value)) return;
  const std::size_t end = message.report.consumed;
  std::size_t choice = 0;
  for (const std::uint8_t byte : stub.first(end)) choice = 31 * choice + byte;
  const bool every = choice % 64 == 0;
  const std::size_t step = every ? 1 : 1 + end / 6;
  for (std::size_t size = choice / 64 % step; size < end; size += step) {
    const std::vector<std::uint8_t> part(stub.begin(), stub.begin() + static_cast<std::ptrdiff_t>(size));
    RequireTruncated(part, message, scratch);
  }
  RequireTruncated(stub.first(end - 1), message, scratch);
}

// What follows the last parameter is left alone.
template <typename Message>
void RequireTrailingIgnored(Bytes stub, const Message& message, Scratch& scratch) {
  if (message.report.consumed == stub.size() || !fuzz::IsListed(message.info.tag.value)) return;
  const Bytes alone = stub.first(message.report.consumed);
  Message& read = Reused<Message>();
  static_cast<void>(Decode(alone, message.report.format, read));
  RequireAsWalked(alone, message.report.format, read, scratch.walked, scratch.items);
}

// Not inlined: within the entry it would guide the engine (unguided.txt).
template <typename Message>
[[gnu::noinline]] void Check(const fuzz::StubInput& input) {
  Scratch& scratch = TheScratch();
  Message message;
  DecodeWithinBounds(input.stub, input.format, message);
  const bool has_arm = HasArm(input.stub, input.direction, input.format, scratch.walked);
  WalkWithArm(input.stub, input.direction, input.format, has_arm, scratch.walked, kHighLimits);
  RequireAsWalked(input.stub, input.format, message, scratch.walked, scratch.items);
  // Into a message that was something else before.
  const NdrFormat swapped{input.format.syntax,
                          input.format.order == ByteOrder::kBig ? ByteOrder::kLittle : ByteOrder::kBig};
  static_cast<void>(Decode(input.stub, swapped, message));
  const Status status = Decode(input.stub, input.format, message);
  Require(status == message.report.status, "the report repeats the status");
  WalkWithArm(input.stub, input.direction, input.format, has_arm, scratch.walked);
  RequireAsWalked(input.stub, input.format, message, scratch.walked, scratch.items);

  if (!message.report.status.ok()) return;
  RequireExactBytes(input.stub, message, scratch.walked, scratch.written);
  RequireSameInEveryFormat(message, scratch);
  RequireTrailingIgnored(input.stub, message, scratch);
  RequireTruncationsFail(input.stub, message, scratch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::StubInput input = fuzz::ReadStubInput(data, size);
  if (input.direction == Direction::kToServer) {
    Check<SessionEnumRequest>(input);
  } else {
    Check<SessionEnumResponse>(input);
  }
  return 0;
}
