// Property: a stub that decodes can be written again, byte for byte; it says the same in every transfer syntax and byte
// order; what breaks the form is recorded; and no shorter part of it decodes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/limits.h"
#include "fuzz/require.h"
#include "fuzz/stub_input.h"
#include "srvsvc/codec.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

const Limits kLimits;

Status Decode(Bytes stub, NdrFormat format, SessionEnumRequest& out) {
  return DecodeRequest(stub, format, kLimits, out);
}
Status Decode(Bytes stub, NdrFormat format, SessionEnumResponse& out) {
  return DecodeResponse(stub, format, kLimits, out);
}
void Encode(const SessionEnumRequest& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  EncodeRequest(message, format, referents, out);
}
void Encode(const SessionEnumResponse& message, NdrFormat format, Referents referents, std::vector<std::uint8_t>& out) {
  EncodeResponse(message, format, referents, out);
}

template <typename Message>
std::vector<std::uint8_t> Encoded(const Message& message, NdrFormat format, Referents referents) {
  std::vector<std::uint8_t> out;
  Encode(message, format, referents, out);
  return out;
}

// The bytes that were decoded come back; only padding may have been anything.
template <typename Message>
void RequireExactBytes(Bytes stub, const Message& message) {
  const std::vector<std::uint8_t> again = Encoded(message, message.report.format, Referents::kRecorded);
  Require(again.size() == message.report.consumed, "the encoder writes as many bytes as were read");
  if (message.report.anomalies.Has(AnomalyKind::kPadding)) return;
  Require(std::equal(again.begin(), again.end(), stub.begin()), "the encoder writes the bytes that were read");
}

// Written in any format and read again, the message is the same: it yields the same canonical stub. Under a level that
// is not listed the form is guessed by what fits, and may fit otherwise in another format.
template <typename Message>
void RequireSameInEveryFormat(const Message& message) {
  if (FindLevel(message.info.tag.value) == nullptr) return;
  const NdrFormat canonical;
  const std::vector<std::uint8_t> expected = Encoded(message, canonical, Referents::kAscending);
  for (const TransferSyntax syntax : {TransferSyntax::kNdr, TransferSyntax::kNdr64}) {
    for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
      const NdrFormat format{syntax, order};
      const std::vector<std::uint8_t> written = Encoded(message, format, Referents::kAscending);
      Message read;
      Require(Decode(written, format, read).ok(), "what the encoder writes can be decoded");
      Require(read.report.consumed == written.size(), "what the encoder writes is consumed to its end");
      Require(Encoded(read, canonical, Referents::kAscending) == expected, "a message says the same in every format");
    }
  }
}

// C706 14.3.4.2, 14.3.8 and MS-RPCE 3.1.1.5.3, said once more, without the decoder.
void RequireRecorded(const SessionEnumStruct& info, const AnomalyList& anomalies) {
  if (anomalies.dropped() > 0) return;
  Require((info.level.value != info.tag.value) == anomalies.Has(AnomalyKind::kLevelMismatch),
          "a discriminant that differs from Level is recorded");
  const SessionContainer& container = info.container;
  if (container.max_count.decoded()) {
    Require(container.sessions.size() == container.max_count.value, "there are as many sessions as the array says");
    Require((container.max_count.value != container.entries_read.value) == anomalies.Has(AnomalyKind::kCountMismatch),
            "an array of another length than EntriesRead is recorded");
  }
}

bool BreaksForm(const NdrString& string) {
  if (!string.decoded() || string.null()) return false;
  const Utf16View units = string.units();
  return string.offset != 0 || string.actual_count > string.max_count || units.empty() || units[units.size() - 1] != 0;
}

bool RecordsBrokenString(const AnomalyList& anomalies) {
  return anomalies.Has(AnomalyKind::kStringOffset) || anomalies.Has(AnomalyKind::kActualAboveMax) ||
         anomalies.Has(AnomalyKind::kZeroActualCount) || anomalies.Has(AnomalyKind::kUnterminated);
}

bool HasBrokenString(const SessionEnumStruct& info) {
  return std::ranges::any_of(info.container.sessions, [](const Session& session) {
    return BreaksForm(session.cname) || BreaksForm(session.username) || BreaksForm(session.cltype_name) ||
           BreaksForm(session.transport);
  });
}

bool HasBrokenString(const SessionEnumRequest& request) {
  return BreaksForm(request.server_name) || BreaksForm(request.client_name) || BreaksForm(request.user_name) ||
         HasBrokenString(request.info);
}
bool HasBrokenString(const SessionEnumResponse& response) { return HasBrokenString(response.info); }

// Every proper part of a stub ends too early, and says so. Under a level that is not listed a part may fit the other
// of the two forms that are met.
template <typename Message>
void RequireTruncationsFail(Bytes stub, const Message& message) {
  constexpr std::size_t kEveryCutBelow = 512;
  if (FindLevel(message.info.tag.value) == nullptr || message.report.consumed > kEveryCutBelow) return;
  Message part;
  for (std::size_t size = 0; size < message.report.consumed; ++size) {
    const Status status = Decode(stub.first(size), message.report.format, part);
    Require(status.code == Errc::kTruncated, "a part of a stub is truncated");
    Require(status.offset <= size, "a truncation is placed within what is there");
  }
}

template <typename Message>
void Check(const fuzz::StubInput& input) {
  Message message;
  if (!Decode(input.stub, input.format, message).ok()) return;
  RequireExactBytes(input.stub, message);
  RequireSameInEveryFormat(message);
  RequireRecorded(message.info, message.report.anomalies);
  if (message.report.anomalies.dropped() == 0) {
    Require(HasBrokenString(message) == RecordsBrokenString(message.report.anomalies),
            "a string that breaks its form is recorded, and no other");
  }
  RequireTruncationsFail(input.stub, message);
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
