// Puts the stubs of a call's fragments together.
#ifndef SESSENUM_RPC_FRAGMENTS_H_
#define SESSENUM_RPC_FRAGMENTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/byte_order.h"
#include "base/limits.h"
#include "base/provenance.h"
#include "base/undecoded.h"
#include "rpc/pdu.h"

namespace sessenum {

// The stub of one request or response, whole or as far as the capture holds it.
struct AssembledStub {
  std::uint32_t call_id = 0;
  std::uint16_t context_id = 0;
  std::optional<std::uint16_t> opnum;  // of a request; nullopt where it is cut off
  ByteOrder order = ByteOrder::kLittle;
  std::uint32_t fragments = 0;
  SourcedBytes bytes;                // valid while it is handed over
  std::vector<Frame> frames;         // every packet that carried a byte of its PDUs, in order
  std::optional<Undecoded> missing;  // set where `bytes` is not the whole readable stub: what became of the rest
  std::optional<std::uint8_t> auth_level;
};

// The unfinished stubs of one direction of an association, by call id: fragments of several calls may interleave
// (MS-RPCE 3.3.1.5.8). A stub in one fragment passes through without a copy.
class FragmentTable {
 public:
  explicit FragmentTable(Budget& budget) : budget_(budget) {}

  // One fragment. `bytes` is its PDU as framed; `missing` is set where that is only the first part. `deliver` is called
  // with each stub that ends by this: this one if the fragment is its last, and an older one of the same call id that a
  // new first fragment cuts short.
  template <typename Deliver>
  void OnFragment(const Pdu& pdu, SourcedBytes bytes, std::optional<Undecoded> missing, Deliver&& deliver) {
    if (pdu.header.first()) {
      if (auto older = Take(pdu.header.call_id)) Finish(*older, Undecoded::kGap, deliver);
      if (pdu.header.last()) {
        AssembledStub stub = Start(pdu);
        Describe(pdu, bytes, missing, stub);
        stub.bytes = bytes.Sub(pdu.stub_at, pdu.stub.size());
        deliver(stub);
        return;
      }
    }
    if (IsFull(pdu.header.call_id)) {
      if (auto oldest = Take(unfinished_.begin()->first)) Finish(*oldest, Undecoded::kTruncated, deliver);
    }
    Append(FindOrStart(pdu), pdu, bytes, missing);
    if (!pdu.header.last()) return;
    if (auto whole = Take(pdu.header.call_id)) Finish(*whole, std::nullopt, deliver);
  }

  // Delivers everything that is unfinished, as missing for the reason `why`.
  template <typename Deliver>
  void Flush(Undecoded why, Deliver&& deliver) {
    while (!unfinished_.empty()) {
      if (auto assembly = Take(unfinished_.begin()->first)) Finish(*assembly, why, deliver);
    }
  }

 private:
  struct Assembly {
    explicit Assembly(Budget& budget) : held(budget.stub_bytes_held) {}
    AssembledStub stub;
    SourcedBuffer bytes;
    HeldBytes held;
  };

  [[nodiscard]] static AssembledStub Start(const Pdu& pdu);
  void Describe(const Pdu& pdu, SourcedBytes bytes, std::optional<Undecoded> missing, AssembledStub& stub);
  // Whether one more call is one too many; counts the hit.
  [[nodiscard]] bool IsFull(std::uint32_t call_id);
  [[nodiscard]] Assembly& FindOrStart(const Pdu& pdu);
  // The cap that `size` more bytes would break, if any.
  [[nodiscard]] std::optional<Cap> Exceeds(const Assembly& assembly, std::size_t size) const;
  void Append(Assembly& assembly, const Pdu& pdu, SourcedBytes bytes, std::optional<Undecoded> missing);
  [[nodiscard]] std::optional<Assembly> Take(std::uint32_t call_id);

  template <typename Deliver>
  static void Finish(Assembly& assembly, std::optional<Undecoded> missing, Deliver&& deliver) {
    if (missing && !assembly.stub.missing) assembly.stub.missing = missing;
    assembly.stub.bytes = assembly.bytes.View();
    deliver(assembly.stub);
  }

  Budget& budget_;
  std::map<std::uint32_t, Assembly> unfinished_;
};

}  // namespace sessenum

#endif  // SESSENUM_RPC_FRAGMENTS_H_
