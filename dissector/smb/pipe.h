// One named pipe on its way to whoever reads it.
#ifndef SESSENUM_SMB_PIPE_H_
#define SESSENUM_SMB_PIPE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "smb/connection.h"

namespace sessenum {

// The buffer of one message, as far as it is at hand.
struct PipeData {
  SourcedBytes bytes;
  std::uint64_t missing = 0;  // bytes of the buffer behind `bytes` that are not at hand
  Undecoded why = Undecoded::kGap;
  Frame noticed;
};

// Whether an open is a named pipe.
enum class PipeKind : std::uint8_t {
  kPipe,
  kMidway,   // on a share of pipes, but its start was not captured: it begins at the first PDU that begins a buffer
  kPerhaps,  // on a share of unknown type: its first buffer decides
  kOther,    // no pipe
};

// The connection on which something happens to a pipe. A pipe may outlive the one that it was opened on.
struct PipeHost {
  PipeObserver& observer;
  SmbCounts& counts;
};

class Pipe {
 public:
  Pipe(PipeKind kind, PipeInfo info);

  // Whether bytes may still be for this one.
  [[nodiscard]] bool alive() const { return kind_ != PipeKind::kOther && !closed_; }

  // The open succeeded.
  void OnOpened(PipeHost host);
  // `message` is the message that `data` stands in: all of its packets carried the data.
  void OnData(PipeHost host, Direction direction, const PipeData& data, SourcedBytes message);
  // Bytes of this pipe, of an unknown count, are lost.
  void OnLost(Direction direction, Undecoded why, Frame noticed);
  // Ends the sink. Calls after it have no effect.
  void Close();

 private:
  [[nodiscard]] bool Decide(const PipeData& data);
  void Offer(PipeObserver& observer);
  void TellLoss(Direction direction);
  void Hand(Direction direction, const PipeData& data, SourcedBytes message);

  PipeKind kind_;
  bool offered_ = false;
  bool closed_ = false;
  PipeInfo info_;
  std::unique_ptr<DuplexSink> sink_;
  // By Direction: what was lost before there was a sink to tell.
  struct Loss {
    Undecoded why = Undecoded::kGap;
    Frame noticed;
  };
  std::array<std::optional<Loss>, 2> lost_;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_PIPE_H_
