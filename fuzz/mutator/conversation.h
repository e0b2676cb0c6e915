// Conversations to start from: PDUs with an opnum 12 call in them, and the packets that carry them.
#ifndef SESSENUM_FUZZ_MUTATOR_CONVERSATION_H_
#define SESSENUM_FUZZ_MUTATOR_CONVERSATION_H_

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/duplex.h"
#include "fuzz/mutator/draw.h"

namespace sessenum::fuzz {

struct Said {
  Direction direction = Direction::kToServer;
  std::vector<std::uint8_t> bytes;
};

// bind, bind_ack, and some requests and responses of NetrSessionEnum, a PDU each (C706 12.6).
[[nodiscard]] std::vector<Said> MakeConversation(Draw& draw);

// The same on a TCP connection over IPv4 and Ethernet, from its SYN on, a packet each.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> PacketsOf(const std::vector<Said>& conversation);

// Changes the stub of one opnum 12 request or response in `bytes`, if there is one; its length stays, so that whatever
// is around it still fits. `bytes` may be a PDU, a packet or anything else.
void MutateStubWithin(std::vector<std::uint8_t>& bytes, Draw& draw);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MUTATOR_CONVERSATION_H_
