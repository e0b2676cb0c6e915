// What an SMB2 connection has agreed on so far: unanswered requests, and its sessions wherever they are kept.
#ifndef SESSENUM_SMB_SMB2_STATE_H_
#define SESSENUM_SMB_SMB2_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "smb/session_registry.h"
#include "smb/smb2.h"
#include "smb/smb2_session_table.h"

namespace sessenum {

// A request whose answer is awaited.
struct Smb2Request {
  Smb2Command command{};
  Smb2TreeKey tree;
  Smb2OpenRef open;                       // nullptr: no pipe
  std::optional<std::string> path;        // TREE_CONNECT
  std::unique_ptr<SmbIdentity> identity;  // SESSION_SETUP; apart, since requests are many and this is large
};

// Trees and opens are those of their session, on whichever connection they were made (MS-SMB2 3.3.1.8); requests are
// the connection's own. Byte order in a pipe that several connections use is that of the capture: there is no other.
class Smb2State {
 public:
  // `budget` and `registry` must outlive the state. `unsealer` and `registry` may be nullptr; without a registry the
  // connection stays by itself.
  Smb2State(Budget& budget, std::shared_ptr<Smb2Unsealer> unsealer, SmbSessionRegistry* registry,
            const SmbHosts& hosts);

  [[nodiscard]] Smb2Parties& parties() { return parties_; }

  // Where a session is used of which this connection saw no SESSION_SETUP: joins it, where another connection has it.
  void Enter(std::uint64_t session) {
    if (registry_ != nullptr && session != entered_) Meet(session);
  }
  // Asks to join a session of another connection, if one is known; what the server says to it; and the end of it.
  void Join(std::uint64_t session);
  void OnJoined(std::uint64_t session);
  void OnRefused(std::uint64_t session);
  void Leave(std::uint64_t session);
  [[nodiscard]] bool HasJoined(std::uint64_t session) { return joined_.Find(session) != nullptr; }

  // The session `id`, which is made where it is not known.
  [[nodiscard]] Smb2Session& SessionOf(std::uint64_t id);
  void ForgetSession(std::uint64_t id) { TableOf(id).ForgetSession(id); }
  // As Smb2SessionTable::unsealer.
  [[nodiscard]] Smb2Unsealer* UnsealerOf(std::uint64_t session) { return TableOf(session).unsealer(); }

  void SetTree(const Smb2TreeKey& key, Smb2Tree tree) { TableOf(key.session).SetTree(key, std::move(tree)); }
  [[nodiscard]] Smb2ShareType TypeOf(const Smb2TreeKey& key) { return TableOf(key.session).TypeOf(key); }

  // Returns false, and remembers nothing, where a request of this MessageId still waits for its answer.
  [[nodiscard]] bool AddRequest(std::uint64_t message_id, Smb2Request request);
  [[nodiscard]] Smb2Request* FindRequest(std::uint64_t message_id) { return requests_.Find(message_id); }
  std::optional<Smb2Request> TakeRequest(std::uint64_t message_id);

  // Makes an open for a CREATE request. nullptr on a share that has no pipes. `name` as in PipeInfo.
  [[nodiscard]] Smb2OpenRef MakeOpen(const Smb2TreeKey& tree, std::optional<std::string> name, bool name_is_cut);
  // Makes an open for a FileId whose CREATE was not captured. nullptr as above.
  [[nodiscard]] Smb2OpenRef AdoptOpen(const Smb2TreeKey& tree, const Smb2FileId& file);
  void Register(const Smb2OpenRef& open, const Smb2FileId& file) { TableOf(open->tree.session).Register(open, file); }
  [[nodiscard]] Smb2OpenRef FindOpen(std::uint64_t session, const Smb2FileId& file) {
    return TableOf(session).FindOpen(session, file);
  }
  // The one live open on `tree`, or in its session where the tree is not known (0). nullptr: there is none, or several.
  [[nodiscard]] Smb2OpenRef OnlyOpen(const Smb2TreeKey& tree) { return TableOf(tree.session).OnlyOpen(tree); }

  void CloseOpen(Smb2Open& open) { TableOf(open.tree.session).CloseOpen(open); }
  void CloseTree(const Smb2TreeKey& key) { TableOf(key.session).CloseTree(key); }
  // On every connection.
  void CloseSession(std::uint64_t session);
  // This connection ends.
  void CloseAll();

  // Tells pipes that bytes of theirs may be lost: all, those of a session, those of a tree (as OnlyOpen).
  void LoseAll(Direction direction, Undecoded why, Frame noticed);
  void LoseSession(std::uint64_t session, Direction direction, Undecoded why, Frame noticed) {
    LoseTree({session, 0}, direction, why, noticed);
  }
  void LoseTree(const Smb2TreeKey& tree, Direction direction, Undecoded why, Frame noticed) {
    TableOf(tree.session).LoseTree(tree, direction, why, noticed);
  }

 private:
  // A session that is kept by another connection.
  struct Joined {
    std::shared_ptr<Smb2SessionTable> table;
    bool confirmed = false;
  };

  void Meet(std::uint64_t session);
  [[nodiscard]] Smb2SessionTable& TableOf(std::uint64_t session);
  [[nodiscard]] Smb2OpenRef TakeLoneCreate(const Smb2TreeKey& tree);
  void OnRequestGone(std::uint64_t message_id, const Smb2Request& request);

  Budget& budget_;
  SmbSessionRegistry* registry_;
  Smb2Parties parties_;
  std::uint64_t entered_ = 0;                                // the last one; 0 is no session
  std::shared_ptr<Smb2SessionTable> own_;                    // the sessions that were met here first
  BoundedMap<std::uint64_t, Joined> joined_;                 // by session
  BoundedMap<std::uint64_t, Smb2Request> requests_;          // by MessageId
  std::set<std::pair<Smb2TreeKey, std::uint64_t>> creates_;  // the CREATEs in requests_, by tree
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_STATE_H_
