// Presentation contexts: what a client proposed and what the server made of it.
#ifndef SESSENUM_RPC_CONTEXTS_H_
#define SESSENUM_RPC_CONTEXTS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "ndr/format.h"
#include "rpc/pdu.h"

namespace sessenum {

// What a client offered in the bind or alter_context that named an interface: a mark of its RPC runtime.
struct BindOffer {
  bool ndr = false;
  bool ndr64 = false;
  bool feature_negotiation = false;  // MS-RPCE 2.2.2.14

  friend constexpr bool operator==(const BindOffer&, const BindOffer&) = default;
};

struct PresentationContext {
  SyntaxId interface;
  BindOffer offer;
  std::optional<TransferSyntax> syntax;  // what the server accepted; nothing until then, or where it is neither NDR
  bool answered = false;                 // the server's answer is in the capture
};

// The contexts of one association. A request names its context by id; which transfer syntax that stands for is told by
// the server's answer alone, whose results come in the order of the proposals (C706 12.6.3.1).
class ContextTable {
 public:
  explicit ContextTable(Budget& budget) : budget_(budget) {}

  void OnProposal(std::uint32_t call_id, const std::vector<ProposedContext>& proposals);
  void OnAnswer(std::uint32_t call_id, const std::vector<ContextResult>& results);
  // nullptr: no bind for this id was captured.
  [[nodiscard]] const PresentationContext* Find(std::uint16_t id) const;

 private:
  struct PendingBind {
    std::uint32_t call_id = 0;
    std::vector<std::uint16_t> ids;
  };

  Budget& budget_;
  std::map<std::uint16_t, PresentationContext> contexts_;
  std::deque<PendingBind> pending_;
};

}  // namespace sessenum

#endif  // SESSENUM_RPC_CONTEXTS_H_
