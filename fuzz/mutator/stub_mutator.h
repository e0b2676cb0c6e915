// Changes stubs of NetrSessionEnum: their fields through the decoder and the encoder, then their bytes.
#ifndef SESSENUM_FUZZ_MUTATOR_STUB_MUTATOR_H_
#define SESSENUM_FUZZ_MUTATOR_STUB_MUTATOR_H_

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/duplex.h"
#include "fuzz/mutator/draw.h"
#include "ndr/format.h"

namespace sessenum::fuzz {

// A lawful stub of either direction.
[[nodiscard]] std::vector<std::uint8_t> MakeStub(Direction direction, NdrFormat format, Draw& draw);

// `stub`, which decodes in `format` or does not, with some changes, written in `to`: fields are mutated, and in one of
// three stubs bytes are damaged where the decoder looks. What does not decode is damaged or replaced.
[[nodiscard]] std::vector<std::uint8_t> MutateStub(Bytes stub, Direction direction, NdrFormat format, NdrFormat to,
                                                   Draw& draw);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MUTATOR_STUB_MUTATOR_H_
