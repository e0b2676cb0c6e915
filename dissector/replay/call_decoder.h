// Turns the stubs of a call into messages.
#ifndef SESSENUM_REPLAY_CALL_DECODER_H_
#define SESSENUM_REPLAY_CALL_DECODER_H_

#include "base/limits.h"
#include "replay/call.h"
#include "rpc/fragments.h"

namespace sessenum {

// Takes over what was assembled; `seen` keeps its own copy of the bytes. Nothing is decoded yet.
void TakeStub(const AssembledStub& stub, SeenRequest& seen);
void TakeStub(const AssembledStub& stub, SeenResponse& seen);

// Decodes the message in call.syntax. Where that is not known, it is found by what fits the stub, and kept for the
// call.
void DecodeSeen(SeenRequest& seen, Call& call, Budget& budget);
void DecodeSeen(SeenResponse& seen, Call& call, Budget& budget);

// Why the message is not, or not wholly, decoded; nullopt where it is.
[[nodiscard]] std::optional<Undecoded> ReasonUndecoded(const SeenRequest& seen);
[[nodiscard]] std::optional<Undecoded> ReasonUndecoded(const SeenResponse& seen);

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CALL_DECODER_H_
