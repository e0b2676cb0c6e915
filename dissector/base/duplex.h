// The joint between layers: a two-way byte stream. TCP hands one to SMB or RPC, SMB hands one for each pipe to RPC.
#ifndef SESSENUM_BASE_DUPLEX_H_
#define SESSENUM_BASE_DUPLEX_H_

#include <cstdint>

#include "base/provenance.h"
#include "base/undecoded.h"

namespace sessenum {

enum class Direction : std::uint8_t { kToServer, kToClient };

[[nodiscard]] constexpr Direction Reverse(Direction direction) {
  return direction == Direction::kToServer ? Direction::kToClient : Direction::kToServer;
}

// What a sink says of the bytes of one direction.
enum class Interest : std::uint8_t {
  kNone,  // they need not be given
  kOpen,  // they are wanted, and nothing that was given yet mattered: another sink could take over from here
  kYes,
};

// Receives one two-way stream. Within a direction the calls come in stream order; bytes that were on the wire and are
// not in the capture come as OnMissing, in their place, never as zeros.
class DuplexSink {
 public:
  DuplexSink() = default;
  DuplexSink(const DuplexSink&) = delete;
  DuplexSink& operator=(const DuplexSink&) = delete;
  virtual ~DuplexSink() = default;

  // `data` is valid during the call only.
  virtual void OnData(Direction direction, SourcedBytes data) = 0;
  // `length` bytes are missing here; 0 where the count is not known. `noticed` is the packet that showed it.
  virtual void OnMissing(Direction direction, std::uint64_t length, Undecoded why, Frame noticed) = 0;
  // Nothing more will come.
  virtual void OnClose() = 0;
  // Changes with every byte that is given, in either direction.
  [[nodiscard]] virtual Interest InterestIn(Direction /*direction*/) const { return Interest::kYes; }
};

}  // namespace sessenum

#endif  // SESSENUM_BASE_DUPLEX_H_
