// Property: decoding any bytes as a stub ends, touches nothing outside it, and finds no more than it has bytes for.
#include <cstddef>
#include <cstdint>

#include "base/limits.h"
#include "fuzz/require.h"
#include "fuzz/stub_input.h"
#include "srvsvc/codec.h"

namespace {

using sessenum::Direction;

template <typename Message>
void RequireBounded(const Message& message, std::size_t size) {
  sessenum::fuzz::Require(message.report.consumed <= size, "no more is consumed than there is");
  // At least Level twice, two pointers and two counts of four bytes; a session is a NULL pointer or more.
  const std::size_t sessions = message.info.container.sessions.size();
  sessenum::fuzz::Require(sessions == 0 || 24 + 4 * sessions <= size, "every session has its bytes");
}

// Few, since this target is to be the fast one: stub_roundtrip has more.
const sessenum::Limits kLimits = [] {
  sessenum::Limits limits;
  limits.sessions = 4;
  return limits;
}();

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sessenum::SessionEnumRequest request;
  static sessenum::SessionEnumResponse response;
  const sessenum::fuzz::StubInput input = sessenum::fuzz::ReadStubInput(data, size);
  if (input.direction == Direction::kToServer) {
    static_cast<void>(sessenum::DecodeRequest(input.stub, input.format, kLimits, request));
    RequireBounded(request, input.stub.size());
  } else {
    static_cast<void>(sessenum::DecodeResponse(input.stub, input.format, kLimits, response));
    RequireBounded(response, input.stub.size());
  }
  return 0;
}
