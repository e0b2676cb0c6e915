#include <utility>

#include "rpc/pdu.h"
#include "smb/smb1_connection.h"

namespace sessenum {
namespace {

// MS-CIFS 2.2.5: the functions of a transaction on a pipe, its Setup[0].
constexpr std::uint16_t kRawWrite = 0x0031;
constexpr std::uint16_t kRawRead = 0x0011;
constexpr std::uint16_t kTransact = 0x0026;
constexpr std::uint16_t kReadPipe = 0x0036;
constexpr std::uint16_t kWritePipe = 0x0037;
constexpr std::uint16_t kCall = 0x0054;

constexpr std::uint16_t kMessageStart = 0x0008;  // WriteMode

}  // namespace

void Smb1Connection::OnRequest(const Context& in, const Smb1Block& block, Request& request) {
  switch (block.command) {
    case Smb1Command::kSessionSetupAndX:
      request.identity = ReadSmb1Identity(in.message, block, in.header.charset(), budget_);
      return;
    case Smb1Command::kTreeConnectAndX: {
      std::uint16_t password = 0;
      ByteReader words = block.Words(6);
      if (!Accept(in, words.Read(password))) return;
      Smb1Strings strings(in.message, block, in.header.charset(), budget_);
      strings.Skip(password);
      request.path = strings.Next();
      return;
    }
    case Smb1Command::kNtCreateAndX:
    case Smb1Command::kOpenAndX:
    case Smb1Command::kOpen:
      return OnCreate(in, block, request);
    case Smb1Command::kClose: {
      std::uint16_t fid = 0;
      ByteReader words = block.Words(0);
      if (!Accept(in, words.Read(fid))) return;
      if (const OpenRef* open = opens_.Find(fid)) request.used = *open;
      return;
    }
    case Smb1Command::kRead:
      return OnRead(in, block.Words(0), request);
    case Smb1Command::kReadAndX:
      return OnRead(in, block.Words(4), request);
    case Smb1Command::kWriteAndX:
    case Smb1Command::kWrite:
      return OnWrite(in, block);
    case Smb1Command::kTransaction:
      return OnTransaction(in, block, request);
    case Smb1Command::kTransactionSecondary:
      return OnTransactionSecondary(in, block);
    default:
      return;
  }
}

// `words` stand at the FID.
void Smb1Connection::OnRead(const Context& in, ByteReader words, Request& request) {
  std::uint16_t fid = 0;
  if (Accept(in, words.Read(fid))) request.used = FindOpen(in.header, fid);
}

void Smb1Connection::OnCreate(const Context& in, const Smb1Block& block, Request& request) {
  const Share share = ShareOf(in.header.tid);
  if (share == Share::kOther) return;
  Smb1Strings strings(in.message, block, in.header.charset(), budget_);
  if (block.command == Smb1Command::kOpen) strings.Skip(1);  // BufferFormat
  std::optional<std::string> name = strings.Next();
  if (name) name = PipeName(*name);
  request.created = MakeOpen(in.header, share == Share::kPipe ? PipeKind::kPipe : PipeKind::kPerhaps, std::move(name));
}

void Smb1Connection::OnWrite(const Context& in, const Smb1Block& block) {
  if (ShareOf(in.header.tid) == Share::kOther) return;
  Smb1Write write;
  const bool andx = block.command == Smb1Command::kWriteAndX;
  if (!Accept(in, andx ? ReadSmb1WriteAndX(block, write) : ReadSmb1CoreWrite(block, write))) return;
  PipeData data;
  if (!Accept(in, LocateSmb1Buffer(in.message, write.data, data))) return;
  // The first write of a message may start with the length of the whole, and servers disagree on when it does
  // (MS-CIFS 2.2.4.43, MS-SMB 3.3.5.8): what follows tells.
  const Bytes bytes = data.bytes.bytes();
  const bool starts = (write.mode & kMessageStart) != 0 && bytes.size() > 2;
  if (starts && !ParsePduHeader(bytes).ok() && ParsePduHeader(bytes.subspan(2)).ok()) data.bytes = data.bytes.Sub(2);
  if (const OpenRef open = FindOpen(in.header, write.fid))
    open->pipe.OnData(host_, in.direction, data, in.message.bytes);
}

void Smb1Connection::OnTransaction(const Context& in, const Smb1Block& block, Request& request) {
  Smb1Transaction part;
  if (ShareOf(in.header.tid) == Share::kOther || !Accept(in, ReadSmb1TransactionRequest(block, part))) return;
  switch (part.function) {
    case kTransact:
    case kRawWrite:
    case kWritePipe:
    case kRawRead:
    case kReadPipe:
      request.used = FindOpen(in.header, part.fid);
      break;
    case kCall: {
      Smb1Strings strings(in.message, block, in.header.charset(), budget_);
      std::optional<std::string> name = strings.Next();
      if (name) name = PipeName(*name);
      request.used = MakeOpen(in.header, PipeKind::kPipe, std::move(name));
      request.by_name = true;
      break;
    }
    default:
      return;
  }
  if (request.used != nullptr) DeliverPart(in, *request.used, part, request.sent);
}

void Smb1Connection::OnTransactionSecondary(const Context& in, const Smb1Block& block) {
  Smb1Transaction part;
  if (!Accept(in, ReadSmb1TransactionSecondary(block, part))) return;
  Request* first = requests_.Find({in.header.pid, in.header.mid, in.header.tid, in.header.uid});
  if (first == nullptr || first->used == nullptr) {
    if (ShareOf(in.header.tid) != Share::kOther) ++counts_.unattributed;
    return;
  }
  DeliverPart(in, *first->used, part, first->sent);
}

}  // namespace sessenum
