#include "fuzz/stub_walk.h"

#include <algorithm>
#include <array>

namespace sessenum::fuzz {
namespace {

// MS-SRVS 2.2.4.11 to .15 and the names of their members: s is a string, n a number.
struct Member {
  char kind;
  std::string_view name;
};
constexpr Member kCnameMember{'s', "cname"};
constexpr Member kUsernameMember{'s', "username"};
constexpr Member kNumOpensMember{'n', "num_opens"};
constexpr Member kTimeMember{'n', "time"};
constexpr Member kIdleMember{'n', "idle_time"};
constexpr Member kFlagsMember{'n', "user_flags"};
constexpr Member kTypeMember{'s', "cltype_name"};
constexpr Member kTransportMember{'s', "transport"};

constexpr std::array kInfo0 = {kCnameMember};
constexpr std::array kInfo1 = {kCnameMember, kUsernameMember, kNumOpensMember, kTimeMember, kIdleMember, kFlagsMember};
constexpr std::array kInfo2 = {kCnameMember, kUsernameMember, kNumOpensMember, kTimeMember,
                               kIdleMember,  kFlagsMember,    kTypeMember};
constexpr std::array kInfo10 = {kCnameMember, kUsernameMember, kTimeMember, kIdleMember};
constexpr std::array kInfo502 = {kCnameMember, kUsernameMember, kNumOpensMember, kTimeMember,
                                 kIdleMember,  kFlagsMember,    kTypeMember,     kTransportMember};

std::span<const Member> MembersOf(std::uint32_t level) {
  switch (level) {
    case 0:
      return kInfo0;
    case 1:
      return kInfo1;
    case 2:
      return kInfo2;
    case 10:
      return kInfo10;
    case 502:
      return kInfo502;
    default:
      return {};
  }
}

constexpr std::string_view kArrayName = "container.sessions";

class Walker {
 public:
  Walker(Bytes stub, const WalkOptions& options, Walked& out)
      : stub_(stub), options_(options), out_(out), word_(options.format.syntax == TransferSyntax::kNdr64 ? 8 : 4) {}

  void Run() {
    const bool is_big = options_.format.order == ByteOrder::kBig;
    // MS-RPCE 2.2.5: NDR64 is little-endian.
    if (word_ == 8 && is_big) Note(AnomalyKind::kNdr64BigEndian, {}, {""}, 0, 0);
    const bool whole = options_.direction == Direction::kToServer ? Request() : Response();
    out_.end = position_;
    Correlate();
    NoteRepeats();
    if (!whole) NoteStop();
  }

 private:
  // MS-SRVS 3.1.4.5, [in]: three names, InfoStruct, PreferredMaximumLength, ResumeHandle.
  bool Request() {
    for (const std::string_view name : {"server_name", "client_name", "user_name"}) {
      std::uint64_t referent = 0;
      if (!Pointer({name}, referent)) return false;
      if (referent != 0 && !String({name})) return false;
    }
    std::uint64_t length = 0;
    return InfoStruct() && Number({"preferred_maximum_length"}, length) && ResumeHandle();
  }

  // [out]: InfoStruct, TotalEntries, ResumeHandle, then the return value.
  bool Response() {
    std::uint64_t value = 0;
    return InfoStruct() && Number({"total_entries"}, value) && ResumeHandle() && Number({"status"}, value);
  }

  bool ResumeHandle() {
    std::uint64_t referent = 0;
    std::uint64_t value = 0;
    if (!Pointer({"resume_handle"}, referent)) return false;
    return referent == 0 || Number({"resume_handle"}, value);
  }

  // MS-SRVS 2.2.4.21. A structure aligns to its widest member (C706 14.2.2), a union to its widest arm, in NDR64 also
  // after the discriminant (MS-RPCE 2.2.5.3.4.4); each of them holds a pointer.
  bool InfoStruct() {
    if (!AlignFor({"level"}) || !Number({"level"}, level_)) return false;
    std::uint64_t tag = 0;
    if (!AlignFor({"level"}) || !Number({"level"}, tag)) return false;
    out_.level = static_cast<std::uint32_t>(tag);
    out_.has_level = true;
    tag_at_ = position_ - 4;
    if (!AlignFor({"container"})) return false;
    if (!IsListed(out_.level) && !options_.unlisted_has_arm) return true;
    std::uint64_t container = 0;
    if (!Pointer({"container"}, container)) return false;
    return container == 0 || Container();
  }

