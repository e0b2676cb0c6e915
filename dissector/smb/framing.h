// Cuts one direction of an SMB connection into messages: direct TCP (MS-SMB2 2.1) and NetBIOS sessions (RFC 1002 4.3).
#ifndef SESSENUM_SMB_FRAMING_H_
#define SESSENUM_SMB_FRAMING_H_

#include <cstddef>
#include <cstdint>

#include "base/limits.h"
#include "base/provenance.h"
#include "base/undecoded.h"

namespace sessenum {

inline constexpr std::size_t kFramingSize = 4;

// What the bytes at a message boundary are.
enum class FramingLook : std::uint8_t { kNeedMore, kMessage, kSessionPacket, kGarbage };

struct Framing {
  FramingLook look = FramingLook::kGarbage;
  std::size_t length = 0;  // bytes after the four of the framing header; known as soon as those four are
};

// Reads the framing header at the start of `bytes`. A message is only one with the magic of an SMB protocol.
[[nodiscard]] Framing ReadFraming(Bytes bytes);

// A message, or as much of its start as is at hand.
struct SmbMessage {
  SourcedBytes bytes;               // without the framing header
  std::size_t length = 0;           // bytes on the wire, as the framing header says
  Undecoded why = Undecoded::kGap;  // what became of the bytes from bytes.size() to length, where they differ
  Frame noticed;                    // the packet that showed it

  [[nodiscard]] bool whole() const { return bytes.size() == length; }
};

class SmbFramer {
 public:
  class Sink {
   public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    virtual void OnMessage(const SmbMessage& message) = 0;
    // One or more messages may be lost here, of any length.
    virtual void OnLost(Undecoded why, Frame noticed) = 0;
    // Whether more than `start` is needed of a message that is still arriving. Asked once for each, with at least
    // kAskSize bytes; after "no" the message is handed on as it is and its rest is skipped unseen.
    [[nodiscard]] virtual bool WantsRest(const SmbMessage& start) = 0;
  };

  static constexpr std::size_t kAskSize = 112;  // an SMB2 header and the fixed part of a READ or WRITE

  // Both must outlive the framer.
  SmbFramer(Budget& budget, Sink& sink) : budget_(budget), sink_(sink) {}
  SmbFramer(const SmbFramer&) = delete;
  SmbFramer& operator=(const SmbFramer&) = delete;
  ~SmbFramer() { Account(0); }

  void OnData(SourcedBytes data);
  // As DuplexSink::OnMissing.
  void OnMissing(std::uint64_t length, Undecoded why, Frame noticed);
  // Hands on the start of a message that was never finished.
  void OnClose();

  // How often framing was lost to bytes that are no message.
  [[nodiscard]] std::uint64_t garbage_runs() const { return garbage_runs_; }

 private:
  std::size_t Take(SourcedBytes view);
  std::size_t Seek(SourcedBytes view);
  std::size_t TakePacket(SourcedBytes view);
  std::size_t TakePart(SourcedBytes view, std::size_t length);
  std::uint64_t GiveUp(Undecoded why, Frame noticed);
  void StopAtCaps();
  void Account(std::size_t held);

  Budget& budget_;
  Sink& sink_;
  SourcedBuffer buffer_;
  std::size_t held_ = 0;    // bytes of buffer_ that the budget knows of
  std::uint64_t skip_ = 0;  // bytes of a message already handed on; buffer_ is empty while there are any
  std::uint64_t garbage_runs_ = 0;
  bool seeking_ = true;  // not at a message boundary: a capture may start anywhere
  bool large_ = false;   // buffer_ has grown beyond what is worth keeping
  bool asked_ = false;   // the sink wants the whole of the message in buffer_
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_FRAMING_H_
