// How the stub targets read their input: one byte says what the rest is.
#ifndef SESSENUM_FUZZ_STUB_INPUT_H_
#define SESSENUM_FUZZ_STUB_INPUT_H_

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/duplex.h"
#include "ndr/format.h"

namespace sessenum::fuzz {

struct StubInput {
  Direction direction = Direction::kToServer;
  NdrFormat format;
  Bytes stub;
};

// First byte: bit 0 response, bit 1 NDR64, bit 2 big-endian. An empty input is an empty request stub in NDR.
inline StubInput ReadStubInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return {};
  const Bytes bytes(data, size);
  const unsigned kind = bytes[0];
  StubInput input;
  input.direction = (kind & 1U) != 0 ? Direction::kToClient : Direction::kToServer;
  input.format.syntax = (kind & 2U) != 0 ? TransferSyntax::kNdr64 : TransferSyntax::kNdr;
  input.format.order = (kind & 4U) != 0 ? ByteOrder::kBig : ByteOrder::kLittle;
  input.stub = bytes.subspan(1);
  return input;
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_STUB_INPUT_H_