  // MS-SRVS 2.2.4.16 to .20
  bool Container() {
    if (!AlignFor({"container"}) || !Number({"container.entries_read"}, entries_)) return false;
    std::uint64_t buffer = 0;
    if (!Pointer({kArrayName}, buffer)) return false;
    buffer_at_ = position_ - word_;
    buffer_is_null_ = buffer == 0;
    if (buffer == 0) return true;
    if (!Count({kArrayName}, array_count_)) return false;
    Keep(WalkedItem::Kind::kCount, word_, array_count_);
    has_array_ = true;
    array_at_ = position_ - word_;
    out_.counts_agree = array_count_ == entries_;
    if (!IsListed(out_.level)) return StopAtArray();
    return Array();
  }

  bool StopAtArray() {
    out_.stopped_at_array = true;
    return Stop(Errc::kMalformed, buffer_at_, 0);
  }

  // C706 14.3.3.2: all elements; 14.3.12.3: then what their pointers point to, in the same order.
  bool Array() {
    const std::span<const Member> members = MembersOf(out_.level);
    field_ = {kArrayName};
    std::uint64_t size = 0;
    for (const Member& member : members) size += member.kind == 's' ? word_ : 4;
    if (!Align(word_)) return false;
    if (array_count_ * size > stub_.size() - position_) return Stop(Errc::kTruncated, position_, array_count_ * size);
    if (array_count_ > options_.max_sessions) return Stop(Errc::kLimit, position_, 0);
    const std::size_t first = out_.items.size();
    for (std::uint32_t i = 0; i < array_count_; ++i) {
      if (!Element(members, i)) return false;
    }
    std::size_t item = first;
    for (std::uint32_t i = 0; i < array_count_; ++i) {
      for (const Member& member : members) {
        const std::uint64_t value = out_.items[item++].value;
        if (member.kind == 's' && value != 0 && !String({member.name, i})) return false;
      }
    }
    return true;
  }

  bool Element(std::span<const Member> members, std::uint32_t index) {
    if (!AlignFor({members.front().name, index})) return false;
    for (const Member& member : members) {
      std::uint64_t value = 0;
      const FieldRef field{member.name, index};
      if (!(member.kind == 's' ? Pointer(field, value) : Number(field, value))) return false;
    }
    return true;
  }

  // C706 14.3.4.2: maximum count, offset, actual count, units.
  bool String(FieldRef field) {
    std::uint64_t max = 0;
    std::uint64_t offset = 0;
    std::uint64_t actual = 0;
    if (!Count(field, max) || !Count(field, offset) || !Count(field, actual)) return false;
    if (!Has(2 * actual)) return false;
    const Extent where{position_, static_cast<std::uint32_t>(2 * actual)};
    out_.items.push_back({WalkedItem::Kind::kString, position_, actual, static_cast<std::uint32_t>(max),
                          static_cast<std::uint32_t>(offset), stub_.data() + position_});
    position_ += where.length;
    JudgeString(field, max, offset, actual, where);
    return true;
  }

