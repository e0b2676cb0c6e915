// SMB2 messages as plain structs. Offsets in a message count from the start of its own SMB2 header (MS-SMB2 2.2).
#ifndef SESSENUM_SMB_SMB2_H_
#define SESSENUM_SMB_SMB2_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "smb/framing.h"
#include "smb/pipe.h"
#include "smb/protocol.h"

namespace sessenum {

// MS-SMB2 2.2.1.2
enum class Smb2Command : std::uint16_t {
  kNegotiate = 0,
  kSessionSetup = 1,
  kLogoff = 2,
  kTreeConnect = 3,
  kTreeDisconnect = 4,
  kCreate = 5,
  kClose = 6,
  kFlush = 7,
  kRead = 8,
  kWrite = 9,
  kLock = 10,
  kIoctl = 11,
  kCancel = 12,
  kQueryDirectory = 14,
  kChangeNotify = 15,
  kQueryInfo = 16,
  kSetInfo = 17,
};

inline constexpr std::uint32_t kStatusSuccess = 0;
inline constexpr std::uint32_t kStatusPending = 0x00000103;
inline constexpr std::uint32_t kStatusBufferOverflow = 0x80000005;
inline constexpr std::uint32_t kStatusMoreProcessingRequired = 0xC0000016;

// Session and tree of a related operation: "as in the command before" (MS-SMB2 3.2.4.1.4).
inline constexpr std::uint64_t kSmb2SameSession = UINT64_MAX;
inline constexpr std::uint32_t kSmb2SameTree = UINT32_MAX;

struct Smb2Header {
  std::uint32_t status = 0;  // responses
  Smb2Command command{};
  std::uint32_t flags = 0;
  std::uint32_t next_command = 0;  // bytes from this header to the next one; 0: this is the last
  std::uint64_t message_id = 0;
  std::uint32_t tree_id = 0;  // 0 where async()
  std::uint64_t session_id = 0;

  [[nodiscard]] bool response() const { return (flags & 1U) != 0; }
  [[nodiscard]] bool async() const { return (flags & 2U) != 0; }
  [[nodiscard]] bool related() const { return (flags & 4U) != 0; }
};

struct Smb2FileId {
  std::uint64_t persistent = 0;
  std::uint64_t temporary = 0;  // the specification's "Volatile"

  [[nodiscard]] bool same_as_before() const { return persistent == UINT64_MAX && temporary == UINT64_MAX; }
  friend constexpr auto operator<=>(const Smb2FileId&, const Smb2FileId&) = default;
};

// Of a client or a server (MS-SMB2 2.2.3, 2.2.4). Zeros name nobody: a client of dialect 2.0.2 alone sends them.
using Smb2Guid = std::array<std::uint8_t, 16>;

// Where a message says that a buffer of it stands.
struct Smb2Buffer {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// One command of a message, which may be compounded of several.
struct Smb2Part {
  Smb2Header header;
  SourcedBytes bytes;      // from the header on, as far as they are at hand
  std::size_t length = 0;  // bytes on the wire
  Undecoded why = Undecoded::kGap;
  Frame noticed;

