#include "smb/session_registry.h"

#include <algorithm>

namespace sessenum {
namespace {

bool Contradict(const Smb2Guid& one, const Smb2Guid& other) {
  return one != Smb2Guid{} && other != Smb2Guid{} && one != other;
}

bool Contradict(const Smb2Parties& one, const Smb2Parties& other) {
  return Contradict(one.client, other.client) || Contradict(one.server, other.server);
}

}  // namespace

SmbListing SmbSessionRegistry::List(std::uint64_t session, const Smb2Parties& parties,
                                    const std::shared_ptr<Smb2SessionTable>& table) {
  SmbListing listing;
  listing.registry_ = this;
  listing.session_ = session;
  listing.parties_ = parties;
  listing.serial_ = ++serials_;
  Put(ByHosts(session, parties.hosts), {table, parties, listing.serial_});
  if (parties.have_guids()) Put(ByGuids(session, parties), {table, parties, listing.serial_});
  return listing;
}

std::shared_ptr<Smb2SessionTable> SmbSessionRegistry::Find(std::uint64_t session, const Smb2Parties& parties) {
  if (parties.have_guids()) {
    if (const Entry* known = listed_.Find(ByGuids(session, parties))) return known->table.lock();
  }
  const Entry* near = listed_.Find(ByHosts(session, parties.hosts));
  if (near == nullptr || near->ambiguous || Contradict(near->parties, parties)) return nullptr;
  return near->table.lock();
}

void SmbSessionRegistry::Put(const Key& key, Entry entry) {
  if (const std::optional<Entry> before = listed_.Take(key)) {
    entry.ambiguous = before->ambiguous || Contradict(before->parties, entry.parties);
  }
  MakeRoom(listed_, budget_, Cap::kSmbKnownSessions);
  listed_.Add(key, std::move(entry));
}

void SmbSessionRegistry::Remove(const Key& key, std::uint64_t serial) {
  const Entry* listed = listed_.Find(key);
  if (listed != nullptr && listed->serial == serial) listed_.Take(key);
}

SmbSessionRegistry::Key SmbSessionRegistry::ByHosts(std::uint64_t session, const SmbHosts& hosts) {
  Key key;
  key.session = session;
  const auto middle = std::copy(hosts.client.begin(), hosts.client.end(), key.parties.begin());
  std::copy(hosts.server.begin(), hosts.server.end(), middle);
  return key;
}

// No host has this family, so that no address is mistaken for a GUID.
SmbSessionRegistry::Key SmbSessionRegistry::ByGuids(std::uint64_t session, const Smb2Parties& parties) {
  Key key;
  key.session = session;
  key.parties[0] = 0xFF;
  const auto middle = std::copy(parties.client.begin(), parties.client.end(), key.parties.begin() + 1);
  std::copy(parties.server.begin(), parties.server.end(), middle);
  return key;
}

SmbListing& SmbListing::operator=(SmbListing&& other) noexcept {
  End();
  registry_ = std::exchange(other.registry_, nullptr);
  session_ = other.session_;
  parties_ = other.parties_;
  serial_ = other.serial_;
  return *this;
}

void SmbListing::End() {
  if (registry_ == nullptr) return;
  registry_->Remove(SmbSessionRegistry::ByHosts(session_, parties_.hosts), serial_);
  registry_->Remove(SmbSessionRegistry::ByGuids(session_, parties_), serial_);
  registry_ = nullptr;
}

}  // namespace sessenum
