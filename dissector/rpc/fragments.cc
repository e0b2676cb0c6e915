#include "rpc/fragments.h"

#include <utility>

namespace sessenum {

FragmentTable::~FragmentTable() {
  for (const auto& [call_id, assembly] : unfinished_) budget_.stub_bytes_held -= assembly.bytes.size();
}

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
  AppendFrames(bytes, stub.frames);
  if (missing && !stub.missing) stub.missing = missing;
  if (!pdu.auth) return;
  stub.auth_type = pdu.auth->type;
  stub.auth_level = pdu.auth->level;
  // Privacy covers the stub of every fragment (MS-RPCE 3.3.1.5.2.2).
  if (pdu.auth->level == kAuthLevelPrivacy) stub.missing = Undecoded::kEncrypted;
}

bool FragmentTable::IsFull(std::uint32_t call_id) {
  if (unfinished_.empty() || unfinished_.size() < budget_.limits().rpc_calls) return false;
  if (unfinished_.contains(call_id)) return false;
  budget_.Hit(Cap::kRpcCalls);
  return true;
}

FragmentTable::Assembly& FragmentTable::FindOrStart(const Pdu& pdu) {
  const auto [found, is_new] = unfinished_.try_emplace(pdu.header.call_id);
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
  const std::size_t size = pdu.stub.size();
  if (size > budget_.limits().stub_bytes - assembly.bytes.size()) {
    budget_.Hit(Cap::kStubBytes);
    assembly.stub.missing = Undecoded::kTruncated;
    return;
  }
  if (size > budget_.limits().total_stub_bytes - budget_.stub_bytes_held) {
    budget_.Hit(Cap::kTotalStubBytes);
    assembly.stub.missing = Undecoded::kTruncated;
    return;
  }
  budget_.stub_bytes_held += size;
  assembly.bytes.Append(bytes.Sub(pdu.stub_at, size));
}

std::optional<FragmentTable::Assembly> FragmentTable::Take(std::uint32_t call_id) {
  const auto found = unfinished_.find(call_id);
  if (found == unfinished_.end()) return std::nullopt;
  std::optional<Assembly> assembly = std::move(found->second);
  unfinished_.erase(found);
  budget_.stub_bytes_held -= assembly->bytes.size();
  return assembly;
}

}  // namespace sessenum
