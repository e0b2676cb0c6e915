// SMB2 sessions with their trees and opens: of those that were first met on one connection.
#ifndef SESSENUM_SMB_SMB2_SESSION_TABLE_H_
#define SESSENUM_SMB_SMB2_SESSION_TABLE_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "smb/pipe.h"
#include "smb/session_registry.h"
#include "smb/smb2.h"
#include "smb/smb2_unsealer.h"

namespace sessenum {

struct Smb2TreeKey {
  std::uint64_t session = 0;
  std::uint32_t tree = 0;

  friend constexpr auto operator<=>(const Smb2TreeKey&, const Smb2TreeKey&) = default;
};

struct Smb2Session {
  SmbIdentity identity;
  bool established = false;  // a SESSION_SETUP succeeded
  bool encrypted = false;
  SmbListing listing;
};

struct Smb2Tree {
  std::optional<std::string> path;
  Smb2ShareType type = Smb2ShareType::kUnknown;
};

// An open that is, or may be, a pipe.
struct Smb2Open {
  Smb2TreeKey tree;
  Smb2FileId file;  // once registered
  Pipe pipe;
};
using Smb2OpenRef = std::shared_ptr<Smb2Open>;

// Belongs to its home, the connection that made it, and to those that join a session of it. A session ends with the
// last of them, and its pipes with it.
class Smb2SessionTable {
 public:
  // `budget` must outlive the table. `unsealer`, which may be nullptr, is the home's.
  Smb2SessionTable(Budget& budget, std::shared_ptr<Smb2Unsealer> unsealer);

  // Opens transforms of these sessions: their keys were made on the home (MS-SMB2 3.3.5.5.3). May be nullptr.
  [[nodiscard]] Smb2Unsealer* unsealer() const { return unsealer_.get(); }

  // nullptr where it is not known.
  [[nodiscard]] Smb2Session* FindSession(std::uint64_t id) { return sessions_.Find(id); }
  // A session that is not known yet.
  [[nodiscard]] Smb2Session& AddSession(std::uint64_t id);
  void ForgetSession(std::uint64_t id) { sessions_.Take(id); }

  void SetTree(const Smb2TreeKey& key, Smb2Tree tree);
  [[nodiscard]] Smb2ShareType TypeOf(const Smb2TreeKey& key);

  [[nodiscard]] Smb2OpenRef NewOpen(const Smb2TreeKey& tree, PipeKind kind, std::optional<std::string> name,
                                    bool name_is_cut);
  void Register(const Smb2OpenRef& open, const Smb2FileId& file);
  [[nodiscard]] Smb2OpenRef FindOpen(std::uint64_t session, const Smb2FileId& file);
  // As Smb2State::OnlyOpen.
  [[nodiscard]] Smb2OpenRef OnlyOpen(const Smb2TreeKey& tree);

  void CloseOpen(Smb2Open& open);
  void CloseTree(const Smb2TreeKey& key);
  void CloseSession(std::uint64_t session);

  // Another connection takes part in `session`, or does no more.
  void Join(std::uint64_t session) { guests_.insert(session); }
  void Leave(std::uint64_t session);
  // The home closes. Sessions in which nobody else takes part end.
  void OnHomeClosed();

  void LoseAll(Direction direction, Undecoded why, Frame noticed);
  void LoseTree(const Smb2TreeKey& tree, Direction direction, Undecoded why, Frame noticed);

 private:
  using OpenKey = std::pair<std::uint64_t, Smb2FileId>;

  // Ends the sessions that `condemned(id)` returns true for.
  template <typename Predicate>
  void CloseSessionsIf(Predicate&& condemned);
  void CloseIfUnused();

  Budget& budget_;
  std::shared_ptr<Smb2Unsealer> unsealer_;
  BoundedMap<std::uint64_t, Smb2Session> sessions_;
  BoundedMap<Smb2TreeKey, Smb2Tree> trees_;
  BoundedMap<OpenKey, Smb2OpenRef> opens_;
  std::multiset<std::uint64_t> guests_;  // for each other connection the sessions that it joined
  bool home_closed_ = false;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_SESSION_TABLE_H_
