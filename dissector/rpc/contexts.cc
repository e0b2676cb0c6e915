#include "rpc/contexts.h"

#include <algorithm>

namespace sessenum {
namespace {

// A client has one bind or alter_context under way at a time; a few more are kept against lost answers.
constexpr std::size_t kPendingBinds = 8;

bool IsAccepted(const ContextResult& result) { return result.result == 0; }

std::optional<TransferSyntax> SyntaxOf(const ContextResult& result) {
  if (!IsAccepted(result)) return std::nullopt;
  if (result.syntax == kNdrSyntax) return TransferSyntax::kNdr;
  if (result.syntax == kNdr64Syntax) return TransferSyntax::kNdr64;
  return std::nullopt;
}

// Bind-time feature negotiation looks like a context and is none (MS-RPCE 3.3.1.5.3).
bool IsContext(const ProposedContext& proposal) {
  return proposal.syntaxes.empty() || !IsFeatureNegotiation(proposal.syntaxes.front());
}

BindOffer OfferOf(const std::vector<ProposedContext>& proposals) {
  BindOffer offer;
  for (const ProposedContext& proposal : proposals) {
    for (const SyntaxId& syntax : proposal.syntaxes) {
      offer.ndr = offer.ndr || syntax == kNdrSyntax;
      offer.ndr64 = offer.ndr64 || syntax == kNdr64Syntax;
      offer.feature_negotiation = offer.feature_negotiation || IsFeatureNegotiation(syntax);
    }
  }
  return offer;
}

}  // namespace

void ContextTable::OnProposal(std::uint32_t call_id, const std::vector<ProposedContext>& proposals) {
  if (pending_.size() >= kPendingBinds) pending_.pop_front();
  PendingBind& bind = pending_.emplace_back();
  bind.call_id = call_id;
  const BindOffer offer = OfferOf(proposals);
  for (const ProposedContext& proposal : proposals) {
    bind.ids.push_back(proposal.id);
    if (!IsContext(proposal)) continue;
    if (!contexts_.contains(proposal.id) && contexts_.size() >= budget_.limits().rpc_contexts) {
      budget_.Hit(Cap::kRpcContexts);
      continue;
    }
    contexts_[proposal.id] = {proposal.interface, offer, std::nullopt, false};
  }
}

void ContextTable::OnAnswer(std::uint32_t call_id, const std::vector<ContextResult>& results) {
  const auto bind = std::ranges::find(pending_, call_id, &PendingBind::call_id);
  if (bind == pending_.end()) return;
  for (std::size_t i = 0; i < std::min(results.size(), bind->ids.size()); ++i) {
    const auto context = contexts_.find(bind->ids[i]);
    if (context == contexts_.end()) continue;
    context->second.answered = true;
    context->second.syntax = SyntaxOf(results[i]);
  }
  pending_.erase(bind);
}

const PresentationContext* ContextTable::Find(std::uint16_t id) const {
  const auto found = contexts_.find(id);
  return found == contexts_.end() ? nullptr : &found->second;
}

}  // namespace sessenum
