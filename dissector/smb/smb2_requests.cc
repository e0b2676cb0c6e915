#include <utility>

#include "smb/ntlmssp.h"
#include "smb/smb2_connection.h"
#include "smb/text.h"

namespace sessenum {

void Smb2Connection::OnRequest(const Smb2Part& part, Chain& chain) {
  switch (part.header.command) {
    case Smb2Command::kNegotiate:
      return OnNegotiate(part);
    case Smb2Command::kSessionSetup:
      return OnSessionSetup(part, chain.tree);
    case Smb2Command::kTreeConnect:
      return OnTreeConnect(part, chain.tree);
    case Smb2Command::kCreate:
      return OnCreate(part, chain);
    case Smb2Command::kWrite:
      return OnWrite(part, chain);
    case Smb2Command::kIoctl:
      return OnIoctl(part, chain);
    case Smb2Command::kLogoff:
    case Smb2Command::kTreeDisconnect:
      return Await(part, chain.tree, nullptr);
    case Smb2Command::kRead:
      return OnRead(part, chain);
    case Smb2Command::kClose:
      FollowFile(part, chain);
      return Await(part, chain.tree, chain.open);
    default:
      return FollowFile(part, chain);
  }
}

void Smb2Connection::Await(const Smb2Part& part, const Smb2TreeKey& tree, Smb2OpenRef open) {
  Smb2Request request;
  request.command = part.header.command;
  request.tree = tree;
  request.open = std::move(open);
  // Of two requests with one MessageId the first is the one that is answered.
  static_cast<void>(state_.AddRequest(part.header.message_id, std::move(request)));
}

// Moves the chain to the file that a request names.
void Smb2Connection::FollowFile(const Smb2Part& part, Chain& chain) {
  Smb2FileId file;
  if (!ReadSmb2RequestFile(part.Body(), part.header.command, file).ok()) {
    chain.open = nullptr;
    return;
  }
  if (!file.same_as_before()) chain.open = state_.FindOpen(chain.tree.session, file);
}

// The open that a request with pipe data names, which is adopted where it is not known. nullptr: no pipe.
Smb2OpenRef Smb2Connection::Resolve(const Smb2FileId& file, Chain& chain) {
  if (file.same_as_before()) return chain.open;
  chain.open = state_.FindOpen(chain.tree.session, file);
  if (chain.open == nullptr) chain.open = state_.AdoptOpen(chain.tree, file);
  return chain.open;
}

void Smb2Connection::OnNegotiate(const Smb2Part& part) {
  Smb2NegotiateRequest body;
  if (Read(part.Body(), body).ok()) state_.parties().client = body.client;
}

void Smb2Connection::OnSessionSetup(const Smb2Part& part, const Smb2TreeKey& tree) {
  Smb2SessionSetupRequest body;
  if (!Accept(Read(part.Body(), body), Direction::kToServer, part, nullptr, tree)) return;
  Smb2Request request;
  request.command = part.header.command;
  request.tree = tree;
  PipeData blob;
  if (LocateSmb2Buffer(part, body.blob, blob).ok()) {
    std::optional<SmbIdentity> identity = FindNtlmAuthenticate(blob.bytes.bytes(), budget_);
    if (identity) request.identity = std::make_unique<SmbIdentity>(std::move(*identity));
  }
  // The response may not be in the capture.
  if (body.binding()) state_.Join(tree.session);
  if (tree.session != 0 && !state_.HasJoined(tree.session)) {
    Smb2Session& session = state_.SessionOf(tree.session);
    if (request.identity) session.identity = *request.identity;
  }
  static_cast<void>(state_.AddRequest(part.header.message_id, std::move(request)));
}

void Smb2Connection::OnTreeConnect(const Smb2Part& part, const Smb2TreeKey& tree) {
  Smb2TreeConnectRequest body;
  Smb2Request request;
  request.command = part.header.command;
  request.tree = tree;
  if (Read(part.Body(), body).ok()) {
    CapturedText path = Text(part, body.path);
    if (!path.is_cut) request.path = std::move(path.utf8);
  }
  static_cast<void>(state_.AddRequest(part.header.message_id, std::move(request)));
}

void Smb2Connection::OnCreate(const Smb2Part& part, Chain& chain) {
  chain.open = nullptr;
  // A copy of one that still waits: a MessageId is used once (MS-SMB2 3.3.5.2.3). No answer would be its own, nothing
  // would end its pipe, and what stands behind it in its compound is nobody's.
  if (state_.FindRequest(part.header.message_id) != nullptr) {
    ++counts_.malformed;
    return;
  }
  Smb2CreateRequest body;
  CapturedText name;
  if (Read(part.Body(), body).ok()) name = Text(part, body.name);
  if (name.utf8) name.utf8 = PipeName(*name.utf8);
  chain.open = state_.MakeOpen(chain.tree, std::move(name.utf8), name.is_cut);
  if (chain.open != nullptr) Await(part, chain.tree, chain.open);
}

void Smb2Connection::OnRead(const Smb2Part& part, Chain& chain) {
  Smb2FileId file;
  // Without the file it is not remembered: its answer is then one without request.
  if (!ReadSmb2RequestFile(part.Body(), part.header.command, file).ok()) return;
  Await(part, chain.tree, Resolve(file, chain));
}

void Smb2Connection::OnWrite(const Smb2Part& part, Chain& chain) {
  if (state_.TypeOf(chain.tree) == Smb2ShareType::kDisk) {
    chain.open = nullptr;
    return;
  }
  Smb2WriteRequest body;
  if (!Accept(Read(part.Body(), body), Direction::kToServer, part, nullptr, chain.tree)) return;
  const Smb2OpenRef open = Resolve(body.file, chain);
  if (open != nullptr) Deliver(*open, Direction::kToServer, part, body.data);
}

void Smb2Connection::OnIoctl(const Smb2Part& part, Chain& chain) {
  Smb2IoctlRequest body;
  if (!Accept(Read(part.Body(), body), Direction::kToServer, part, nullptr, chain.tree)) return;
  if (body.code != kFsctlPipeTransceive) return FollowFile(part, chain);
  Smb2OpenRef open = Resolve(body.file, chain);
  if (open == nullptr) return;
  Smb2Request request;
  request.command = part.header.command;
  request.tree = chain.tree;
  request.open = open;
  if (!state_.AddRequest(part.header.message_id, std::move(request))) return;  // a copy of one that still waits
  Deliver(*open, Direction::kToServer, part, body.input);
}

}  // namespace sessenum
