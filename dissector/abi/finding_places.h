// Findings by the field that they speak of.
#ifndef SESSENUM_ABI_FINDING_PLACES_H_
#define SESSENUM_ABI_FINDING_PLACES_H_

#include <vector>

#include "base/duplex.h"
#include "ndr/anomaly.h"
#include "rules/finding.h"

namespace sessenum {

// Hands out each finding about one of the two messages once.
class FindingPlaces {
 public:
  // `findings` must outlive it.
  FindingPlaces(const std::vector<Finding>& findings, Direction message);

  // Those about `field` that were not taken yet, in the order in which they were found.
  [[nodiscard]] std::vector<const Finding*> Take(const FieldRef& field);
  // All that were not taken yet.
  [[nodiscard]] std::vector<const Finding*> TakeRest();

 private:
  std::vector<const Finding*> left_;
};

}  // namespace sessenum

#endif  // SESSENUM_ABI_FINDING_PLACES_H_
