#include "srvsvc/referents.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "srvsvc/layout.h"

namespace sessenum {
namespace {

struct SeenReferent {
  std::uint64_t id = 0;
  std::uint32_t at = 0;
  FieldRef field;
};

// A codec that walks a decoded message and appends its pointers to `seen`.
class ReferentCollector {
 public:
  static constexpr bool kReads = false;

  ReferentCollector(NdrFormat format, std::vector<SeenReferent>& seen) : format_(format), seen_(seen) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }

  Status AlignToWord(const FieldRef&) { return Ok(); }
  Status U32(const NdrU32&, const FieldRef&) { return Ok(); }
  Status Count(const NdrU32&, const FieldRef&) { return Ok(); }
  Status StringReferent(const NdrString&, const FieldRef&) { return Ok(); }
  Status Expect(std::uint64_t, std::uint32_t, const FieldRef&) { return Ok(); }
  Status Pointer(const NdrPointer& pointer, const FieldRef& field) {
    if (pointer.decoded() && !pointer.null()) seen_.push_back({pointer.referent, pointer.at, field});
    return Ok();
  }

 private:
  NdrFormat format_;
  std::vector<SeenReferent>& seen_;
};

// Room for the pointers of a message, empty. A thread keeps that of usual messages, so that decoding one after the
// other allocates nothing.
std::vector<SeenReferent>& EmptyRoom() {
  constexpr std::size_t kKept = 4'096;
  static thread_local std::vector<SeenReferent> room;
  if (room.capacity() > kKept) room = std::vector<SeenReferent>();
  room.clear();
  return room;
}

template <typename Message>
void NoteRepeated(Message& message, NdrFormat format) {
  std::vector<SeenReferent>& seen = EmptyRoom();
  ReferentCollector collector(format, seen);
  // A message that was decoded in part is walked in part; the rest has no pointers.
  static_cast<void>(layout::Parameters(collector, std::as_const(message)));
  std::sort(seen.begin(), seen.end(),
            [](const SeenReferent& a, const SeenReferent& b) { return a.id != b.id ? a.id < b.id : a.at < b.at; });
  const SeenReferent* first = nullptr;
  std::uint32_t times = 0;
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (seen[i].id != seen[i - 1].id) continue;
    ++times;
    if (first == nullptr || seen[i].at < first->at) first = &seen[i];
  }
  if (first == nullptr) return;
  message.report.anomalies.Add(
      {AnomalyKind::kRepeatedReferent, {first->at, format.word()}, first->field, first->id, 0, times});
}

}  // namespace

void NoteRepeatedReferents(SessionEnumRequest& request, NdrFormat format) { NoteRepeated(request, format); }
void NoteRepeatedReferents(SessionEnumResponse& response, NdrFormat format) { NoteRepeated(response, format); }

}  // namespace sessenum
