// The SMB2 sessions of a run, for connections that join one (multichannel, MS-SMB2 3.3.5.5.2).
#ifndef SESSENUM_SMB_SESSION_REGISTRY_H_
#define SESSENUM_SMB_SESSION_REGISTRY_H_

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "smb/connection.h"
#include "smb/smb2.h"

namespace sessenum {

class Smb2SessionTable;
class SmbListing;

// Whose connection it is, as far as it was captured.
struct Smb2Parties {
  SmbHosts hosts;
  Smb2Guid client{};
  Smb2Guid server{};

  [[nodiscard]] bool have_guids() const { return client != Smb2Guid{} && server != Smb2Guid{}; }
};

// Finds the session of another connection. A SessionId is unique on its server (MS-SMB2 3.3.1.8) and on no other, and
// servers count from like numbers, so that it proves nothing without the server. That is the same one where
// - ServerGuid and ClientGuid are known of both connections and equal, whatever the addresses: channels go by several
//   network interfaces, and a server lets only the same ClientGuid join. Neither GUID suffices alone: a copied machine
//   has its original's ServerGuid;
// - or both addresses are equal and no GUID that is known of both connections differs: all there is to go by where a
//   NEGOTIATE was not captured.
// Of two sessions that fit, the one set up later counts, as a server that restarts may give the same number again.
// Where GUIDs tell two live ones of the same addresses apart, addresses find neither.
class SmbSessionRegistry {
 public:
  // `budget` must outlive the registry.
  explicit SmbSessionRegistry(Budget& budget) : budget_(budget), listed_(budget.limits().smb_known_sessions) {}
  SmbSessionRegistry(const SmbSessionRegistry&) = delete;
  SmbSessionRegistry& operator=(const SmbSessionRegistry&) = delete;

  // The session can be found while the listing lives. The registry must outlive it.
  [[nodiscard]] SmbListing List(std::uint64_t session, const Smb2Parties& parties,
                                const std::shared_ptr<Smb2SessionTable>& table);
  // The table with the session that a connection of `parties` means by `session`. nullptr: there is none.
  [[nodiscard]] std::shared_ptr<Smb2SessionTable> Find(std::uint64_t session, const Smb2Parties& parties);

 private:
  friend class SmbListing;

  struct Key {
    std::uint64_t session = 0;
    std::array<std::uint8_t, 2 * std::tuple_size_v<SmbAddress>> parties{};

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    std::weak_ptr<Smb2SessionTable> table;
    Smb2Parties parties;
    std::uint64_t serial = 0;
    bool ambiguous = false;
  };

  [[nodiscard]] static Key ByHosts(std::uint64_t session, const SmbHosts& hosts);
  [[nodiscard]] static Key ByGuids(std::uint64_t session, const Smb2Parties& parties);
  void Put(const Key& key, Entry entry);
  void Remove(const Key& key, std::uint64_t serial);

  Budget& budget_;
  BoundedMap<Key, Entry> listed_;
  std::uint64_t serials_ = 0;
};

// That a session can be found; ends with its owner.
class SmbListing {
 public:
  SmbListing() = default;
  SmbListing(SmbListing&& other) noexcept { *this = std::move(other); }
  SmbListing& operator=(SmbListing&& other) noexcept;
  SmbListing(const SmbListing&) = delete;
  SmbListing& operator=(const SmbListing&) = delete;
  ~SmbListing() { End(); }

 private:
  friend class SmbSessionRegistry;

  void End();

  SmbSessionRegistry* registry_ = nullptr;
  std::uint64_t session_ = 0;
  Smb2Parties parties_;
  std::uint64_t serial_ = 0;
};

}  // namespace sessenum

#endif  // SESSENUM_SMB_SESSION_REGISTRY_H_
