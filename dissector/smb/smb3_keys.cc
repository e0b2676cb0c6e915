#include "smb/smb3_keys.h"

#include <algorithm>
#include <span>

#include "base/byte_order.h"

namespace sessenum {
namespace {

constexpr std::size_t kShortKey = 16;

// With the NUL at its end, which is a part of all labels and contexts.
// NOLINTBEGIN(modernize-avoid-c-arrays,cppcoreguidelines-pro-type-reinterpret-cast): a literal is an array of char
template <std::size_t N>
Bytes Text(const char (&literal)[N]) {
  return {reinterpret_cast<const std::uint8_t*>(literal), N};
}
// NOLINTEND(modernize-avoid-c-arrays,cppcoreguidelines-pro-type-reinterpret-cast)

std::array<std::uint8_t, 4> BigEndian(std::uint32_t value) {
  std::array<std::uint8_t, 4> wire{};
  StoreInteger(value, ByteOrder::kBig, wire.data());
  return wire;
}

// MS-SMB2 3.2.5.3: SessionKey is the first 16 bytes of the key of the GSS exchange, padded on the right.
std::array<std::uint8_t, kShortKey> Shortened(Bytes session_key) {
  std::array<std::uint8_t, kShortKey> key{};
  std::copy_n(session_key.begin(), std::min(session_key.size(), key.size()), key.begin());
  return key;
}

}  // namespace

Digest32 DeriveSmb3Key(const CipherSuite& suite, Bytes key, Bytes label, Bytes context, std::size_t size) {
  constexpr std::array<std::uint8_t, 1> kSeparator = {0};
  const auto bits = BigEndian(static_cast<std::uint32_t>(8 * size));
  Digest32 derived = suite.HmacSha256(key, {BigEndian(1), label, kSeparator, context, bits});
  std::fill(derived.begin() + static_cast<std::ptrdiff_t>(size), derived.end(), std::uint8_t{0});
  return derived;
}

Smb3Keys Smb300Keys(const CipherSuite& suite, Bytes session_key) {
  const auto key = Shortened(session_key);
  const Bytes label = Text("SMB2AESCCM");
  return {AeadCipher::kAes128Ccm, DeriveSmb3Key(suite, key, label, Text("ServerIn "), kShortKey),
          DeriveSmb3Key(suite, key, label, Text("ServerOut"), kShortKey)};
}

Smb3Keys Smb311Keys(const CipherSuite& suite, Bytes session_key, AeadCipher cipher, const Digest64& preauth_hash) {
  const auto shortened = Shortened(session_key);
  const std::size_t size = KeySize(cipher);
  const Bytes key = size == kShortKey || session_key.size() < kShortKey ? Bytes(shortened) : session_key;
  return {cipher, DeriveSmb3Key(suite, key, Text("SMBC2SCipherKey"), preauth_hash, size),
          DeriveSmb3Key(suite, key, Text("SMBS2CCipherKey"), preauth_hash, size)};
}

}  // namespace sessenum
