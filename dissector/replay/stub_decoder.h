// A stub on its own: decoded, with what may follow the last parameter told apart.
#ifndef SESSENUM_REPLAY_STUB_DECODER_H_
#define SESSENUM_REPLAY_STUB_DECODER_H_

#include <optional>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/result.h"
#include "srvsvc/model.h"

namespace sessenum {

// As DecodeRequest and DecodeResponse. Bytes after the last parameter become an anomaly, unless they are a verification
// trailer behind a request (MS-RPCE 2.2.2.13).
Status DecodeStub(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumRequest& out);
Status DecodeStub(Bytes stub, NdrFormat format, const Limits& limits, SessionEnumResponse& out);

// Whether a decoded stub can hardly be anything else: consumed to its end, the union's discriminant equal to a Level
// that MS-SRVS lists, and no rule of the form broken. For stubs whose transfer syntax or operation was not captured.
[[nodiscard]] bool FitsWell(const SessionEnumRequest& request);
[[nodiscard]] bool FitsWell(const SessionEnumResponse& response);

// Decodes in the transfer syntax that fits well, into `out`; nullopt, and `out` undefined, where none does.
template <typename Message>
[[nodiscard]] std::optional<TransferSyntax> DecodeGuessing(Bytes stub, ByteOrder order, const Limits& limits,
                                                           Message& out) {
  for (const TransferSyntax syntax : {TransferSyntax::kNdr, TransferSyntax::kNdr64}) {
    if (DecodeStub(stub, {syntax, order}, limits, out).ok() && FitsWell(out)) return syntax;
  }
  return std::nullopt;
}

}  // namespace sessenum

#endif  // SESSENUM_REPLAY_STUB_DECODER_H_