  void JudgeString(FieldRef field, std::uint64_t max, std::uint64_t offset, std::uint64_t actual, Extent units) {
    const auto word_before = [&](std::uint32_t words) { return Extent{units.offset - words * word_, word_}; };
    if (max > actual) Note(AnomalyKind::kMaxAboveActual, word_before(3), field, max, actual);
    if (actual > max) Note(AnomalyKind::kActualAboveMax, word_before(1), field, actual, max);
    if (offset > 0) Note(AnomalyKind::kStringOffset, word_before(2), field, offset, 0);
    if (actual == 0) return Note(AnomalyKind::kZeroActualCount, word_before(1), field, 0, 1);
    const auto last = static_cast<std::uint32_t>(actual - 1);
    const std::uint16_t terminator = UnitAt(units.offset, last);
    const auto at = [&](std::uint32_t index) { return Extent{units.offset + 2 * index, 2}; };
    if (terminator != 0) Note(AnomalyKind::kUnterminated, at(last), field, terminator, 0);
    const std::uint32_t length = terminator != 0 ? last + 1 : last;
    for (std::uint32_t i = 0; i < length; ++i) {
      if (UnitAt(units.offset, i) != 0) continue;
      Note(AnomalyKind::kEmbeddedNul, at(i), field, i, length);
      break;
    }
    for (std::uint32_t i = 0; i < length; ++i) {
      const std::uint16_t unit = UnitAt(units.offset, i);
      if (unit < 0xD800 || unit > 0xDFFF) continue;
      const bool is_pair = unit < 0xDC00 && i + 1 < length && UnitAt(units.offset, i + 1) >= 0xDC00 &&
                           UnitAt(units.offset, i + 1) <= 0xDFFF;
      if (is_pair) {
        ++i;
        continue;
      }
      Note(AnomalyKind::kUnpairedSurrogate, at(i), field, unit, 0);
      break;
    }
  }

  // C706 14.3.10 and MS-RPCE 2.2.5.3.5: 4 octets, 8 in NDR64, aligned likewise.
  bool Pointer(FieldRef field, std::uint64_t& referent) {
    field_ = field;
    if (!Align(word_) || !Integer(word_, referent)) return false;
    Keep(WalkedItem::Kind::kPointer, word_, referent);
    if (referent != 0) out_.referents.push_back({referent, position_ - word_, field});
    return true;
  }

  // MS-RPCE 2.2.5.3.2; no count is above 2^31-1 (3.1.1.5.3.2.2).
  bool Count(FieldRef field, std::uint64_t& count) {
    field_ = field;
    if (!Align(word_) || !Has(word_)) return false;
    const std::uint64_t value = Peek(position_, word_);
    if (value >= 0x80000000U) {
      Note(AnomalyKind::kImpossibleCount, {position_, word_}, field, value, 0x7FFFFFFF);
      return Stop(Errc::kMalformed, position_, 0);
    }
    return Integer(word_, count);
  }

  bool Number(FieldRef field, std::uint64_t& value) {
    field_ = field;
    if (!Align(4) || !Integer(4, value)) return false;
    Keep(WalkedItem::Kind::kNumber, 4, value);
    return true;
  }

  // What was just read, of `size` bytes.
  void Keep(WalkedItem::Kind kind, std::uint32_t size, std::uint64_t value) {
    WalkedItem& item = out_.items.emplace_back();
    item.kind = kind;
    item.at = position_ - size;
    item.value = value;
  }

  bool Integer(std::uint32_t size, std::uint64_t& value) {
    if (!Has(size)) return false;
    value = Peek(position_, size);
    position_ += size;
    return true;
  }

  // Before a structure or a union, whose first member is `field`.
  bool AlignFor(FieldRef field) {
    field_ = field;
    return Align(word_);
  }

  // C706 14.2.2: from the first octet of the stub.
  bool Align(std::uint32_t alignment) {
    const std::uint32_t beyond = position_ % alignment;
    if (beyond == 0) return true;
    const std::uint32_t length = alignment - beyond;
    if (!Has(length)) return false;
    const Bytes gap = stub_.subspan(position_, length);
    const Extent where{position_, length};
    out_.padding.push_back(where);
    if (std::count(gap.begin(), gap.end(), 0) != length) NoteHabit(AnomalyKind::kPadding, where, field_, gap[0]);
    position_ += length;
    return true;
  }

  bool Has(std::uint64_t size) { return size <= stub_.size() - position_ || Stop(Errc::kTruncated, position_, size); }

  bool Stop(Errc code, std::uint32_t offset, std::uint64_t needed) {
    out_.status = {code, offset, static_cast<std::uint32_t>(std::min<std::uint64_t>(needed, UINT32_MAX))};
    return false;
  }

