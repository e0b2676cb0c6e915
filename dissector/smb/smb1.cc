#include "smb/smb1.h"

#include <algorithm>

#include "base/utf16.h"
#include "smb/ntlmssp.h"
#include "smb/protocol.h"

namespace sessenum {
namespace {

// MS-CIFS 2.2.3.4: the commands whose words start with AndXCommand and AndXOffset.
bool IsAndX(Smb1Command command) {
  switch (command) {
    case Smb1Command::kLockingAndX:
    case Smb1Command::kOpenAndX:
    case Smb1Command::kReadAndX:
    case Smb1Command::kWriteAndX:
    case Smb1Command::kSessionSetupAndX:
    case Smb1Command::kLogoffAndX:
    case Smb1Command::kTreeConnectAndX:
    case Smb1Command::kNtCreateAndX:
      return true;
    default:
      return false;
  }
}

Status ReadSize(ByteReader& in, std::size_t& out) {
  std::uint16_t value = 0;
  SE_TRY(in.Read(value));
  out = value;
  return Ok();
}

}  // namespace

// MS-CIFS 2.2.3.1
Status ReadSmb1Header(Bytes bytes, Smb1Header& out) {
  ByteReader in(bytes.first(std::min(bytes.size(), kSmb1HeaderSize)));
  std::uint8_t command = 0;
  std::uint16_t pid_high = 0;
  std::uint16_t pid_low = 0;
  SE_TRY(in.Skip(4));
  SE_TRY(in.Read(command));
  SE_TRY(in.Read(out.status));
  SE_TRY(in.Read(out.flags));
  SE_TRY(in.Read(out.flags2));
  SE_TRY(in.Read(pid_high));
  SE_TRY(in.Skip(10));
  SE_TRY(in.Read(out.tid));
  SE_TRY(in.Read(pid_low));
  SE_TRY(in.Read(out.uid));
  SE_TRY(in.Read(out.mid));
  out.command = static_cast<Smb1Command>(command);
  out.pid = (std::uint32_t{pid_high} << 16U) | pid_low;
  return Ok();
}

Status ReadSmb1Block(const SmbMessage& message, Smb1Command command, std::size_t offset, Smb1Block& out) {
  ByteReader in(message.bytes.bytes());
  std::uint8_t word_count = 0;
  out = {};
  out.command = command;
  SE_TRY(in.SkipTo(offset));
  SE_TRY(in.Read(word_count));
  SE_TRY(in.ReadBytes(std::size_t{word_count} * 2, out.words));
  SE_TRY(in.Read(out.byte_count));
  out.bytes_offset = in.offset();
  if (!IsAndX(command) || out.words.size() < 4) return Ok();
  out.next = static_cast<Smb1Command>(out.words[0]);
  out.next_offset = LoadInteger<std::uint16_t>(out.words.data() + 2, ByteOrder::kLittle);
  // Chains lead forwards, so they end (MS-CIFS 2.2.3.4).
  if (out.next != Smb1Command::kNone && out.next_offset < out.bytes_offset) return Malformed(offset);
  return Ok();
}

Status LocateSmb1Buffer(const SmbMessage& message, const Smb1Buffer& buffer, PipeData& out) {
  out = {};
  if (buffer.length == 0) return Ok();
  if (buffer.offset < kSmb1HeaderSize || buffer.offset > message.length ||
      buffer.length > message.length - buffer.offset) {
    return Malformed(buffer.offset);
  }
  if (buffer.offset < message.bytes.size()) out.bytes = message.bytes.Sub(buffer.offset, buffer.length);
  out.missing = buffer.length - out.bytes.size();
  out.why = message.why;
  out.noticed = message.noticed;
  return Ok();
}

Smb1Strings::Smb1Strings(const SmbMessage& message, const Smb1Block& block, SmbCharset charset, Budget& budget)
    : offset_(block.bytes_offset), charset_(charset), budget_(budget) {
  const Bytes all = message.bytes.bytes();
  const Bytes rest = all.subspan(std::min(block.bytes_offset, all.size()));
  bytes_ = rest.first(std::min<std::size_t>(block.byte_count, rest.size()));
  whole_ = bytes_.size() == block.byte_count;
}

void Smb1Strings::Skip(std::size_t count) {
  const std::size_t used = std::min(count, bytes_.size());
  bytes_ = bytes_.subspan(used);
  offset_ += used;
}

std::optional<std::string> Smb1Strings::Next() {
  if (charset_ == SmbCharset::kOem) return NextOem();
  if (offset_ % 2 != 0) Skip(1);
  const Utf16View text(bytes_, ByteOrder::kLittle);
  const std::size_t end = FindNul(text);
  if (end == kNoUnit && !whole_) return std::nullopt;
  const std::size_t units = end == kNoUnit ? text.size() : end;
  std::string out = DecodeName(bytes_.first(2 * units), SmbCharset::kUtf16, budget_);
  Skip(2 * units + 2);
  return out;
}

std::optional<std::string> Smb1Strings::NextOem() {
  const auto end = std::find(bytes_.begin(), bytes_.end(), std::uint8_t{0});
  if (end == bytes_.end() && !whole_) return std::nullopt;
  const auto size = static_cast<std::size_t>(end - bytes_.begin());
  std::string out = DecodeName(bytes_.first(size), SmbCharset::kOem, budget_);
  Skip(size + 1);
  return out;
}

// MS-CIFS 2.2.4.43.1
Status ReadSmb1WriteAndX(const Smb1Block& block, Smb1Write& out) {
  ByteReader in = block.Words(4);
  std::size_t high = 0;
  SE_TRY(in.Read(out.fid));
  SE_TRY(in.Skip(8));  // Offset, Timeout
  SE_TRY(in.Read(out.mode));
  SE_TRY(in.Skip(2));          // Remaining
  SE_TRY(ReadSize(in, high));  // DataLengthHigh (MS-SMB 2.2.4.3.1)
  SE_TRY(ReadSize(in, out.data.length));
  SE_TRY(ReadSize(in, out.data.offset));
  out.data.length |= high << 16U;
  return Ok();
}

// MS-CIFS 2.2.4.12.1: the bytes are a format byte, a length and the data.
Status ReadSmb1CoreWrite(const Smb1Block& block, Smb1Write& out) {
  ByteReader in = block.Words(0);
  SE_TRY(in.Read(out.fid));
  out.data.offset = block.bytes_offset + 3;
  return ReadSize(in, out.data.length);
}

// MS-CIFS 2.2.4.42.2
Status ReadSmb1ReadAndXResponse(const Smb1Block& block, Smb1Buffer& out) {
  ByteReader in = block.Words(10);
  std::size_t high = 0;
  SE_TRY(ReadSize(in, out.length));
  SE_TRY(ReadSize(in, out.offset));
  SE_TRY(ReadSize(in, high));
  out.length |= high << 16U;
  return Ok();
}

// MS-CIFS 2.2.4.11.2
Status ReadSmb1CoreReadResponse(const Smb1Block& block, Smb1Buffer& out) {
  ByteReader in = block.Words(0);
  out.offset = block.bytes_offset + 3;
  return ReadSize(in, out.length);
}

Status ReadSmb1TransactionRequest(const Smb1Block& block, Smb1Transaction& out) {
  ByteReader in = block.Words(2);
  std::uint8_t setup_count = 0;
  SE_TRY(in.Read(out.total_data));
  SE_TRY(in.Skip(18));  // MaxParameterCount to ParameterOffset
  SE_TRY(ReadSize(in, out.data.length));
  SE_TRY(ReadSize(in, out.data.offset));
  SE_TRY(in.Read(setup_count));
  SE_TRY(in.Skip(1));
  if (setup_count == 0) return Ok();  // a mailslot or RAP
  SE_TRY(in.Read(out.function));
  return setup_count > 1 ? in.Read(out.fid) : Ok();
}

Status ReadSmb1TransactionSecondary(const Smb1Block& block, Smb1Transaction& out) {
  ByteReader in = block.Words(2);
  SE_TRY(in.Read(out.total_data));
  SE_TRY(in.Skip(6));  // ParameterCount to ParameterDisplacement
  SE_TRY(ReadSize(in, out.data.length));
  SE_TRY(ReadSize(in, out.data.offset));
  return in.Read(out.displacement);
}

Status ReadSmb1TransactionResponse(const Smb1Block& block, Smb1Transaction& out) {
  ByteReader in = block.Words(2);
  SE_TRY(in.Read(out.total_data));
  SE_TRY(in.Skip(8));  // Reserved1 to ParameterDisplacement
  SE_TRY(ReadSize(in, out.data.length));
  SE_TRY(ReadSize(in, out.data.offset));
  return in.Read(out.displacement);
}

std::optional<SmbIdentity> ReadSmb1Identity(const SmbMessage& message, const Smb1Block& block, SmbCharset charset,
                                            Budget& budget) {
  constexpr std::size_t kBlobWords = 12;
  constexpr std::size_t kTwoPasswordWords = 13;
  Smb1Strings strings(message, block, charset, budget);
  if (block.words.size() == 2 * kBlobWords) return FindNtlmAuthenticate(strings.rest(), budget);
  ByteReader in = block.Words(14);
  std::size_t oem_password = 0;
  std::size_t unicode_password = 0;
  if (!ReadSize(in, oem_password).ok()) return std::nullopt;
  if (block.words.size() == 2 * kTwoPasswordWords && !ReadSize(in, unicode_password).ok()) return std::nullopt;
  strings.Skip(oem_password + unicode_password);
  SmbIdentity identity;
  identity.user = strings.Next();
  identity.domain = strings.Next();
  identity.anonymous = identity.user == "" && unicode_password == 0 && oem_password <= 1;
  return identity;
}

}  // namespace sessenum
