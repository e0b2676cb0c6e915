#include "smb/smb2_encryption.h"

#include "base/byte_reader.h"
#include "smb/protocol.h"

namespace sessenum {
namespace {

constexpr std::uint16_t kEncryptionCapabilities = 2;  // MS-SMB2 2.2.3.1
constexpr std::size_t kNonceSize = 16;

// A negotiate context: type, length, four reserved bytes, data; each starts at a multiple of eight.
Status FindContext(ByteReader in, std::uint16_t count, std::uint16_t wanted, ByteReader& out) {
  for (std::uint16_t i = 0; i < count; ++i) {
    std::uint16_t type = 0;
    std::uint16_t length = 0;
    SE_TRY(in.Skip((8 - in.offset() % 8) % 8));
    SE_TRY(in.Read(type));
    SE_TRY(in.Read(length));
    SE_TRY(in.Skip(4));
    if (type == wanted) return in.Sub(length, out);
    SE_TRY(in.Skip(length));
  }
  return Malformed(in.offset());
}

// MS-SMB2 2.2.4 and 2.2.4.1.2
Status ReadCipher(Bytes message, std::uint16_t& cipher) {
  ByteReader in(message);
  std::uint16_t contexts = 0;
  std::uint32_t offset = 0;
  SE_TRY(in.Skip(kSmb2HeaderSize + 6));  // StructureSize, SecurityMode, DialectRevision
  SE_TRY(in.Read(contexts));
  SE_TRY(in.Skip(52));  // ServerGuid to SecurityBufferLength
  SE_TRY(in.Read(offset));
  SE_TRY(in.SkipTo(offset));
  ByteReader capabilities{Bytes()};
  SE_TRY(FindContext(in, contexts, kEncryptionCapabilities, capabilities));
  SE_TRY(capabilities.Skip(2));  // CipherCount, which is 1
  return capabilities.Read(cipher);
}

}  // namespace

std::optional<AeadCipher> FindNegotiatedCipher(Bytes message) {
  std::uint16_t cipher = 0;
  if (!ReadCipher(message, cipher).ok() || cipher < 1 || cipher > 4) return std::nullopt;
  return static_cast<AeadCipher>(cipher);
}

Status Read(Bytes message, Smb2SealedParts& out) {
  ByteReader in(message);
  std::uint32_t size = 0;
  SE_TRY(in.Skip(4));
  SE_TRY(in.ReadBytes(kAeadTagSize, out.tag));
  ByteReader covered = in;
  SE_TRY(in.ReadBytes(kNonceSize, out.nonce));
  SE_TRY(in.Read(size));
  SE_TRY(in.Skip(12));  // Reserved, Flags, SessionId
  SE_TRY(covered.ReadBytes(in.offset() - covered.offset(), out.associated));
  return in.ReadBytes(size, out.ciphertext);
}

}  // namespace sessenum
