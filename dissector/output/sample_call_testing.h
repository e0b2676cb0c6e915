// Calls for the tests of the output: made from stubs, as the replay makes them.
#ifndef SESSENUM_OUTPUT_SAMPLE_CALL_TESTING_H_
#define SESSENUM_OUTPUT_SAMPLE_CALL_TESTING_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "net/packet_builder_testing.h"
#include "replay/call.h"
#include "replay/stub_decoder.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {

template <typename Message>
void DecodeInto(std::vector<std::uint8_t> stub, NdrFormat format, SeenStub<Message>& seen) {
  seen.stub = std::move(stub);
  seen.order = format.order;
  seen.fragments = 1;
  static_cast<void>(DecodeStub(seen.stub, format, Limits(), seen.message));
  seen.decoded = true;
}

// The call of the documentation: alice on WS1 asks SRV for level 10 and is told of bob.
class SampleCall {
 public:
  MessageBuilder build;
  Carrier carrier;
  Call call;

  SampleCall() {
    carrier.client = {builder::Address(5), 50'512};
    carrier.server = {builder::Address(10), 445};
    carrier.transport = Transport::kSmb2;
    carrier.named_pipe = "srvsvc";
    carrier.identity.user = "alice";
    carrier.identity.domain = "CORP";
    carrier.identity.workstation = "WS1";
    call.call_id = 2;
    call.context_id = 1;
    call.syntax = TransferSyntax::kNdr64;
    call.syntax_source = SyntaxSource::kBindAck;
    SetRequest(Question());
    SetResponse(Answer());
  }

  // To be called after the last change of `carrier`.
  [[nodiscard]] const Call& Get() {
    call.carrier = std::make_shared<const Carrier>(carrier);
    return call;
  }

  [[nodiscard]] SessionEnumRequest Question() {
    SessionEnumRequest request = build.Request(10);
    request.server_name = build.String("\\\\SRV");
    return request;
  }
  [[nodiscard]] SessionEnumResponse Answer() {
    Session session;
    session.cname = build.String("\\\\10.0.0.7");
    session.username = build.String("bob");
    session.time.value = 42;
    session.idle_time.value = 3;
    SessionEnumResponse response;
    response.info = MessageBuilder::Info(10);
    MessageBuilder::SetSessions({session}, response);
    response.resume_handle = MessageBuilder::Unique(18);
    return response;
  }

  void SetRequest(const SessionEnumRequest& request) { SetRequestStub(EncodeMessage(request, format())); }
  void SetResponse(const SessionEnumResponse& response) { SetResponseStub(EncodeMessage(response, format())); }
  void SetRequestStub(std::vector<std::uint8_t> stub) {
    SeenRequest& seen = call.request.emplace();
    DecodeInto(std::move(stub), format(), seen);
    seen.frames = {{18, 1'600'748'713'123'456'000}};
  }
  void SetResponseStub(std::vector<std::uint8_t> stub) {
    SeenResponse& seen = call.response.emplace();
    DecodeInto(std::move(stub), format(), seen);
    seen.frames = {{19, 1'600'748'713'124'134'000}};
  }

 private:
  [[nodiscard]] NdrFormat format() const { return {call.syntax.value_or(TransferSyntax::kNdr), ByteOrder::kLittle}; }
};

// A finding as the rules make it.
inline Finding SampleFinding() {
  Finding finding;
  finding.rule = "G5-count-mismatch";
  finding.verdict = Verdict::kViolation;
  finding.message = Direction::kToClient;
  finding.text = "the array holds {seen} entries and EntriesRead says {expected}; they must be equal";
  finding.field = {"cname", 3};
  finding.where = {188, 4};
  finding.seen = 7;
  finding.expected = 2;
  finding.frame = 19;
  return finding;
}

}  // namespace sessenum

#endif  // SESSENUM_OUTPUT_SAMPLE_CALL_TESTING_H_
