// Referent ids of a message: which stand in it twice.
#ifndef SESSENUM_SRVSVC_REFERENTS_H_
#define SESSENUM_SRVSVC_REFERENTS_H_

#include "ndr/format.h"
#include "srvsvc/model.h"

namespace sessenum {

// Adds one kRepeatedReferent to the message's anomalies if any non-zero id stands in it more than once; `times` counts
// the repetitions. Costs n log n and memory for the ids; where they never fall, ReferentOrder
// tells the same as they come.
void NoteRepeatedReferents(SessionEnumRequest& request, NdrFormat format);
void NoteRepeatedReferents(SessionEnumResponse& response, NdrFormat format);

}  // namespace sessenum

#endif  // SESSENUM_SRVSVC_REFERENTS_H_
