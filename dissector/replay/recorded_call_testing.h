// What the tests keep of a call that was handed out: a Call is valid only during the hand-over.
#ifndef SESSENUM_REPLAY_RECORDED_CALL_TESTING_H_
#define SESSENUM_REPLAY_RECORDED_CALL_TESTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/utf16.h"
#include "replay/call.h"

namespace sessenum {

struct RecordedCall {
  // Everything that does not depend on packets: "tcp pipe=- user=- id=1 ctx=0 ndr/bind_ack none | request ... | ...".
  std::string text;
  std::vector<std::uint64_t> request_frames;
  std::vector<std::uint64_t> answer_frames;
  std::vector<std::uint64_t> finding_frames;
  Endpoint client;
  Endpoint server;
  std::optional<std::int64_t> rtt_ns;
};

inline std::vector<std::uint64_t> Numbers(const std::vector<Frame>& frames) {
  std::vector<std::uint64_t> numbers;
  for (const Frame& frame : frames) numbers.push_back(frame.number);
  return numbers;
}

template <typename Message>
std::string StubText(const SeenStub<Message>& seen) {
  std::string text = std::to_string(seen.stub.size()) + " bytes in " + std::to_string(seen.fragments) +
                     (seen.order == ByteOrder::kLittle ? " little" : " big");
  if (seen.missing) text += ", missing " + std::string(Name(*seen.missing));
  if (!seen.decoded) return text + ", not decoded";
  return text + ", level " + std::to_string(seen.message.info.level.value);
}

inline std::string AnswerText(const SeenResponse& seen) {
  std::string text = StubText(seen);
  for (const Session& session : seen.message.info.container.sessions) {
    if (session.cname.decoded()) text += " " + ToUtf8(session.cname.text());
  }
  if (seen.message.status.decoded()) text += " = " + std::to_string(seen.message.status.value);
  return text;
}

inline RecordedCall Record(const Call& call) {
  RecordedCall record;
  const Carrier& carrier = *call.carrier;
  record.client = carrier.client;
  record.server = carrier.server;
  record.rtt_ns = call.round_trip_ns();
  record.text = std::string(Name(carrier.transport)) + " pipe=" + carrier.named_pipe.value_or("-") +
                " user=" + carrier.identity.user.value_or("-") + " id=" + std::to_string(call.call_id) +
                " ctx=" + std::to_string(call.context_id) + " " +
                (call.syntax ? std::string(Name(*call.syntax)) + "/" + std::string(Name(call.syntax_source)) : "-") +
                " " + std::string(Name(call.encryption));
  if (!call.operation_seen) record.text += " | operation not seen";
  if (call.request) {
    record.text += " | request " + StubText(*call.request);
    record.request_frames = Numbers(call.request->frames);
  }
  if (call.response) {
    record.text += " | response " + AnswerText(*call.response);
    record.answer_frames = Numbers(call.response->frames);
  }
  if (call.fault) {
    record.text += " | fault " + std::to_string(call.fault->status);
    record.answer_frames = Numbers(call.fault->frames);
  }
  if (call.undecoded) record.text += " | undecoded " + std::string(Name(*call.undecoded));
  // The rules beyond the stub's form have tests of their own.
  for (const Finding& finding : call.findings) {
    if (!finding.rule.starts_with("G5-")) continue;
    record.text += " | " + std::string(finding.rule);
    record.finding_frames.push_back(finding.frame);
  }
  return record;
}

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_RECORDED_CALL_TESTING_H_
