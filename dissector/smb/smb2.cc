#include "smb/smb2.h"

#include <algorithm>

namespace sessenum {
namespace {

constexpr std::uint16_t kErrorBodySize = 9;  // MS-SMB2 2.2.2

// Reads StructureSize, which must be `size`. `error`, where given, takes the size of an ERROR response too.
Status ReadStructureSize(ByteReader& in, std::uint16_t size, bool* error = nullptr) {
  const std::size_t at = in.offset();
  std::uint16_t actual = 0;
  SE_TRY(in.Read(actual));
  if (error != nullptr) *error = actual == kErrorBodySize;
  const bool fits = actual == size || (error != nullptr && *error);
  return fits ? Ok() : Malformed(at);
}

Status ReadFileId(ByteReader& in, Smb2FileId& out) {
  SE_TRY(in.Read(out.persistent));
  return in.Read(out.temporary);
}

Status ReadGuid(ByteReader& in, Smb2Guid& out) {
  Bytes bytes;
  SE_TRY(in.ReadBytes(out.size(), bytes));
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return Ok();
}

// An offset and a length of 16 bits each.
Status ReadShortBuffer(ByteReader& in, Smb2Buffer& out) {
  std::uint16_t offset = 0;
  std::uint16_t length = 0;
  SE_TRY(in.Read(offset));
  SE_TRY(in.Read(length));
  out = {offset, length};
  return Ok();
}

Status ReadLongBuffer(ByteReader& in, Smb2Buffer& out) {
  SE_TRY(in.Read(out.offset));
  return in.Read(out.length);
}

}  // namespace

// MS-SMB2 2.2.1
Status ReadSmb2Header(Bytes bytes, Smb2Header& out) {
  if (bytes.size() < kSmb2HeaderSize) return Truncated(0, kSmb2HeaderSize);
  if (ProtocolOf(bytes) != SmbProtocol::kSmb2) return Malformed(0);
  ByteReader in(bytes.first(kSmb2HeaderSize));
  std::uint16_t command = 0;
  SE_TRY(in.Skip(4));
  SE_TRY(ReadStructureSize(in, kSmb2HeaderSize));
  SE_TRY(in.Skip(2));  // CreditCharge
  SE_TRY(in.Read(out.status));
  SE_TRY(in.Read(command));
  SE_TRY(in.Skip(2));  // CreditRequest
  SE_TRY(in.Read(out.flags));
  SE_TRY(in.Read(out.next_command));
  SE_TRY(in.Read(out.message_id));
  SE_TRY(in.Skip(4));
  SE_TRY(in.Read(out.tree_id));
  SE_TRY(in.Read(out.session_id));
  out.command = static_cast<Smb2Command>(command);
  if (out.async()) out.tree_id = 0;  // AsyncId stands there
  return Ok();
}

Status ReadSmb2Part(const SmbMessage& message, std::size_t offset, Smb2Part& out) {
  if (message.length - offset < kSmb2HeaderSize) return Malformed(offset);
  if (message.bytes.size() < offset) return Truncated(offset, kSmb2HeaderSize);
  const SourcedBytes rest = message.bytes.Sub(offset);
  SE_TRY(ReadSmb2Header(rest.bytes(), out.header));
  const std::uint32_t next = out.header.next_command;
  out.length = message.length - offset;
  if (next != 0) {
    if (next % 8 != 0 || next < kSmb2HeaderSize || next > out.length) return Malformed(offset);
    out.length = next;
  }
  out.bytes = rest.Sub(0, out.length);
  out.why = message.why;
  out.noticed = message.noticed;
  return Ok();
}

Status LocateSmb2Buffer(const Smb2Part& part, const Smb2Buffer& buffer, PipeData& out) {
  out = {};
  if (buffer.length == 0) return Ok();
  if (buffer.offset < kSmb2HeaderSize || buffer.offset > part.length || buffer.length > part.length - buffer.offset) {
    return Malformed(buffer.offset);
  }
  const std::size_t start = std::min<std::size_t>(buffer.offset, part.bytes.size());
  out.bytes = part.bytes.Sub(start, buffer.length);
  // A buffer that starts behind what is at hand has nothing of it.
  if (start < buffer.offset) out.bytes = {};
  out.missing = buffer.length - out.bytes.size();
  out.why = part.why;
  out.noticed = part.noticed;
  return Ok();
}

// MS-SMB2 2.2.3
Status Read(ByteReader in, Smb2NegotiateRequest& out) {
  SE_TRY(ReadStructureSize(in, 36));
  SE_TRY(in.Skip(10));  // DialectCount to Capabilities
  return ReadGuid(in, out.client);
}

// MS-SMB2 2.2.4
Status Read(ByteReader in, Smb2NegotiateResponse& out) {
  SE_TRY(ReadStructureSize(in, 65));
  SE_TRY(in.Skip(2));  // SecurityMode
  SE_TRY(in.Read(out.dialect));
  SE_TRY(in.Skip(2));  // NegotiateContextCount
  return ReadGuid(in, out.server);
}

// MS-SMB2 2.2.5
Status Read(ByteReader in, Smb2SessionSetupRequest& out) {
  SE_TRY(ReadStructureSize(in, 25));
  SE_TRY(in.Read(out.flags));
  SE_TRY(in.Skip(9));  // SecurityMode, Capabilities, Channel
  return ReadShortBuffer(in, out.blob);
}

// MS-SMB2 2.2.6
Status Read(ByteReader in, Smb2SessionSetupResponse& out) {
  SE_TRY(ReadStructureSize(in, 9));
  SE_TRY(in.Read(out.flags));
  return ReadShortBuffer(in, out.blob);
}

// MS-SMB2 2.2.9
Status Read(ByteReader in, Smb2TreeConnectRequest& out) {
  SE_TRY(ReadStructureSize(in, 9));
  SE_TRY(in.Skip(2));  // Flags
  return ReadShortBuffer(in, out.path);
}

// MS-SMB2 2.2.10
Status Read(ByteReader in, Smb2TreeConnectResponse& out) {
  SE_TRY(ReadStructureSize(in, 16));
  return in.Read(out.share_type);
}

// MS-SMB2 2.2.13
Status Read(ByteReader in, Smb2CreateRequest& out) {
  SE_TRY(ReadStructureSize(in, 57));
  SE_TRY(in.Skip(42));  // SecurityFlags to CreateOptions
  return ReadShortBuffer(in, out.name);
}

// MS-SMB2 2.2.14
Status Read(ByteReader in, Smb2CreateResponse& out) {
  SE_TRY(ReadStructureSize(in, 89));
  SE_TRY(in.Skip(62));  // OplockLevel to Reserved2
  return ReadFileId(in, out.file);
}

// MS-SMB2 2.2.20
Status Read(ByteReader in, Smb2ReadResponse& out) {
  SE_TRY(ReadStructureSize(in, 17, &out.error_body));
  if (out.error_body) return Ok();
  std::uint8_t offset = 0;
  SE_TRY(in.Read(offset));
  SE_TRY(in.Skip(1));
  out.data.offset = offset;
  return in.Read(out.data.length);
}

// MS-SMB2 2.2.21
Status Read(ByteReader in, Smb2WriteRequest& out) {
  SE_TRY(ReadStructureSize(in, 49));
  std::uint16_t offset = 0;
  SE_TRY(in.Read(offset));
  SE_TRY(in.Read(out.data.length));
  SE_TRY(in.Skip(8));  // Offset
  out.data.offset = offset;
  return ReadFileId(in, out.file);
}

// MS-SMB2 2.2.31
Status Read(ByteReader in, Smb2IoctlRequest& out) {
  SE_TRY(ReadStructureSize(in, 57));
  SE_TRY(in.Skip(2));
  SE_TRY(in.Read(out.code));
  SE_TRY(ReadFileId(in, out.file));
  return ReadLongBuffer(in, out.input);
}

// MS-SMB2 2.2.32
Status Read(ByteReader in, Smb2IoctlResponse& out) {
  SE_TRY(ReadStructureSize(in, 49, &out.error_body));
  if (out.error_body) return Ok();
  SE_TRY(in.Skip(2));
  SE_TRY(in.Read(out.code));
  SE_TRY(ReadFileId(in, out.file));
  SE_TRY(in.Skip(8));  // InputOffset, InputCount
  return ReadLongBuffer(in, out.output);
}

Status ReadSmb2RequestFile(ByteReader in, Smb2Command command, Smb2FileId& out) {
  std::size_t before = 8;
  switch (command) {
    case Smb2Command::kClose:
    case Smb2Command::kFlush:
    case Smb2Command::kLock:
    case Smb2Command::kIoctl:
    case Smb2Command::kQueryDirectory:
    case Smb2Command::kChangeNotify:
      break;
    case Smb2Command::kRead:
    case Smb2Command::kWrite:
    case Smb2Command::kSetInfo:
      before = 16;
      break;
    case Smb2Command::kQueryInfo:
      before = 24;
      break;
    default:
      return Malformed(in.offset());
  }
  SE_TRY(in.Skip(before));
  return ReadFileId(in, out);
}

Status Read(Bytes bytes, Smb2Transform& out) {
  ByteReader in(bytes);
  SE_TRY(in.Skip(44));  // ProtocolId to Flags
  return in.Read(out.session_id);
}

}  // namespace sessenum