  [[nodiscard]] std::uint64_t Peek(std::size_t at, std::uint32_t size) const {
    std::uint64_t value = 0;
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t place = options_.format.order == ByteOrder::kBig ? i : size - 1 - i;
      value = value * 256 + stub_[at + place];
    }
    return value;
  }
  [[nodiscard]] std::uint16_t UnitAt(std::uint32_t units_at, std::uint32_t index) const {
    return static_cast<std::uint16_t>(Peek(units_at + std::size_t{2} * index, 2));
  }

  // MS-RPCE 3.1.1.5.3.2.2 and .3: the discriminant is Level, the array has EntriesRead elements.
  void Correlate() {
    if (out_.has_level && out_.level != level_)
      Note(AnomalyKind::kLevelMismatch, {tag_at_, 4}, {"level"}, out_.level, level_);
    if (has_array_ && array_count_ != entries_)
      Note(AnomalyKind::kCountMismatch, {array_at_, word_}, {kArrayName}, array_count_, entries_);
    if (buffer_is_null_ && entries_ != 0)
      Note(AnomalyKind::kNullBuffer, {buffer_at_, word_}, {kArrayName}, entries_, 0);
  }

  void NoteRepeats() {
    std::sort(out_.referents.begin(), out_.referents.end(), [](const WalkedReferent& a, const WalkedReferent& b) {
      return a.id != b.id ? a.id < b.id : a.at < b.at;
    });
    std::uint32_t times = 0;
    const WalkedReferent* first = nullptr;
    for (std::size_t i = 1; i < out_.referents.size(); ++i) {
      if (out_.referents[i].id != out_.referents[i - 1].id) continue;
      ++times;
      if (first == nullptr || out_.referents[i].at < first->at) first = &out_.referents[i];
    }
    if (first == nullptr) return;
    Note(AnomalyKind::kRepeatedReferent, {first->at, word_}, first->field, first->id, 0);
    out_.anomalies.back().times = times;
  }

  void NoteStop() {
    const std::uint32_t left = static_cast<std::uint32_t>(stub_.size()) - position_;
    const Extent rest{out_.status.offset, left};
    if (out_.status.code == Errc::kTruncated) Note(AnomalyKind::kTruncated, rest, field_, left, out_.status.needed);
    if (out_.status.code == Errc::kLimit) Note(AnomalyKind::kTooManySessions, rest, field_, 0, 0);
    if (out_.stopped_at_array) Note(AnomalyKind::kUnknownElements, {out_.status.offset, word_}, field_, 0, 0);
  }

  void Note(AnomalyKind kind, Extent where, FieldRef field, std::uint64_t seen, std::uint64_t expected) {
    out_.anomalies.push_back({kind, where, field, seen, expected});
  }
  void NoteHabit(AnomalyKind kind, Extent where, FieldRef field, std::uint64_t seen) {
    for (Anomaly& anomaly : out_.anomalies) {
      if (anomaly.kind != kind) continue;
      ++anomaly.times;
      return;
    }
    Note(kind, where, field, seen, 0);
  }

  Bytes stub_;
  const WalkOptions& options_;
  Walked& out_;
  std::uint32_t word_;
  std::uint32_t position_ = 0;
  FieldRef field_;
  std::uint64_t level_ = 0;
  std::uint32_t tag_at_ = 0;
  std::uint64_t entries_ = 0;
  std::uint32_t buffer_at_ = 0;
  bool buffer_is_null_ = false;
  std::uint64_t array_count_ = 0;
  std::uint32_t array_at_ = 0;
  bool has_array_ = false;
};

}  // namespace

void Walk(Bytes stub, const WalkOptions& options, Walked& out) {
  out.status = {};
  out.end = out.level = 0;
  out.has_level = out.stopped_at_array = out.counts_agree = false;
  out.items.clear();
  out.padding.clear();
  out.anomalies.clear();
  out.referents.clear();
  Walker(stub, options, out).Run();
}

bool IsListed(std::uint32_t level) { return !MembersOf(level).empty(); }

}  // namespace sessenum::fuzz
