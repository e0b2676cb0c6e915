#include "fuzz/libndr_peer.h"

extern "C" {
// In this order: each needs the one before.
// clang-format off
#include <core/ntstatus.h>
#include <util/data_blob.h>
#include <util/time.h>
#include <ndr.h>
// clang-format on

// Samba installs the library with this table, and no header that declares it.
extern const struct ndr_interface_table ndr_table_srvsvc;
}

#include "fuzz/require.h"
#include "srvsvc/model.h"

namespace sessenum::fuzz {
namespace {

// A talloc context, and all that hangs from it.
class Pool {
 public:
  Pool() : context_(talloc_new(nullptr)) { Require(context_ != nullptr, "there is memory"); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { talloc_free(context_); }

  [[nodiscard]] TALLOC_CTX* get() const { return context_; }

 private:
  TALLOC_CTX* context_;
};

std::uint32_t FlagsOf(NdrFormat format) {
  std::uint32_t flags = LIBNDR_FLAG_REF_ALLOC;
  if (format.syntax == TransferSyntax::kNdr64) flags |= LIBNDR_FLAG_NDR64;
  if (format.order == ByteOrder::kBig) flags |= LIBNDR_FLAG_BIGENDIAN;
  return flags;
}

const ndr_interface_call& Call() { return ndr_table_srvsvc.calls[kOpnumNetrSessionEnum]; }

int ParametersOf(Direction direction) { return direction == Direction::kToServer ? NDR_IN : NDR_OUT; }

struct PulledValues {
  ndr_err_code code = NDR_ERR_SUCCESS;
  std::size_t consumed = 0;  // bytes
  void* values = nullptr;
};

PulledValues Pull(Bytes stub, Direction direction, NdrFormat format, const Pool& pool) {
  // The library reads alone, and its interface does not say so.
  const DATA_BLOB blob{const_cast<std::uint8_t*>(stub.data()), stub.size()};
  ndr_pull* pull = ndr_pull_init_blob(&blob, pool.get());
  PulledValues pulled;
  pulled.values = talloc_zero_size(pool.get(), Call().struct_size);
  Require(pull != nullptr && pulled.values != nullptr, "there is memory");
  pull->flags |= FlagsOf(format);
  pulled.code = Call().ndr_pull(pull, ParametersOf(direction), pulled.values);
  pulled.consumed = pull->offset;
  return pulled;
}

}  // namespace

bool LibndrReads(Bytes stub, Direction direction, NdrFormat format) {
  const Pool pool;
  return NDR_ERR_CODE_IS_SUCCESS(Pull(stub, direction, format, pool).code);
}

PeerAnswer AskLibndr(Bytes stub, Direction direction, NdrFormat format) {
  const Pool pool;
  const PulledValues pulled = Pull(stub, direction, format, pool);
  PeerAnswer answer;
  answer.consumed = pulled.consumed;
  if (!NDR_ERR_CODE_IS_SUCCESS(pulled.code)) {
    answer.error = ndr_map_error2string(pulled.code);
    return answer;
  }
  ndr_push* push = ndr_push_init_ctx(pool.get());
  Require(push != nullptr, "there is memory");
  push->flags |= FlagsOf(format);
  const ndr_err_code wrote = Call().ndr_push(push, ParametersOf(direction), pulled.values);
  if (!NDR_ERR_CODE_IS_SUCCESS(wrote)) {
    answer.error = std::string("cannot be written again: ") + ndr_map_error2string(wrote);
    return answer;
  }
  const DATA_BLOB again = ndr_push_blob(push);
  answer.written.assign(again.data, again.data + again.length);
  return answer;
}

}  // namespace sessenum::fuzz
