#include "abi/finding_places.h"

#include <algorithm>
#include <utility>

namespace sessenum {

FindingPlaces::FindingPlaces(const std::vector<Finding>& findings, Direction message) {
  for (const Finding& finding : findings) {
    if (finding.message == message) left_.push_back(&finding);
  }
}

std::vector<const Finding*> FindingPlaces::Take(const FieldRef& field) {
  std::vector<const Finding*> taken;
  const auto is_here = [&field](const Finding* finding) { return finding->field == field; };
  std::ranges::copy_if(left_, std::back_inserter(taken), is_here);
  if (!taken.empty()) std::erase_if(left_, is_here);
  return taken;
}

std::vector<const Finding*> FindingPlaces::TakeRest() { return std::exchange(left_, {}); }

}  // namespace sessenum
