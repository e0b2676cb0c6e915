#include <utility>

#include "smb/smb2_connection.h"

namespace sessenum {
namespace {

// MS-SMB2 3.3.4.4: BUFFER_OVERFLOW is a success that leaves more to be read.
bool CarriesData(std::uint32_t status) { return status == kStatusSuccess || status == kStatusBufferOverflow; }

}  // namespace

void Smb2Connection::OnResponse(const Smb2Part& part, const Chain& chain) {
  // An interim response says only that the answer takes time (MS-SMB2 3.3.4.2).
  if (part.header.status == kStatusPending) return;
  Smb2Request* waiting = state_.FindRequest(part.header.message_id);
  if (waiting != nullptr && waiting->command != part.header.command) waiting = nullptr;
  const Smb2TreeKey tree = waiting == nullptr ? chain.tree : waiting->tree;
  // An answer to CREATE that is cut before the FileId leaves its request to be found by TakeLoneCreate.
  if (part.header.command == Smb2Command::kCreate) return OnCreateDone(part, tree);
  std::optional<Smb2Request> request;
  if (waiting != nullptr) request = state_.TakeRequest(part.header.message_id);
  const Smb2Request* answered = request ? &*request : nullptr;
  const bool success = part.header.status == kStatusSuccess;
  switch (part.header.command) {
    case Smb2Command::kNegotiate:
      if (success) OnNegotiateDone(part);
      return;
    case Smb2Command::kSessionSetup:
      return OnSessionSetupDone(part, answered);
    case Smb2Command::kLogoff:
      if (success) state_.CloseSession(tree.session);
      return;
    case Smb2Command::kTreeConnect:
      if (success) OnTreeConnectDone(part, answered, {chain.tree.session, part.header.tree_id});
      return;
    case Smb2Command::kTreeDisconnect:
      if (success) state_.CloseTree(tree);
      return;
    case Smb2Command::kClose:
      if (success && answered != nullptr && answered->open != nullptr) state_.CloseOpen(*answered->open);
      return;
    case Smb2Command::kRead:
      return OnReadDone(part, answered, tree);
    case Smb2Command::kIoctl:
      return OnIoctlDone(part, answered, tree);
    default:
      return;
  }
}

void Smb2Connection::OnNegotiateDone(const Smb2Part& part) {
  Smb2NegotiateResponse body;
  if (!Read(part.Body(), body).ok()) return;
  dialect_ = body.dialect;
  state_.parties().server = body.server;
}

void Smb2Connection::OnSessionSetupDone(const Smb2Part& part, const Smb2Request* request) {
  const std::uint64_t id = part.header.session_id;
  // A new session, whatever had its number before.
  if (request != nullptr && request->tree.session == 0) state_.Leave(id);
  if (part.header.status == kStatusMoreProcessingRequired) return;
  if (part.header.status != kStatusSuccess) {
    if (state_.HasJoined(id)) return state_.OnRefused(id);
    if (request != nullptr && !state_.SessionOf(id).established) state_.ForgetSession(id);
    return;
  }
  // Who joins a session is its user already (MS-SMB2 3.3.5.5.3).
  if (state_.HasJoined(id)) return state_.OnJoined(id);
  Smb2Session& session = state_.SessionOf(id);
  session.established = true;
  if (request != nullptr && request->identity) session.identity = *request->identity;
  Smb2SessionSetupResponse body;
  if (!Read(part.Body(), body).ok()) return;
  session.identity.guest = body.guest();
  session.identity.anonymous = session.identity.anonymous || body.null();
  session.encrypted = session.encrypted || body.encrypt();
}

void Smb2Connection::OnTreeConnectDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree) {
  Smb2TreeConnectResponse body;
  Smb2Tree made;
  if (request != nullptr) made.path = request->path;
  if (Read(part.Body(), body).ok() && body.share_type <= static_cast<std::uint8_t>(Smb2ShareType::kPrint)) {
    made.type = static_cast<Smb2ShareType>(body.share_type);
  }
  state_.SetTree(tree, std::move(made));
}

void Smb2Connection::OnCreateDone(const Smb2Part& part, const Smb2TreeKey& tree) {
  const std::uint64_t id = part.header.message_id;
  const Smb2Request* waiting = state_.FindRequest(id);
  const bool known = waiting != nullptr && waiting->command == Smb2Command::kCreate;
  if (part.header.status != kStatusSuccess) {
    if (known) state_.TakeRequest(id)->open->pipe.Close();
    return;
  }
  Smb2CreateResponse body;
  if (!Accept(Read(part.Body(), body), Direction::kToClient, part, nullptr, tree)) return;
  if (known) {
    const Smb2OpenRef open = state_.TakeRequest(id)->open;
    state_.Register(open, body.file);
    open->pipe.OnOpened(host_);
    return;
  }
  // An async response does not say its tree, so it cannot be told from one on a share of files.
  if (part.header.async() || state_.FindOpen(tree.session, body.file) != nullptr) return;
  static_cast<void>(state_.AdoptOpen(tree, body.file));
}

void Smb2Connection::OnReadDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree) {
  if (!CarriesData(part.header.status)) return;
  if (request != nullptr && request->open == nullptr) return;
  if (request == nullptr && state_.TypeOf(tree) == Smb2ShareType::kDisk) return;
  const Smb2OpenRef open = request != nullptr ? request->open : state_.OnlyOpen(tree);
  Smb2ReadResponse body;
  if (!Accept(Read(part.Body(), body), Direction::kToClient, part, open.get(), tree) || body.error_body) return;
  if (open != nullptr) return Deliver(*open, Direction::kToClient, part, body.data);
  if (state_.TypeOf(tree) == Smb2ShareType::kPipe) ++counts_.unattributed;
  state_.LoseTree(tree, Direction::kToClient, Undecoded::kGap, part.bytes.FrameAt(0));
}

void Smb2Connection::OnIoctlDone(const Smb2Part& part, const Smb2Request* request, const Smb2TreeKey& tree) {
  if (!CarriesData(part.header.status)) return;
  Smb2OpenRef open = request != nullptr ? request->open : nullptr;
  Smb2IoctlResponse body;
  if (!Accept(Read(part.Body(), body), Direction::kToClient, part, open.get(), tree)) return;
  if (body.error_body || body.code != kFsctlPipeTransceive) return;
  if (open == nullptr) open = state_.FindOpen(tree.session, body.file);
  if (open == nullptr) open = state_.AdoptOpen(tree, body.file);
  if (open != nullptr) Deliver(*open, Direction::kToClient, part, body.output);
}

}  // namespace sessenum
