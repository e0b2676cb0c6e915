#include "smb/smb2_state.h"

#include <iterator>

namespace sessenum {

Smb2State::Smb2State(Budget& budget, std::shared_ptr<Smb2Unsealer> unsealer, SmbSessionRegistry* registry,
                     const SmbHosts& hosts)
    : budget_(budget),
      registry_(registry),
      parties_{hosts, {}, {}},
      own_(std::make_shared<Smb2SessionTable>(budget, std::move(unsealer))),
      joined_(budget.limits().smb_sessions),
      requests_(budget.limits().smb_requests) {}

Smb2SessionTable& Smb2State::TableOf(std::uint64_t session) {
  if (joined_.size() == 0) return *own_;
  const Joined* joined = joined_.Find(session);
  return joined == nullptr ? *own_ : *joined->table;
}

void Smb2State::Meet(std::uint64_t session) {
  if (session == 0 || session == kSmb2SameSession) return;
  entered_ = session;
  Join(session);
  OnJoined(session);
  if (!HasJoined(session)) static_cast<void>(SessionOf(session));
}

void Smb2State::Join(std::uint64_t session) {
  if (registry_ == nullptr || HasJoined(session) || own_->FindSession(session) != nullptr) return;
  std::shared_ptr<Smb2SessionTable> table = registry_->Find(session, parties_);
  if (table == nullptr) return;
  if (joined_.full()) {
    budget_.Hit(Cap::kSmbSessions);
    joined_.TakeOldest([](std::uint64_t oldest, const Joined& left) { left.table->Leave(oldest); });
  }
  table->Join(session);
  joined_.Add(session, {std::move(table), false});
}

void Smb2State::OnJoined(std::uint64_t session) {
  if (Joined* joined = joined_.Find(session)) joined->confirmed = true;
}

// To join once more is refused, too, and changes nothing (MS-SMB2 3.3.5.5.2).
void Smb2State::OnRefused(std::uint64_t session) {
  const Joined* joined = joined_.Find(session);
  if (joined != nullptr && !joined->confirmed) Leave(session);
}

void Smb2State::Leave(std::uint64_t session) {
  entered_ = 0;
  if (const std::optional<Joined> joined = joined_.Take(session)) joined->table->Leave(session);
}

Smb2Session& Smb2State::SessionOf(std::uint64_t id) {
  const bool is_own = !HasJoined(id);
  Smb2SessionTable& table = TableOf(id);
  if (Smb2Session* known = table.FindSession(id)) return *known;
  Smb2Session& made = table.AddSession(id);
  if (registry_ != nullptr && is_own && id != 0) made.listing = registry_->List(id, parties_, own_);
  return made;
}

bool Smb2State::AddRequest(std::uint64_t message_id, Smb2Request request) {
  if (requests_.Find(message_id) != nullptr) return false;
  if (requests_.full()) {
    budget_.Hit(Cap::kSmbRequests);
    requests_.TakeOldest([this](std::uint64_t id, const Smb2Request& oldest) { OnRequestGone(id, oldest); });
  }
  if (request.command == Smb2Command::kCreate) creates_.insert({request.tree, message_id});
  requests_.Add(message_id, std::move(request));
  return true;
}

std::optional<Smb2Request> Smb2State::TakeRequest(std::uint64_t message_id) {
  std::optional<Smb2Request> request = requests_.Take(message_id);
  if (request && request->command == Smb2Command::kCreate) creates_.erase({request->tree, message_id});
  return request;
}

// A request is forgotten unanswered.
void Smb2State::OnRequestGone(std::uint64_t message_id, const Smb2Request& request) {
  if (request.command != Smb2Command::kCreate) return;
  creates_.erase({request.tree, message_id});
  if (request.open != nullptr) request.open->pipe.Close();
}

Smb2OpenRef Smb2State::MakeOpen(const Smb2TreeKey& tree, std::optional<std::string> name, bool name_is_cut) {
  Smb2SessionTable& table = TableOf(tree.session);
  switch (table.TypeOf(tree)) {
    case Smb2ShareType::kPipe:
      return table.NewOpen(tree, PipeKind::kPipe, std::move(name), name_is_cut);
    case Smb2ShareType::kUnknown:
      return table.NewOpen(tree, PipeKind::kPerhaps, std::move(name), name_is_cut);
    default:
      return nullptr;
  }
}

Smb2OpenRef Smb2State::AdoptOpen(const Smb2TreeKey& tree, const Smb2FileId& file) {
  Smb2SessionTable& table = TableOf(tree.session);
  const Smb2ShareType type = table.TypeOf(tree);
  if (type != Smb2ShareType::kPipe && type != Smb2ShareType::kUnknown) return nullptr;
  Smb2OpenRef open = TakeLoneCreate(tree);
  if (open == nullptr) {
    const PipeKind kind = type == Smb2ShareType::kPipe ? PipeKind::kMidway : PipeKind::kPerhaps;
    open = table.NewOpen(tree, kind, std::nullopt, false);
  }
  table.Register(open, file);
  return open;
}

// The answer to a CREATE may be lost, or cut before the FileId. A FileId that nobody gave out belongs to it, if it is
// the only one on the tree that waits.
Smb2OpenRef Smb2State::TakeLoneCreate(const Smb2TreeKey& tree) {
  const auto first = creates_.lower_bound({tree, 0});
  if (first == creates_.end() || first->first != tree) return nullptr;
  const auto second = std::next(first);
  if (second != creates_.end() && second->first == tree) return nullptr;
  std::optional<Smb2Request> request = TakeRequest(first->second);
  return request ? std::move(request->open) : nullptr;
}

void Smb2State::CloseSession(std::uint64_t session) {
  TableOf(session).CloseSession(session);
  Leave(session);
}

void Smb2State::CloseAll() {
  own_->OnHomeClosed();
  joined_.EraseIf([](std::uint64_t session, const Joined& joined) {
    joined.table->Leave(session);
    return true;
  });
  requests_.EraseIf([this](std::uint64_t id, const Smb2Request& request) {
    OnRequestGone(id, request);
    return true;
  });
}

void Smb2State::LoseAll(Direction direction, Undecoded why, Frame noticed) {
  own_->LoseAll(direction, why, noticed);
  joined_.ForEach([&](std::uint64_t session, const Joined& joined) {
    joined.table->LoseTree({session, 0}, direction, why, noticed);
  });
}

}  // namespace sessenum
