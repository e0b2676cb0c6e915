// Samba's own NDR library, asked about the stubs of NetrSessionEnum.
#ifndef SESSENUM_FUZZ_LIBNDR_PEER_H_
#define SESSENUM_FUZZ_LIBNDR_PEER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/duplex.h"
#include "ndr/format.h"

namespace sessenum::fuzz {

struct PeerAnswer {
  std::string error;                  // empty: accepted. Otherwise the name of the ndr_err_code
  std::size_t consumed = 0;           // bytes
  std::vector<std::uint8_t> written;  // what it makes of the values that it read
};

// Reads `stub`, and writes what it read in the same format.
[[nodiscard]] PeerAnswer AskLibndr(Bytes stub, Direction direction, NdrFormat format);

// Reads `stub`, and gives back what it took for that. Whether it could.
[[nodiscard]] bool LibndrReads(Bytes stub, Direction direction, NdrFormat format);

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_LIBNDR_PEER_H_
