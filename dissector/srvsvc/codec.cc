#include "srvsvc/codec.h"

#include <memory>
#include <utility>

#include "ndr/ndr_reader.h"
#include "srvsvc/layout.h"
#include "srvsvc/referents.h"

namespace sessenum {
namespace {

// Makes `message` as if new, but keeps the memory of its containers.
template <typename Message>
void Reset(Message& message) {
  std::vector<Session> sessions = std::move(message.info.container.sessions);
  AnomalyList anomalies = std::move(message.report.anomalies);
  sessions.clear();
  // In its place: a new one to be copied from would be some hundred bytes on the stack, as many again to copy.
  std::destroy_at(&message);
  std::construct_at(&message);
  message.info.container.sessions = std::move(sessions);
  message.report.anomalies = std::move(anomalies);
}

void NoteStop(const NdrReader& in, const Status& status, AnomalyList& anomalies) {
  const Extent rest{status.offset, ClampToU32(in.remaining())};
  const Extent word{status.offset, in.format().word()};
  switch (status.code) {
    case Errc::kTruncated:
      return anomalies.Add({AnomalyKind::kTruncated, rest, in.field(), in.remaining(), status.needed});
    case Errc::kLimit:
      return anomalies.Add({AnomalyKind::kTooManySessions, rest, in.field(), 0, 0});
    case Errc::kMalformed:
      if (!anomalies.Has(AnomalyKind::kImpossibleCount)) {
        anomalies.Add({AnomalyKind::kUnknownElements, word, {"container.sessions"}, 0, 0});
      }
      return;
    case Errc::kOk:
      return;
  }
}

// What the correlations between fields tell (MS-RPCE 3.1.1.5.3).
void NoteCorrelations(const SessionEnumStruct& info, NdrFormat format, AnomalyList& anomalies) {
  const SessionContainer& container = info.container;
  if (info.tag.decoded() && info.tag.value != info.level.value) {
    anomalies.Add({AnomalyKind::kLevelMismatch, info.tag.extent(), {"level"}, info.tag.value, info.level.value});
  }
  if (container.max_count.decoded() && container.max_count.value != container.entries_read.value) {
    anomalies.Add({AnomalyKind::kCountMismatch,
                   {container.max_count.at, format.word()},
                   {"container.sessions"},
                   container.max_count.value,
                   container.entries_read.value});
  }
  if (container.buffer.decoded() && container.buffer.null() && container.entries_read.value != 0) {
    anomalies.Add({AnomalyKind::kNullBuffer,
                   container.buffer.extent(format),
                   {"container.sessions"},
                   container.entries_read.value,
                   0});
  }
}

template <typename Message>
void NoteRepeats(const ReferentOrder& referents, NdrFormat format, Message& message) {
  if (!referents.never_falls()) return NoteRepeatedReferents(message, format);
  if (referents.repetitions() == 0) return;
  const NdrPointer& first = referents.first_repeated();
  message.report.anomalies.Add({AnomalyKind::kRepeatedReferent, first.extent(format), referents.first_field(),
                                first.referent, 0, referents.repetitions()});
}

template <typename Message>
Status DecodeOnce(Bytes stub, NdrFormat format, const Limits& limits, UnlistedArm arm, Message& out) {
  Reset(out);
  AnomalyList& anomalies = out.report.anomalies;
  anomalies.Clear(limits.anomalies);
  out.report.format = format;
  out.report.size = ClampToU32(stub.size());
  out.info.unlisted_arm = arm;
  if (format.syntax == TransferSyntax::kNdr64 && format.order == ByteOrder::kBig) {
    anomalies.Add({AnomalyKind::kNdr64BigEndian, {}, {""}, 0, 0});
  }
  NdrReader in(stub, format, limits.sessions, anomalies);
  const Status status = layout::Parameters(in, out);
  out.report.status = status;
  out.report.consumed = ClampToU32(in.offset());
  NoteCorrelations(out.info, format, anomalies);
  NoteRepeats(in.referents(), format, out);
  if (!status.ok()) NoteStop(in, status, anomalies);
  return status;
}

template <typename Message>
bool ConsumedWhole(const Message& message) {
  return message.report.status.ok() && message.report.consumed == message.report.size;
}

// Whether decoding came to an array under a level that is not listed, and its count is as it should be.
template <typename Message>
bool EndsAtUnknownArray(const Message& message) {
  const SessionContainer& container = message.info.container;
  return message.report.status.code == Errc::kMalformed && container.max_count.decoded() &&
         container.max_count.value == container.entries_read.value;
}

// Under a level that is not listed two forms are met. The one without an arm is taken unless only the other one fits
// the stub to its end, or as far as it can be followed.
template <typename Message>
Status Decode(Bytes stub, NdrFormat format, const Limits& limits, Message& out) {
  const Status status = DecodeOnce(stub, format, limits, UnlistedArm::kAbsent, out);
  if (!out.info.tag.decoded() || FindLevel(out.info.tag.value) != nullptr || ConsumedWhole(out)) return status;
  const Status with_pointer = DecodeOnce(stub, format, limits, UnlistedArm::kPointer, out);
  const bool fits = ConsumedWhole(out) || EndsAtUnknownArray(out);
  return fits ? with_pointer : DecodeOnce(stub, format, limits, UnlistedArm::kAbsent, out);
}

}  // namespace

Status DecodeRequest(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumRequest& out) {
  return Decode(stub, format, limits, out);
}

Status DecodeResponse(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumResponse& out) {
  return Decode(stub, format, limits, out);
}

void EncodeRequest(const SessionEnumRequest& request, NdrFormat format, Referents referents,
                   std::vector<std::uint8_t>& out) {
  NdrWriter writer(out, format, referents);
  static_cast<void>(layout::Parameters(writer, request));
}

void EncodeResponse(const SessionEnumResponse& response, NdrFormat format, Referents referents,
                    std::vector<std::uint8_t>& out) {
  NdrWriter writer(out, format, referents);
  static_cast<void>(layout::Parameters(writer, response));
}

}  // namespace sessenum
