// Where each field that a finding may name stands in its stub.
#ifndef SESSENUM_FUZZ_FIELD_PLACES_H_
#define SESSENUM_FUZZ_FIELD_PLACES_H_

#include <optional>

#include "base/duplex.h"
#include "ndr/anomaly.h"
#include "rules/call_facts.h"

namespace sessenum::fuzz {

// Where the field stands; nothing where it is none of the stub's.
[[nodiscard]] std::optional<Extent> PlaceOfField(const CallFacts& call, Direction message, const FieldRef& field);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_FIELD_PLACES_H_
