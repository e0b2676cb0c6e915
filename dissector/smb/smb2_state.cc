#include "smb/smb2_state.h"

namespace sessenum {
namespace {

bool IsOn(const Smb2Open& open, const Smb2TreeKey& tree) {
  return open.tree.session == tree.session && (tree.tree == 0 || open.tree.tree == tree.tree);
}

}  // namespace

Smb2State::Smb2State(Budget& budget, PipeObserver& observer, SmbCounts& counts)
    : budget_(budget),
      observer_(observer),
      counts_(counts),
      sessions_(budget.limits().smb_sessions),
      trees_(budget.limits().smb_trees),
      requests_(budget.limits().smb_requests),
      opens_(budget.limits().smb_opens) {}

Smb2Session& Smb2State::SessionOf(std::uint64_t id) {
  if (Smb2Session* known = sessions_.Find(id)) return *known;
  MakeRoom(sessions_, budget_, Cap::kSmbSessions);
  return sessions_.Add(id, {});
}

void Smb2State::SetTree(const Smb2TreeKey& key, Smb2Tree tree) {
  trees_.Take(key);
  MakeRoom(trees_, budget_, Cap::kSmbTrees);
  trees_.Add(key, std::move(tree));
}

Smb2ShareType Smb2State::TypeOf(const Smb2TreeKey& key) {
  const Smb2Tree* tree = trees_.Find(key);
  return tree == nullptr ? Smb2ShareType::kUnknown : tree->type;
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

Smb2OpenRef Smb2State::NewOpen(const Smb2TreeKey& tree, PipeKind kind, std::optional<std::string> name,
                               bool name_is_cut) {
  PipeInfo info;
  info.name = std::move(name);
  info.name_is_cut = name_is_cut;
  if (const Smb2Tree* known = trees_.Find(tree)) info.tree = known->path;
  if (const Smb2Session* session = sessions_.Find(tree.session)) {
    info.identity = session->identity;
    info.encrypted = session->encrypted;
  }
  return std::make_shared<Smb2Open>(Smb2Open{tree, {}, Pipe(observer_, counts_, kind, std::move(info))});
}

Smb2OpenRef Smb2State::MakeOpen(const Smb2TreeKey& tree, std::optional<std::string> name, bool name_is_cut) {
  switch (TypeOf(tree)) {
    case Smb2ShareType::kPipe:
      return NewOpen(tree, PipeKind::kPipe, std::move(name), name_is_cut);
    case Smb2ShareType::kUnknown:
      return NewOpen(tree, PipeKind::kPerhaps, std::move(name), name_is_cut);
    default:
      return nullptr;
  }
}

Smb2OpenRef Smb2State::AdoptOpen(const Smb2TreeKey& tree, const Smb2FileId& file) {
  const Smb2ShareType type = TypeOf(tree);
  if (type != Smb2ShareType::kPipe && type != Smb2ShareType::kUnknown) return nullptr;
  Smb2OpenRef open = TakeLoneCreate(tree);
  if (open == nullptr) {
    open = NewOpen(tree, type == Smb2ShareType::kPipe ? PipeKind::kMidway : PipeKind::kPerhaps, std::nullopt, false);
  }
  Register(open, file);
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

void Smb2State::Register(const Smb2OpenRef& open, const Smb2FileId& file) {
  const OpenKey key{open->tree.session, file};
  if (const std::optional<Smb2OpenRef> before = opens_.Take(key)) (*before)->pipe.Close();
  if (const std::optional<Smb2OpenRef> oldest = MakeRoom(opens_, budget_, Cap::kSmbOpens)) (*oldest)->pipe.Close();
  open->file = file;
  opens_.Add(key, open);
}

Smb2OpenRef Smb2State::FindOpen(std::uint64_t session, const Smb2FileId& file) {
  const Smb2OpenRef* open = opens_.Find({session, file});
  return open == nullptr ? nullptr : *open;
}

Smb2OpenRef Smb2State::OnlyOpen(const Smb2TreeKey& tree) {
  Smb2OpenRef only;
  std::size_t live = 0;
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) {
    if (!open->pipe.alive() || !IsOn(*open, tree)) return;
    ++live;
    only = open;
  });
  return live == 1 ? only : nullptr;
}

void Smb2State::CloseOpen(Smb2Open& open) {
  open.pipe.Close();
  const OpenKey key{open.tree.session, open.file};
  const Smb2OpenRef* registered = opens_.Find(key);
  if (registered != nullptr && registered->get() == &open) opens_.Take(key);
}

void Smb2State::CloseTree(const Smb2TreeKey& key) {
  trees_.Take(key);
  opens_.EraseIf([&](const OpenKey&, const Smb2OpenRef& open) {
    if (open->tree != key) return false;
    open->pipe.Close();
    return true;
  });
}

void Smb2State::CloseSession(std::uint64_t session) {
  sessions_.Take(session);
  trees_.EraseIf([&](const Smb2TreeKey& key, const Smb2Tree&) { return key.session == session; });
  opens_.EraseIf([&](const OpenKey&, const Smb2OpenRef& open) {
    if (open->tree.session != session) return false;
    open->pipe.Close();
    return true;
  });
}

void Smb2State::CloseAll() {
  opens_.EraseIf([](const OpenKey&, const Smb2OpenRef& open) {
    open->pipe.Close();
    return true;
  });
  requests_.EraseIf([this](std::uint64_t id, const Smb2Request& request) {
    OnRequestGone(id, request);
    return true;
  });
}

void Smb2State::LoseAll(Direction direction, Undecoded why, Frame noticed) {
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) { open->pipe.OnLost(direction, why, noticed); });
}

void Smb2State::LoseSession(std::uint64_t session, Direction direction, Undecoded why, Frame noticed) {
  LoseTree({session, 0}, direction, why, noticed);
}

void Smb2State::LoseTree(const Smb2TreeKey& tree, Direction direction, Undecoded why, Frame noticed) {
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) {
    if (IsOn(*open, tree)) open->pipe.OnLost(direction, why, noticed);
  });
}

}  // namespace sessenum
