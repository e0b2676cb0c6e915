#include <utility>

#include "smb/smb1_connection.h"

namespace sessenum {

bool Smb1Connection::OnResponse(const Context& in, const Smb1Block& block, Request* request) {
  const bool success = in.header.success();
  switch (block.command) {
    case Smb1Command::kSessionSetupAndX:
      if (success) OnSessionSetupDone(in, block, request);
      return true;
    case Smb1Command::kTreeConnectAndX:
      if (success) OnTreeConnectDone(in, block, request);
      return true;
    case Smb1Command::kNtCreateAndX:
    case Smb1Command::kOpenAndX:
    case Smb1Command::kOpen:
      if (success) OnCreateDone(in, block, request);
      return true;
    case Smb1Command::kClose:
      if (success && request != nullptr && request->used != nullptr) CloseOpen(*request->used);
      return true;
    case Smb1Command::kRead:
    case Smb1Command::kReadAndX:
      if (in.header.carries_data()) OnReadDone(in, block, request);
      return true;
    case Smb1Command::kTransaction:
      return !in.header.carries_data() || OnTransactionDone(in, block, request);
    case Smb1Command::kTreeDisconnect:
      if (success) {
        trees_.Take(in.header.tid);
        CloseIf([&](const Open& open) { return open.tid == in.header.tid; });
      }
      return true;
    case Smb1Command::kLogoffAndX:
      if (success) {
        sessions_.Take(in.header.uid);
        CloseIf([&](const Open& open) { return open.uid == in.header.uid; });
      }
      return true;
    default:
      return true;
  }
}

void Smb1Connection::OnSessionSetupDone(const Context& in, const Smb1Block& block, const Request* request) {
  SmbIdentity identity;
  if (request != nullptr && request->identity) identity = *request->identity;
  std::uint16_t action = 0;
  ByteReader words = block.Words(4);
  if (words.Read(action).ok()) identity.guest = (action & 1U) != 0;
  sessions_.Take(in.header.uid);
  MakeRoom(sessions_, budget_, Cap::kSmbSessions);
  sessions_.Add(in.header.uid, std::move(identity));
}

// MS-CIFS 2.2.4.55.2: the service is always in OEM characters.
void Smb1Connection::OnTreeConnectDone(const Context& in, const Smb1Block& block, const Request* request) {
  Smb1Strings strings(in.message, block, SmbCharset::kOem, budget_);
  const std::optional<std::string> service = strings.NextOem();
  Tree tree;
  if (request != nullptr) tree.path = request->path;
  if (service && !service->empty()) tree.share = *service == "IPC" ? Share::kPipe : Share::kOther;
  trees_.Take(in.header.tid);
  MakeRoom(trees_, budget_, Cap::kSmbTrees);
  trees_.Add(in.header.tid, std::move(tree));
}

void Smb1Connection::OnCreateDone(const Context& in, const Smb1Block& block, Request* request) {
  if (request == nullptr || request->created == nullptr) return;
  std::size_t at = 4;                                       // OPEN_ANDX
  if (block.command == Smb1Command::kNtCreateAndX) at = 5;  // behind OplockLevel
  if (block.command == Smb1Command::kOpen) at = 0;
  std::uint16_t fid = 0;
  ByteReader words = block.Words(at);
  if (!Accept(in, words.Read(fid))) return;
  const OpenRef open = std::move(request->created);
  Register(open, fid);
  open->pipe.OnOpened(host_);
}

void Smb1Connection::OnReadDone(const Context& in, const Smb1Block& block, const Request* request) {
  if (ShareOf(in.header.tid) == Share::kOther || block.words.empty()) return;
  if (request != nullptr && request->used == nullptr) return;
  const OpenRef open = request != nullptr ? request->used : OnlyOpen(in.header.tid);
  const bool andx = block.command == Smb1Command::kReadAndX;
  Smb1Buffer data;
  if (!Accept(in, andx ? ReadSmb1ReadAndXResponse(block, data) : ReadSmb1CoreReadResponse(block, data))) return;
  if (open != nullptr) return Deliver(in, *open, data);
  ++counts_.unattributed;
  OnLost(in.direction, Undecoded::kGap, in.message.bytes.FrameAt(0));
}

bool Smb1Connection::OnTransactionDone(const Context& in, const Smb1Block& block, Request* request) {
  // Without words it is an interim response: the server asks for the rest of the request (MS-CIFS 3.3.5.2.5).
  if (block.words.empty()) return false;
  if (ShareOf(in.header.tid) == Share::kOther) return true;
  Smb1Transaction part;
  if (!Accept(in, ReadSmb1TransactionResponse(block, part))) return true;
  if (request != nullptr && request->used == nullptr) return true;
  const OpenRef open = request != nullptr ? request->used : OnlyOpen(in.header.tid);
  if (open == nullptr) {
    if (part.data.length > 0) ++counts_.unattributed;
    return true;
  }
  std::uint32_t whole = part.displacement;  // without the request, each part stands for itself
  std::uint32_t& done = request != nullptr ? request->answered : whole;
  DeliverPart(in, *open, part, done);
  return done >= part.total_data;
}

}  // namespace sessenum
