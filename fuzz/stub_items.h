// A decoded message as the list of its fields, in the form in which a walk of its stub gives them.
#ifndef SESSENUM_FUZZ_STUB_ITEMS_H_
#define SESSENUM_FUZZ_STUB_ITEMS_H_

#include <cstdint>
#include <vector>

#include "fuzz/stub_walk.h"
#include "srvsvc/model.h"

namespace sessenum::fuzz {

// Appends what was decoded, in wire order, and leaves out what was not.
class ItemList {
 public:
  explicit ItemList(std::vector<WalkedItem>& items) : items_(items) { items.clear(); }

  void Add(const SessionEnumRequest& request) {
    AddParameter(request.server_name);
    AddParameter(request.client_name);
    AddParameter(request.user_name);
    Add(request.info);
    Add(request.preferred_maximum_length);
    Add(request.resume_handle);
  }

  void Add(const SessionEnumResponse& response) {
    Add(response.info);
    Add(response.total_entries);
    Add(response.resume_handle);
    Add(response.status);
  }

 private:
  using Kind = WalkedItem::Kind;

  void Add(const SessionEnumStruct& info) {
    Add(info.level);
    Add(info.tag);
    Add(info.container_pointer);
    Add(info.container.entries_read);
    Add(info.container.buffer);
    if (const NdrU32& count = info.container.max_count; count.decoded()) Put(Kind::kCount, count.at, count.value);
    for (const Session& session : info.container.sessions) AddElement(session);
    for (const Session& session : info.container.sessions) AddReferents(session);
  }

  // Every field of SESSION_INFO_502: which of them a level has is for the walk to say.
  void AddElement(const Session& session) {
    Add(session.cname.pointer);
    Add(session.username.pointer);
    Add(session.num_opens);
    Add(session.time);
    Add(session.idle_time);
    Add(session.user_flags);
    Add(session.cltype_name.pointer);
    Add(session.transport.pointer);
  }
  void AddReferents(const Session& session) {
    AddReferent(session.cname);
    AddReferent(session.username);
    AddReferent(session.cltype_name);
    AddReferent(session.transport);
  }

  void AddParameter(const NdrString& string) {
    Add(string.pointer);
    AddReferent(string);
  }
  void AddReferent(const NdrString& string) {
    if (string.data == nullptr) return;
    items_.push_back(
        {Kind::kString, string.units_at, string.actual_count, string.max_count, string.offset, string.data});
  }
  void Add(const NdrUniqueU32& number) {
    Add(number.pointer);
    Add(number.value);
  }
  void Add(const NdrPointer& pointer) {
    if (pointer.decoded()) Put(Kind::kPointer, pointer.at, pointer.referent);
  }
  void Add(const NdrU32& number) {
    if (number.decoded()) Put(Kind::kNumber, number.at, number.value);
  }
  void Put(Kind kind, std::uint32_t at, std::uint64_t value) { items_.push_back({kind, at, value, 0, 0, nullptr}); }

  std::vector<WalkedItem>& items_;
};

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_STUB_ITEMS_H_
