// Which software made a request, as far as its habits show it.
#ifndef SESSENUM_RULES_FINGERPRINT_H_
#define SESSENUM_RULES_FINGERPRINT_H_

#include <span>
#include <string_view>

#include "rpc/contexts.h"
#include "srvsvc/model.h"

namespace sessenum {

// A family of clients whose requests look alike. Whoever wants to can imitate one.
struct ClientFamily {
  std::string_view name;
  std::string_view signs;    // what it is known by
  bool is_built_in = false;  // ships with an operating system; others were brought along
};

// Every family that is told apart.
[[nodiscard]] std::span<const ClientFamily> ClientFamilies();

// The family that `request` looks like, or nullptr. `offer`: what its bind offered; all false where none was captured,
// and then only families that need no bind are found.
[[nodiscard]] const ClientFamily* FamilyOf(const SessionEnumRequest& request, const BindOffer& offer);

}  // namespace sessenum

#endif  // SESSENUM_RULES_FINGERPRINT_H_
