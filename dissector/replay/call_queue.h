// Keeps finished calls until all that began before them are finished too, so that output has the order of first frames.
#ifndef SESSENUM_REPLAY_CALL_QUEUE_H_
#define SESSENUM_REPLAY_CALL_QUEUE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "base/limits.h"
#include "replay/call.h"

namespace sessenum {

class CallQueue {
 public:
  using Emit = std::function<void(Call&)>;

  // A call's place in the output.
  struct Ticket {
    std::uint64_t first_frame = 0;
    std::uint64_t serial = 0;
    friend constexpr auto operator<=>(const Ticket&, const Ticket&) = default;
  };

  // A call goes out once the capture has moved `window` packets past its last one: calls of other connections that
  // began earlier may come late, where their bytes had to be reassembled. 0, for live use: it waits for none, not even
  // for those that are still under way.
  CallQueue(Budget& budget, std::uint64_t window, Emit emit)
      : budget_(budget), window_(window), emit_(std::move(emit)) {}

  // Takes a place for a call whose first byte came in packet `first_frame`. It must be filled or given back.
  [[nodiscard]] Ticket Open(std::uint64_t first_frame);
  void Fill(Ticket ticket, std::unique_ptr<Call> call);
  void GiveBack(Ticket ticket);

  // The capture has reached packet `frame`.
  void Advance(std::uint64_t frame);
  // Emits every finished call.
  void Flush();

 private:
  struct Place {
    std::unique_ptr<Call> call;  // nullptr while the call is under way
    std::uint64_t due = 0;       // the packet from which on it may go out
    std::size_t bytes = 0;
  };
  using Places = std::map<Ticket, Place>;

  Places::iterator EmitAt(Places::iterator place);
  void EnforceCaps();

  Budget& budget_;
  std::uint64_t window_;
  Emit emit_;
  Places places_;
  std::uint64_t now_ = 0;
  std::uint64_t next_serial_ = 0;
  std::size_t finished_ = 0;
  std::size_t finished_bytes_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CALL_QUEUE_H_
