// What an SMB2 connection has agreed on so far: sessions, trees, opens and unanswered requests.
#ifndef SESSENUM_SMB_SMB2_STATE_H_
#define SESSENUM_SMB_SMB2_STATE_H_

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
#include "smb/smb2.h"

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

// A request whose answer is awaited.
struct Smb2Request {
  Smb2Command command{};
  Smb2TreeKey tree;
  Smb2OpenRef open;                     // nullptr: no pipe
  std::optional<std::string> path;      // TREE_CONNECT
  std::optional<SmbIdentity> identity;  // SESSION_SETUP
};

class Smb2State {
 public:
  Smb2State(Budget& budget, PipeObserver& observer, SmbCounts& counts);

  // The session `id`, which is made where it is not known.
  [[nodiscard]] Smb2Session& SessionOf(std::uint64_t id);
  void ForgetSession(std::uint64_t id) { sessions_.Take(id); }

  void SetTree(const Smb2TreeKey& key, Smb2Tree tree);
  [[nodiscard]] Smb2ShareType TypeOf(const Smb2TreeKey& key);

  // Returns false, and remembers nothing, where a request of this MessageId still waits for its answer.
  [[nodiscard]] bool AddRequest(std::uint64_t message_id, Smb2Request request);
  [[nodiscard]] Smb2Request* FindRequest(std::uint64_t message_id) { return requests_.Find(message_id); }
  std::optional<Smb2Request> TakeRequest(std::uint64_t message_id);

  // Makes an open for a CREATE request. nullptr on a share that has no pipes. `name` as in PipeInfo.
  [[nodiscard]] Smb2OpenRef MakeOpen(const Smb2TreeKey& tree, std::optional<std::string> name, bool name_is_cut);
  // Makes an open for a FileId whose CREATE was not captured. nullptr as above.
  [[nodiscard]] Smb2OpenRef AdoptOpen(const Smb2TreeKey& tree, const Smb2FileId& file);
  void Register(const Smb2OpenRef& open, const Smb2FileId& file);
  [[nodiscard]] Smb2OpenRef FindOpen(std::uint64_t session, const Smb2FileId& file);
  // The one live open on `tree`, or in its session where the tree is not known (0). nullptr: there is none, or several.
  [[nodiscard]] Smb2OpenRef OnlyOpen(const Smb2TreeKey& tree);

  void CloseOpen(Smb2Open& open);
  void CloseTree(const Smb2TreeKey& key);
  void CloseSession(std::uint64_t session);
  void CloseAll();

  // Tells pipes that bytes of theirs may be lost: all, those of a session, those of a tree (as OnlyOpen).
  void LoseAll(Direction direction, Undecoded why, Frame noticed);
  void LoseSession(std::uint64_t session, Direction direction, Undecoded why, Frame noticed);
  void LoseTree(const Smb2TreeKey& tree, Direction direction, Undecoded why, Frame noticed);

 private:
  using OpenKey = std::pair<std::uint64_t, Smb2FileId>;

  [[nodiscard]] Smb2OpenRef NewOpen(const Smb2TreeKey& tree, PipeKind kind, std::optional<std::string> name,
                                    bool name_is_cut);
  [[nodiscard]] Smb2OpenRef TakeLoneCreate(const Smb2TreeKey& tree);
  void OnRequestGone(std::uint64_t message_id, const Smb2Request& request);

  Budget& budget_;
  PipeObserver& observer_;
  SmbCounts& counts_;
  BoundedMap<std::uint64_t, Smb2Session> sessions_;
  BoundedMap<Smb2TreeKey, Smb2Tree> trees_;
  BoundedMap<std::uint64_t, Smb2Request> requests_;  // by MessageId
  BoundedMap<OpenKey, Smb2OpenRef> opens_;
  std::set<std::pair<Smb2TreeKey, std::uint64_t>> creates_;  // the CREATEs in requests_, by tree
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SMB2_STATE_H_