  [[nodiscard]] bool whole() const { return bytes.size() == length; }
  // At the first byte behind the header.
  [[nodiscard]] ByteReader Body() const {
    return ByteReader(bytes.bytes().subspan(kSmb2HeaderSize), ByteOrder::kLittle, kSmb2HeaderSize);
  }
};

[[nodiscard]] Status ReadSmb2Header(Bytes bytes, Smb2Header& out);

// Reads the command at `offset` of `message`. kTruncated: not enough of it is at hand; kMalformed: its NextCommand is
// not 8-aligned, below the size of a header, or leads out of the message (MS-SMB2 3.3.5.2.7).
[[nodiscard]] Status ReadSmb2Part(const SmbMessage& message, std::size_t offset, Smb2Part& out);

// Finds `buffer` in `part`. kMalformed where it stands in the header or reaches beyond the part as declared; bytes that
// are only not at hand are counted in PipeData::missing.
[[nodiscard]] Status LocateSmb2Buffer(const Smb2Part& part, const Smb2Buffer& buffer, PipeData& out);

// The functions below read the fixed part of one body, from right behind the header.

struct Smb2NegotiateRequest {
  Smb2Guid client{};
};
[[nodiscard]] Status Read(ByteReader in, Smb2NegotiateRequest& out);

struct Smb2NegotiateResponse {
  std::uint16_t dialect = 0;  // 0x02FF: to be negotiated again, this time by SMB2
  Smb2Guid server{};
};
[[nodiscard]] Status Read(ByteReader in, Smb2NegotiateResponse& out);

struct Smb2SessionSetupRequest {
  std::uint8_t flags = 0;
  Smb2Buffer blob;

  // Whether the connection is to join a session of another one (SMB2_SESSION_FLAG_BINDING).
  [[nodiscard]] bool binding() const { return (flags & 1U) != 0; }
};
[[nodiscard]] Status Read(ByteReader in, Smb2SessionSetupRequest& out);

struct Smb2SessionSetupResponse {
  std::uint16_t flags = 0;
  Smb2Buffer blob;

  [[nodiscard]] bool guest() const { return (flags & 1U) != 0; }
  [[nodiscard]] bool null() const { return (flags & 2U) != 0; }
  [[nodiscard]] bool encrypt() const { return (flags & 4U) != 0; }
};
[[nodiscard]] Status Read(ByteReader in, Smb2SessionSetupResponse& out);

struct Smb2TreeConnectRequest {
  Smb2Buffer path;
};
[[nodiscard]] Status Read(ByteReader in, Smb2TreeConnectRequest& out);

// MS-SMB2 2.2.10
enum class Smb2ShareType : std::uint8_t { kUnknown = 0, kDisk = 1, kPipe = 2, kPrint = 3 };

struct Smb2TreeConnectResponse {
  std::uint8_t share_type = 0;
};
[[nodiscard]] Status Read(ByteReader in, Smb2TreeConnectResponse& out);

struct Smb2CreateRequest {
  Smb2Buffer name;
};
[[nodiscard]] Status Read(ByteReader in, Smb2CreateRequest& out);

struct Smb2CreateResponse {
  Smb2FileId file;
};
[[nodiscard]] Status Read(ByteReader in, Smb2CreateResponse& out);

struct Smb2ReadResponse {
  bool error_body = false;  // an ERROR response stands in its place (MS-SMB2 2.2.2)
  Smb2Buffer data;
};
[[nodiscard]] Status Read(ByteReader in, Smb2ReadResponse& out);

struct Smb2WriteRequest {
  Smb2Buffer data;
  Smb2FileId file;
};
[[nodiscard]] Status Read(ByteReader in, Smb2WriteRequest& out);

inline constexpr std::uint32_t kFsctlPipeTransceive = 0x0011C017;

struct Smb2IoctlRequest {
  std::uint32_t code = 0;
  Smb2FileId file;
  Smb2Buffer input;
};
[[nodiscard]] Status Read(ByteReader in, Smb2IoctlRequest& out);

struct Smb2IoctlResponse {
  bool error_body = false;
  std::uint32_t code = 0;
  Smb2FileId file;
  Smb2Buffer output;
};
[[nodiscard]] Status Read(ByteReader in, Smb2IoctlResponse& out);

// Reads the FileId that a request of `command` names. kMalformed for a command whose requests name none.
[[nodiscard]] Status ReadSmb2RequestFile(ByteReader in, Smb2Command command, Smb2FileId& out);

struct Smb2Transform {
  std::uint64_t session_id = 0;
};
// `bytes` start with the transform header (MS-SMB2 2.2.41).
[[nodiscard]] Status Read(Bytes bytes, Smb2Transform& out);

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_H_
