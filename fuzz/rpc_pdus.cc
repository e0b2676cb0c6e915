// Property: a stream yields the same PDUs however it is cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/require.h"
#include "rpc/pdu.h"
#include "rpc/pdu_stream.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own

struct SeenPdu {
  std::vector<std::uint8_t> bytes;
  bool whole = false;
  friend bool operator==(const SeenPdu&, const SeenPdu&) = default;
};

// The PDUs of `stream` when it comes in pieces whose sizes follow from `seed`; 0 gives it in one piece.
std::vector<SeenPdu> CutIntoPdus(Bytes stream, std::uint8_t seed) {
  std::vector<SeenPdu> seen;
  PduStream pdus([&seen](const FramedPdu& framed) {
    const Bytes bytes = framed.bytes.bytes();
    seen.push_back({{bytes.begin(), bytes.end()}, !framed.missing.has_value()});
    // Taking it apart must be safe, whatever it says.
    static_cast<void>(framed.missing ? ParsePduPrefix(bytes).ok() : ParsePdu(bytes).ok());
  });
  const Origin origin{0, {1, 0}};
  std::uint32_t state = seed;
  while (!stream.empty()) {
    state = state * 1664525U + 1013904223U;
    const std::size_t size = seed == 0 ? stream.size() : std::min<std::size_t>(stream.size(), 1 + (state >> 24U) % 40);
    pdus.OnData(SourcedBytes(stream.first(size), {&origin, 1}));
    stream = stream.subspan(size);
  }
  pdus.OnClose(Undecoded::kGap);
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data, size);
  const Bytes stream = bytes.subspan(1);
  sessenum::fuzz::Require(CutIntoPdus(stream, 0) == CutIntoPdus(stream, static_cast<std::uint8_t>(bytes[0] | 1U)),
                          "the PDUs of a stream do not depend on how it is cut");
  return 0;
}
