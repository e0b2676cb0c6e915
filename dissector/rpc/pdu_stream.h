// Cuts one direction of a byte stream into PDUs.
#ifndef SESSENUM_RPC_PDU_STREAM_H_
#define SESSENUM_RPC_PDU_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/provenance.h"
#include "base/undecoded.h"

namespace sessenum {

// A PDU by its own frag_length, or the part of it that the capture holds.
struct FramedPdu {
  SourcedBytes bytes;
  std::optional<Undecoded> missing;  // set where `bytes` is only the first part: what became of the rest
};

// Frames strictly by frag_length (C706 12.6.3). Where bytes are missing or no header stands where one is due, it looks
// for the next plausible header. At most one PDU is kept, 65,535 bytes.
class PduStream {
 public:
  using Emit = std::function<void(const FramedPdu&)>;
  using PassOver = std::function<void(std::size_t bytes, std::optional<Undecoded> why)>;

  // `emit` is called for each PDU; its view is valid during the call. `pass_over` is called for bytes that stand where
  // a header should and are none, or not all of one. `why` is set for the first of those behind a PDU, which no hole
  // explains: kMalformed, or at the end what OnClose says.
  PduStream(Emit emit, PassOver pass_over) : emit_(std::move(emit)), pass_over_(std::move(pass_over)) {}

  void OnData(SourcedBytes data);
  // `length` bytes are missing here; 0 where the count is not known.
  void OnMissing(std::uint64_t length, Undecoded why);
  // Gives what is left of a last PDU, as a part whose end is missing for the reason `why`.
  void OnClose(Undecoded why);

  // Bytes that a PDU which is still arriving takes up.
  [[nodiscard]] std::size_t held() const { return buffer_.cost(); }

 private:
  std::size_t Take(SourcedBytes data);
  std::size_t SkipToHeader(SourcedBytes data);
  void EmitPrefix(Undecoded why);
  void Pass(std::size_t bytes, Undecoded why);

  Emit emit_;
  PassOver pass_over_;
  SourcedBuffer buffer_;
  std::uint64_t skip_ = 0;  // bytes still to come of a PDU that was given up
  bool follows_pdu_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_RPC_PDU_STREAM_H_
