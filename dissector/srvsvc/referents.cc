#include "srvsvc/referents.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "srvsvc/layout.h"

namespace sessenum {
namespace {

struct SeenReferent {
  std::uint64_t id = 0;
  std::uint32_t at = 0;
  FieldRef field;
};

// The pointers of a message. Those of most have room here, so that they need no memory from elsewhere.
class SeenReferents {
 public:
  void Add(const SeenReferent& referent) {
    if (size_ < few_.size()) {
      few_[size_++] = referent;
      return;
    }
    if (many_.empty()) many_.assign(few_.begin(), few_.end());
    many_.push_back(referent);
  }
  [[nodiscard]] std::span<SeenReferent> all() {
    return many_.empty() ? std::span(few_).first(size_) : std::span(many_);
  }

 private:
  std::array<SeenReferent, 16> few_;
  std::size_t size_ = 0;
  std::vector<SeenReferent> many_;
};

// A codec that walks a decoded message and keeps its pointers.
class ReferentCollector {
 public:
  static constexpr bool kReads = false;

  explicit ReferentCollector(NdrFormat format) : format_(format) {}

  [[nodiscard]] const NdrFormat& format() const { return format_; }
  [[nodiscard]] std::span<SeenReferent> seen() { return seen_.all(); }

  Status AlignToWord(const FieldRef&) { return Ok(); }
  Status U32(const NdrU32&, const FieldRef&) { return Ok(); }
  Status Count(const NdrU32&, const FieldRef&) { return Ok(); }
  Status StringReferent(const NdrString&, const FieldRef&) { return Ok(); }
  Status Expect(std::uint64_t, std::uint32_t, const FieldRef&) { return Ok(); }
  Status Pointer(const NdrPointer& pointer, const FieldRef& field) {
    if (pointer.decoded() && !pointer.null()) seen_.Add({pointer.referent, pointer.at, field});
    return Ok();
  }

 private:
  NdrFormat format_;
  SeenReferents seen_;
};

template <typename Message>
void NoteRepeated(Message& message, NdrFormat format) {
  ReferentCollector collector(format);
  // A message that was decoded in part is walked in part; the rest has no pointers.
  static_cast<void>(layout::Parameters(collector, std::as_const(message)));
  const std::span<SeenReferent> seen = collector.seen();
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
