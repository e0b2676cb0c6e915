// Property: decoding any bytes as a stub ends, within memory bounded by the input, and touches nothing outside it.
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
  // The shortest element, a NULL pointer in NDR, has four bytes.
  sessenum::fuzz::Require(message.info.container.sessions.size() <= size / 4, "every session has its bytes");
}

// Four sessions show what a thousand would, and this target is to be the fast one.
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
