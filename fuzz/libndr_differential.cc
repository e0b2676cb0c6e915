// Property: Samba's NDR library and this decoder accept the same stubs, end at the same byte and read the same values,
// in both syntaxes and byte orders, but for the differences listed here, each with its reason.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "fuzz/libndr_peer.h"
#include "fuzz/require.h"
#include "fuzz/stub_input.h"
#include "srvsvc/codec.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

Status Decode(Bytes stub, NdrFormat format, SessionEnumRequest& out) {
  return DecodeRequest(stub, format, Limits(), out);
}
Status Decode(Bytes stub, NdrFormat format, SessionEnumResponse& out) {
  return DecodeResponse(stub, format, Limits(), out);
}
void Encode(const SessionEnumRequest& message, NdrFormat format, std::vector<std::uint8_t>& out) {
  EncodeRequest(message, format, Referents::kAscending, out);
}
void Encode(const SessionEnumResponse& message, NdrFormat format, std::vector<std::uint8_t>& out) {
  EncodeResponse(message, format, Referents::kAscending, out);
}

// What Samba refuses, and this decoder keeps as an oddity: whether it breaks a rule is said in rules/. The reason is
// why going on is right for one who looks on, or that the specification allows it.
struct Refusal {
  AnomalyKind kind;
  std::string_view error;  // Samba's
};
constexpr std::array kRefusals = {
    // C706 14.3.8: the discriminant is Level once more. It alone governs the arm, so the rest can be read.
    Refusal{AnomalyKind::kLevelMismatch, "Bad Switch"},
    // MS-RPCE 3.1.1.5.3.2.2: size_is is EntriesRead. The array says its own length, so the rest can be read.
    Refusal{AnomalyKind::kCountMismatch, "Bad Array Size"},
    // C706 14.3.4.2: actual_count is at most max_count. It alone says how many units follow.
    Refusal{AnomalyKind::kActualAboveMax, "Bad Array Size"},
    // C706 14.3.4.2: the offset of a string is zero. It moves nothing on the wire.
    Refusal{AnomalyKind::kStringOffset, "Bad Array Size"},
    // C706 14.3.4: a string ends with a terminator, which actual_count includes.
    Refusal{AnomalyKind::kUnterminated, "Bad Array Size"},
    Refusal{AnomalyKind::kZeroActualCount, "Buffer Size Error"},
    // MS-DTYP 2.2.60: a wchar_t is any 16 bits; UTF-16 need not be well-formed to travel.
    Refusal{AnomalyKind::kUnpairedSurrogate, "Character Conversion Error"},
};

// MS-RPCE 2.2.5.3.5: a referent id of NDR64 has 64 bits. Samba refuses one that does not fit 32.
bool HasWideReferent(const NdrPointer& pointer) { return pointer.referent > UINT32_MAX; }
bool HasWideReferent(const Session& session) {
  return HasWideReferent(session.cname.pointer) || HasWideReferent(session.username.pointer) ||
         HasWideReferent(session.cltype_name.pointer) || HasWideReferent(session.transport.pointer);
}
bool HasWideReferent(const SessionEnumStruct& info) {
  return HasWideReferent(info.container_pointer) || HasWideReferent(info.container.buffer) ||
         std::ranges::any_of(info.container.sessions, [](const Session& session) { return HasWideReferent(session); });
}
bool HasWideReferent(const SessionEnumRequest& request) {
  return HasWideReferent(request.server_name.pointer) || HasWideReferent(request.client_name.pointer) ||
         HasWideReferent(request.user_name.pointer) || HasWideReferent(request.info) ||
         HasWideReferent(request.resume_handle.pointer);
}
bool HasWideReferent(const SessionEnumResponse& response) {
  return HasWideReferent(response.info) || HasWideReferent(response.resume_handle.pointer);
}

// MS-RPCE 3.1.1.5.3.2.2: no count is above 2^31-1. Samba takes any max_count of a string: it never uses it.
bool MayAccept(const StubReport& report) { return report.anomalies.Has(AnomalyKind::kImpossibleCount); }

template <typename Message>
bool MayRefuse(const Message& message, std::string_view error) {
  if (error == "NDR64 assertion error" && HasWideReferent(message)) return true;
  return std::ranges::any_of(kRefusals, [&](const Refusal& refusal) {
    return refusal.error == error && message.report.anomalies.Has(refusal.kind);
  });
}

// A string as Samba keeps it: up to its first NUL, in just the room that it needs (it writes max_count as the length).
void Cut(NdrString& string) {
  if (string.null() || string.data == nullptr) return;
  const std::size_t nul = FindNul(string.units());
  if (nul != kNoUnit) string.actual_count = static_cast<std::uint32_t>(nul + 1);
  string.max_count = string.actual_count;
}
void Cut(SessionEnumStruct& info) {
  for (Session& session : info.container.sessions) {
    Cut(session.cname);
    Cut(session.username);
    Cut(session.cltype_name);
    Cut(session.transport);
  }
}
void Cut(SessionEnumRequest& request) {
  Cut(request.server_name);
  Cut(request.client_name);
  Cut(request.user_name);
  Cut(request.info);
}
void Cut(SessionEnumResponse& response) { Cut(response.info); }

// The library asks for the room of an array before it looks whether its elements are there.
constexpr std::uint32_t kMostElements = 10'000;

void Report(const fuzz::PeerAnswer& peer, const StubReport& own) {
  std::fprintf(stderr, "libndr: %s at %zu; here: %s at %u", peer.error.empty() ? "accepted" : peer.error.c_str(),
               peer.consumed, own.status.ok() ? "accepted" : "refused", own.consumed);
  for (const Anomaly& anomaly : own.anomalies.entries()) {
    const std::string_view name = Name(anomaly.kind);
    std::fprintf(stderr, " %.*s@%u", static_cast<int>(name.size()), name.data(), anomaly.where.offset);
  }
  std::fputc('\n', stderr);
}

template <typename Message>
void Compare(const fuzz::StubInput& input) {
  Message message;
  const Status own = Decode(input.stub, input.format, message);
  const StubReport& report = message.report;
  // MS-SRVS 2.2.4.21 gives the union no arm for another level. Samba's IDL has an empty one; of two forms that are met
  // this decoder takes the one that fits.
  const bool is_unlisted = message.info.tag.decoded() && FindLevel(message.info.tag.value) == nullptr;
  if (is_unlisted && message.info.unlisted_arm == UnlistedArm::kPointer) return;
  if (message.info.container.max_count.value > kMostElements) return;
  const fuzz::PeerAnswer peer = fuzz::AskLibndr(input.stub, input.direction, input.format);
  const bool accepted = peer.error.empty();
  const bool agree = accepted == own.ok() || (own.ok() ? MayRefuse(message, peer.error) : MayAccept(report));
  if (!agree) Report(peer, report);
  Require(agree, "Samba accepts what is accepted here, and nothing else");
  if (!accepted || !own.ok()) return;
  if (peer.consumed != report.consumed) Report(peer, report);
  Require(peer.consumed == report.consumed, "Samba ends at the same byte");
  Cut(message);
  std::vector<std::uint8_t> written;
  Encode(message, input.format, written);
  Require(written == peer.written, "Samba reads the same values");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::StubInput input = fuzz::ReadStubInput(data, size);
  if (input.stub.data() == nullptr) return 0;
  if (input.direction == Direction::kToServer) {
    Compare<SessionEnumRequest>(input);
  } else {
    Compare<SessionEnumResponse>(input);
  }
  return 0;
}
