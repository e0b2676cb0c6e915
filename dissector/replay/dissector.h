// The library's face: packets in, calls out. The one place that wires the layers together.
#ifndef SESSENUM_REPLAY_DISSECTOR_H_
#define SESSENUM_REPLAY_DISSECTOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/limits.h"
#include "net/packet.h"
#include "replay/call.h"
#include "replay/captured_pdu.h"
#include "replay/summary.h"
#include "rules/judge.h"

namespace sessenum {

class KeyStore;

struct DissectorOptions {
  Limits limits;
  // Keys for what is encrypted; nullptr, or a build without a cryptographic library: it stays so. Must outlive the
  // dissector.
  const KeyStore* keys = nullptr;
  // nullopt: calls are handed out as they are, for a CallJudge of the caller's, and the summary has no verdicts.
  std::optional<JudgeOptions> judge = JudgeOptions();
  // Called with each PDU of associations of interest, if set: bind to fault, fragment by fragment.
  OnCapturedPdu on_pdu;
  // Packets that a finished call waits for calls that began earlier; 0 hands it out at once, for live use, whatever
  // began before it.
  std::uint64_t order_window = 4096;
};

// Takes the packets of one capture (or of several that continue each other) and hands out each NetrSessionEnum call,
// in the order of first packets. Needs no file, clock or environment.
class Dissector {
 public:
  // `on_call` is called from OnPacket and Finish; the call is valid during it, and may be moved from.
  Dissector(const DissectorOptions& options, std::function<void(Call&)> on_call);
  Dissector(const Dissector&) = delete;
  Dissector& operator=(const Dissector&) = delete;
  ~Dissector();

  // Frame numbers must rise; packet.bytes are needed during the call only.
  void OnPacket(const Packet& packet);
  // Ends every connection and hands out what is left. To be called once; afterwards the summary is complete.
  void Finish();
  // `captures` is left at zero.
  [[nodiscard]] const Summary& summary() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_DISSECTOR_H_
