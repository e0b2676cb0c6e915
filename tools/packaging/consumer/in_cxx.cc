// A response stub (NDR, little-endian) on standard input, what it says on standard output.
#include <sessenum/sessenum.h>

#include <cstdint>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

int main() {
  if (sessenum_abi_version() != SESSENUM_ABI_VERSION) return 1;
  const std::vector<char> bytes{std::istreambuf_iterator<char>(std::cin), {}};
  sessenum_stub stub{};
  stub.bytes = reinterpret_cast<const std::uint8_t*>(bytes.data());
  stub.size = bytes.size();
  stub.syntax = SESSENUM_NDR;
  stub.byte_order = SESSENUM_LITTLE_ENDIAN;
  const std::unique_ptr<const sessenum_result, void (*)(const sessenum_result*)> result(
      sessenum_decode_response(&stub, nullptr, nullptr), sessenum_free_result);
  if (result == nullptr) return 1;
  std::cout << result->summary << '\n';
  return 0;
}
