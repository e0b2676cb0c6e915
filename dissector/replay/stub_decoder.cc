#include "replay/stub_decoder.h"

#include "rpc/verification_trailer.h"
#include "srvsvc/codec.h"

namespace sessenum {
namespace {

// Residue of the sender's buffer between the last parameter and a verification trailer is never longer.
constexpr std::uint32_t kResidue = 15;

void NoteTrailing(Extent where, AnomalyList& anomalies) {
  anomalies.Add({AnomalyKind::kTrailingBytes, where, {""}, where.length, 0});
}

// What stands after the last parameter of a request.
void NoteRequestTail(Bytes stub, StubReport& report) {
  const auto trailer = FindVerificationTrailer(stub, report.consumed);
  const std::uint32_t residue_end = trailer ? trailer->where.offset : report.size;
  if (!trailer || residue_end - report.consumed > kResidue) {
    NoteTrailing({report.consumed, residue_end - report.consumed}, report.anomalies);
  }
  if (!trailer) return;
  if (!trailer->well_formed) report.anomalies.Add({AnomalyKind::kBadTrailer, trailer->where, {""}, 0, 0});
  const auto end = static_cast<std::uint32_t>(trailer->where.end());
  if (trailer->well_formed && end < report.size) NoteTrailing({end, report.size - end}, report.anomalies);
}

bool IsListed(const SessionEnumStruct& info) {
  return info.level.value == info.tag.value && FindLevel(info.level.value) != nullptr;
}

// Anomalies that a genuine stub has at most by somebody's intent.
bool IsTidy(const StubReport& report) {
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    switch (anomaly.kind) {
      case AnomalyKind::kPadding:
      case AnomalyKind::kRepeatedReferent:
      case AnomalyKind::kUnpairedSurrogate:
      case AnomalyKind::kEmbeddedNul:
      case AnomalyKind::kNdr64BigEndian:
        break;
      default:
        return false;
    }
  }
  return true;
}

}  // namespace

Status DecodeStub(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumRequest& out) {
  const Status status = DecodeRequest(stub, format, limits, out);
  if (status.ok() && out.report.consumed < out.report.size) NoteRequestTail(stub, out.report);
  return status;
}

Status DecodeStub(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumResponse& out) {
  const Status status = DecodeResponse(stub, format, limits, out);
  if (status.ok() && out.report.consumed < out.report.size) {
    NoteTrailing({out.report.consumed, out.report.size - out.report.consumed}, out.report.anomalies);
  }
  return status;
}

bool FitsWell(const SessionEnumRequest& request) { return IsListed(request.info) && IsTidy(request.report); }
bool FitsWell(const SessionEnumResponse& response) { return IsListed(response.info) && IsTidy(response.report); }

}  // namespace sessenum
