#include "smb/smb2_session_table.h"

namespace sessenum {
namespace {

bool IsOn(const Smb2Open& open, const Smb2TreeKey& tree) {
  return open.tree.session == tree.session && (tree.tree == 0 || open.tree.tree == tree.tree);
}

}  // namespace

Smb2SessionTable::Smb2SessionTable(Budget& budget, std::shared_ptr<Smb2Unsealer> unsealer)
    : budget_(budget),
      unsealer_(std::move(unsealer)),
      sessions_(budget.limits().smb_sessions),
      trees_(budget.limits().smb_trees),
      opens_(budget.limits().smb_opens) {}

Smb2Session& Smb2SessionTable::AddSession(std::uint64_t id) {
  MakeRoom(sessions_, budget_, Cap::kSmbSessions);
  return sessions_.Add(id, {});
}

void Smb2SessionTable::SetTree(const Smb2TreeKey& key, Smb2Tree tree) {
  trees_.Take(key);
  MakeRoom(trees_, budget_, Cap::kSmbTrees);
  trees_.Add(key, std::move(tree));
}

Smb2ShareType Smb2SessionTable::TypeOf(const Smb2TreeKey& key) {
  const Smb2Tree* tree = trees_.Find(key);
  return tree == nullptr ? Smb2ShareType::kUnknown : tree->type;
}

Smb2OpenRef Smb2SessionTable::NewOpen(const Smb2TreeKey& tree, PipeKind kind, std::optional<std::string> name,
                                      bool name_is_cut) {
  PipeInfo info;
  info.name = std::move(name);
  info.name_is_cut = name_is_cut;
  if (const Smb2Tree* known = trees_.Find(tree)) info.tree = known->path;
  if (const Smb2Session* session = sessions_.Find(tree.session)) {
    info.identity = session->identity;
    info.encrypted = session->encrypted;
  }
  return std::make_shared<Smb2Open>(Smb2Open{tree, {}, Pipe(kind, std::move(info))});
}

void Smb2SessionTable::Register(const Smb2OpenRef& open, const Smb2FileId& file) {
  const OpenKey key{open->tree.session, file};
  if (const std::optional<Smb2OpenRef> before = opens_.Take(key)) (*before)->pipe.Close();
  if (const std::optional<Smb2OpenRef> oldest = MakeRoom(opens_, budget_, Cap::kSmbOpens)) (*oldest)->pipe.Close();
  open->file = file;
  opens_.Add(key, open);
}

Smb2OpenRef Smb2SessionTable::FindOpen(std::uint64_t session, const Smb2FileId& file) {
  const Smb2OpenRef* open = opens_.Find({session, file});
  return open == nullptr ? nullptr : *open;
}

Smb2OpenRef Smb2SessionTable::OnlyOpen(const Smb2TreeKey& tree) {
  Smb2OpenRef only;
  std::size_t live = 0;
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) {
    if (!open->pipe.alive() || !IsOn(*open, tree)) return;
    ++live;
    only = open;
  });
  return live == 1 ? only : nullptr;
}

void Smb2SessionTable::CloseOpen(Smb2Open& open) {
  open.pipe.Close();
  const OpenKey key{open.tree.session, open.file};
  const Smb2OpenRef* registered = opens_.Find(key);
  if (registered != nullptr && registered->get() == &open) opens_.Take(key);
}

void Smb2SessionTable::CloseTree(const Smb2TreeKey& key) {
  trees_.Take(key);
  opens_.EraseIf([&](const OpenKey&, const Smb2OpenRef& open) {
    if (open->tree != key) return false;
    open->pipe.Close();
    return true;
  });
}

template <typename Predicate>
void Smb2SessionTable::CloseSessionsIf(Predicate&& condemned) {
  sessions_.EraseIf([&](std::uint64_t id, const Smb2Session&) { return condemned(id); });
  trees_.EraseIf([&](const Smb2TreeKey& key, const Smb2Tree&) { return condemned(key.session); });
  opens_.EraseIf([&](const OpenKey& key, const Smb2OpenRef& open) {
    if (!condemned(key.first)) return false;
    open->pipe.Close();
    return true;
  });
}

void Smb2SessionTable::CloseSession(std::uint64_t session) {
  CloseSessionsIf([session](std::uint64_t id) { return id == session; });
}

void Smb2SessionTable::Leave(std::uint64_t session) {
  const auto guest = guests_.find(session);
  if (guest == guests_.end()) return;
  guests_.erase(guest);
  if (!home_closed_) return;
  if (guests_.find(session) == guests_.end()) CloseSession(session);
  CloseIfUnused();
}

void Smb2SessionTable::OnHomeClosed() {
  home_closed_ = true;
  CloseSessionsIf([this](std::uint64_t id) { return guests_.find(id) == guests_.end(); });
  CloseIfUnused();
}

void Smb2SessionTable::CloseIfUnused() {
  if (guests_.empty() && unsealer_ != nullptr) unsealer_->OnClose();
}

void Smb2SessionTable::LoseAll(Direction direction, Undecoded why, Frame noticed) {
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) { open->pipe.OnLost(direction, why, noticed); });
}

void Smb2SessionTable::LoseTree(const Smb2TreeKey& tree, Direction direction, Undecoded why, Frame noticed) {
  opens_.ForEach([&](const OpenKey&, const Smb2OpenRef& open) {
    if (IsOn(*open, tree)) open->pipe.OnLost(direction, why, noticed);
  });
}

}  // namespace sessenum
