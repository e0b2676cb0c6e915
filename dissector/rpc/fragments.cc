#include "rpc/fragments.h"

#include <utility>

namespace sessenum {

AssembledStub FragmentTable::Start(const Pdu& pdu) {
  AssembledStub stub;
  stub.call_id = pdu.header.call_id;
  stub.context_id = pdu.context_id;
  stub.opnum = pdu.opnum;
  stub.order = pdu.header.order;
  return stub;
}

void FragmentTable::Describe(const Pdu& pdu, SourcedBytes bytes, std::optional<Undecoded> missing,
                             AssembledStub& stub) {
  ++stub.fragments;
  if (stub.frames.size() >= budget_.limits().frames) {
    budget_.Hit(Cap::kFrames);
  } else if (budget_.stub_bytes_held >= budget_.limits().total_stub_bytes) {
    budget_.Hit(Cap::kTotalStubBytes);
  } else {
    AppendFrames(bytes, stub.frames);
  }
  if (missing && !stub.missing) stub.missing = missing;
  if (!pdu.auth) return;
  stub.auth_level = pdu.auth->level;
  // Privacy covers the stub of every fragment (MS-RPCE 3.3.1.5.2.2).
  if (pdu.auth->seals() && !pdu.unsealed) stub.missing = Undecoded::kEncrypted;
}

bool FragmentTable::IsFull(std::uint32_t call_id) {
  if (unfinished_.empty() || unfinished_.size() < budget_.limits().rpc_calls) return false;
  if (unfinished_.contains(call_id)) return false;
  budget_.Hit(Cap::kRpcCalls);
  return true;
}

FragmentTable::Assembly& FragmentTable::FindOrStart(const Pdu& pdu) {
  const auto [found, is_new] = unfinished_.try_emplace(pdu.header.call_id, budget_);
  Assembly& assembly = found->second;
  if (!is_new) return assembly;
  assembly.stub = Start(pdu);
  // The fragments before this one are not in the capture.
  if (!pdu.header.first()) assembly.stub.missing = Undecoded::kGap;
  return assembly;
}

void FragmentTable::Append(Assembly& assembly, const Pdu& pdu, SourcedBytes bytes, std::optional<Undecoded> missing) {
  // After a hole the place of what follows is not known: it is counted and not kept.
  const bool in_place = !assembly.stub.missing;
  Describe(pdu, bytes, missing, assembly.stub);
  if (!in_place) return;
  if (const std::optional<Cap> cap = Exceeds(assembly, pdu.stub.size())) {
    budget_.Hit(*cap);
    assembly.stub.missing = Undecoded::kTruncated;
    return;
  }
  assembly.bytes.Append(bytes.Sub(pdu.stub_at, pdu.stub.size()));
  assembly.held.Set(assembly.bytes.cost() + assembly.stub.frames.size() * sizeof(Frame));
}

std::optional<Cap> FragmentTable::Exceeds(const Assembly& assembly, std::size_t size) const {
  const Limits& limits = budget_.limits();
  if (size > limits.stub_bytes - assembly.bytes.size()) return Cap::kStubBytes;
  const bool total =
      budget_.stub_bytes_held >= limits.total_stub_bytes || size > limits.total_stub_bytes - budget_.stub_bytes_held;
  return total ? std::optional(Cap::kTotalStubBytes) : std::nullopt;
}

std::optional<FragmentTable::Assembly> FragmentTable::Take(std::uint32_t call_id) {
  const auto found = unfinished_.find(call_id);
  if (found == unfinished_.end()) return std::nullopt;
  std::optional<Assembly> assembly = std::move(found->second);
  unfinished_.erase(found);
  return assembly;
}

}  // namespace sessenum
