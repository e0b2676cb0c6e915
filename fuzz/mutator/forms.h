// Mutates the inputs of the targets: what each form holds, field by field.
#ifndef SESSENUM_FUZZ_MUTATOR_FORMS_H_
#define SESSENUM_FUZZ_MUTATOR_FORMS_H_

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "fuzz/mutator/draw.h"

namespace sessenum::fuzz {

// How the inputs of one form are changed. Both take any bytes, and answer the same to the same choices.
struct Form {
  // Something new where `input` is empty.
  std::vector<std::uint8_t> (*mutate)(Bytes input, Draw& draw);
  // Parts of one and parts of the other.
  std::vector<std::uint8_t> (*cross)(Bytes one, Bytes other, Draw& draw);
};

extern const Form kStubForm;     // fuzz/stub_input.h
extern const Form kCallsForm;    // call_pair_rules.cc
extern const Form kPdusForm;     // rpc_pdus.cc: a byte, and a stream of PDUs
extern const Form kPiecesForm;   // fuzz/pieces.h
extern const Form kPacketsForm;  // the same, each piece a packet: an RPC conversation over TCP where there is none

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_MUTATOR_FORMS_H_
