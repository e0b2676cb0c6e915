// A PDU of the association that carries a NetrSessionEnum call, for whoever collects them.
#ifndef SESSENUM_REPLAY_CAPTURED_PDU_H_
#define SESSENUM_REPLAY_CAPTURED_PDU_H_

#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "rpc/pdu.h"

namespace sessenum {

struct CapturedPdu {
  PduType type = PduType::kRequest;
  std::uint64_t frame = 0;  // the packet of its first byte
  std::uint32_t call_id = 0;
  Bytes bytes;         // valid during the call; in clear where it was unsealed
  bool whole = false;  // else `bytes` is the part that was captured
};

using OnCapturedPdu = std::function<void(const CapturedPdu&)>;

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_CAPTURED_PDU_H_
