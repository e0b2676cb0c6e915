#include "fuzz/rule_walk.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "smb/upcase.h"

namespace sessenum::fuzz {
namespace {

constexpr Verdict kPass = Verdict::kPass;
constexpr Verdict kViolation = Verdict::kViolation;
constexpr Verdict kKnown = Verdict::kKnown;
constexpr Verdict kAdvisory = Verdict::kAdvisory;
constexpr Verdict kUndecided = Verdict::kUndecided;
constexpr Verdict kNone = Verdict::kNotApplicable;

constexpr std::uint32_t kEverything = 0xFFFFFFFF;

// MS-ERREF 2.2 and LMERR.H
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kAccessDenied = 5;
constexpr std::uint32_t kNotEnoughMemory = 8;
constexpr std::uint32_t kNotSupported = 50;
constexpr std::uint32_t kInvalidParameter = 87;
constexpr std::uint32_t kInvalidLevel = 124;
constexpr std::uint32_t kMoreData = 234;
constexpr std::uint32_t kServerNotStarted = 2114;
constexpr std::uint32_t kUserNotFound = 2221;
constexpr std::uint32_t kClientNameNotFound = 2312;
constexpr std::uint32_t kInvalidComputer = 2351;

using Name = std::u16string;

// The units up to the first NUL.
Name NameIn(const NdrString& string) {
  Name name;
  const Bytes bytes(string.data, string.data == nullptr ? 0 : std::size_t{2} * string.actual_count);
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned first = bytes[i];
    const unsigned second = bytes[i + 1];
    const unsigned unit = string.order == ByteOrder::kBig ? first * 256 + second : second * 256 + first;
    if (unit == 0) break;
    name.push_back(static_cast<char16_t>(unit));
  }
  return name;
}

// With the NUL; 0 for NULL.
std::size_t LengthOf(const NdrString& string) {
  return std::min<std::size_t>(NameIn(string).size() + 1, string.data == nullptr ? 0 : string.actual_count);
}

Name Folded(Name name) {
  for (char16_t& unit : name) unit = static_cast<char16_t>(Upcase(static_cast<std::uint16_t>(unit)));
  return name;
}

Name Bare(const Name& name) { return name.substr(std::min(name.find_first_not_of(u'\\'), name.size())); }

// Without its domain.
Name UserIn(const Name& name) {
  const std::size_t mark = name.find_first_of(u"@\\");
  if (mark == Name::npos) return name;
  return name[mark] == u'@' ? name.substr(0, mark) : name.substr(mark + 1);
}

Name AsciiFolded(Name name) {
  for (char16_t& unit : name) {
    if (unit >= u'a' && unit <= u'z') unit = static_cast<char16_t>(unit - u'a' + u'A');
  }
  return name;
}

bool HasBackslashes(const Name& name) { return name.starts_with(u"\\\\"); }

// An address, or a name whose first label is SRV.
bool MayNameTheServer(const Name& name) {
  const Name host = Bare(name);
  const bool is_address = host.find_first_not_of(u"0123456789.") == Name::npos || host.find(u':') != Name::npos ||
                          host.find(u"ipv6-literal") != Name::npos;
  return is_address || AsciiFolded(host.substr(0, host.find(u'.'))) == u"SRV";
}

bool IsListed(std::uint32_t level) { return level <= 2 || level == 10 || level == 502; }
bool IsNotFound(std::uint32_t status) { return status == kUserNotFound || status == kClientNameNotFound; }
// RPC_X_BAD_STUB_DATA, nca_s_fault_invalid_tag, nca_s_fault_invalid_bound (C706 appendix E)
bool IsRefusalOfTheStub(std::uint32_t fault) { return fault == 0x6F7 || fault == 0x1C000006 || fault == 0x1C000007; }

// MS-SRVS 2.2.4.11 to 2.2.4.15: what a session's structure has beside its client's name.
struct Members {
  std::size_t numbers = 0;
  bool user = false;
  bool type = false;
  bool transport = false;
};

Members MembersOf(std::uint32_t level) {
  switch (level) {
    case 0:
      return {};
    case 10:
      return {2, true, false, false};
    case 1:
      return {4, true, false, false};
    case 2:
      return {4, true, true, false};
    default:
      return {4, true, true, true};
  }
}

class CallWalk {
 public:
  explicit CallWalk(const CallFacts& call)
      : call_(call),
        asked_(call.request != nullptr ? *call.request : kNothingAsked),
        answer_(call.response != nullptr ? *call.response : kNothingAnswered),
        is_asked_(call.request != nullptr && asked_.report.status.ok()),
        is_answered_(call.response != nullptr && answer_.report.status.ok()),
        has_status_(answer_.status.decoded()),
        status_(answer_.status.value),
        succeeded_(has_status_ && (status_ == kSuccess || status_ == kMoreData)),
        client_(NameIn(asked_.client_name)),
        user_(NameIn(asked_.user_name)),
        handle_(asked_.resume_handle.value.value),
        sessions_(answer_.info.container.sessions) {
    for (std::size_t i = 0; i < std::min<std::size_t>(sessions_.size(), 16); ++i)
      is_windows_ |= HasBackslashes(NameIn(sessions_[i].cname));
    // Samba's smbd knows levels 0 and 1.
    const bool knows_more = succeeded_ && !answer_.info.container_pointer.null() && answer_.info.level.value > 1;
    may_be_samba_ = !is_windows_ && !knows_more;
  }

  [[nodiscard]] Verdict Binding() const {
    if (!call_.interface) return kUndecided;
    if (call_.interface->major != 3) return kViolation;
    return call_.over_named_pipe ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict Fault() const {
    if (!call_.fault) return has_status_ ? kPass : kUndecided;
    if (*call_.fault == kAccessDenied) return kKnown;
    if (!IsRefusalOfTheStub(*call_.fault)) return kAdvisory;
    if (call_.request == nullptr || (!call_.request_whole && !is_asked_)) return kUndecided;
    const bool is_broken = std::ranges::any_of(asked_.report.anomalies.entries(), [](const Anomaly& anomaly) {
      return VerdictOn(anomaly.kind) == kViolation;
    });
    return !is_asked_ || is_broken || !IsListed(asked_.info.level.value) ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict StatusValue() const {
    if (!has_status_) return kUndecided;
    return status_ < 0x10000 ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict NamedCode() const {
    if (!is_asked_ || !has_status_) return kUndecided;
    if (status_ != kInvalidComputer && status_ != kInvalidParameter) return kNone;
    return IsDue(status_) ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict Access() const {
    if (!has_status_) return kUndecided;
    if (status_ == kAccessDenied) return kPass;
    if (!succeeded_) return kNone;
    return call_.is_nobody.value_or(false) ? kAdvisory : kUndecided;
  }

  [[nodiscard]] Verdict UnlistedLevel() const {
    if (!asked_.info.level.decoded() || HasTwoLevels()) return kUndecided;
    if (IsListed(asked_.info.level.value)) return kNone;
    if (call_.fault && IsRefusalOfTheStub(*call_.fault)) return kKnown;
    return Refusal(kInvalidLevel, false);
  }
  [[nodiscard]] Verdict ListedLevel() const {
    if (!asked_.info.level.decoded() || HasTwoLevels()) return kUndecided;
    const std::uint32_t level = asked_.info.level.value;
    if (!IsListed(level)) return kNone;
    if (!has_status_) return kUndecided;
    if (status_ == kInvalidLevel) return level > 1 && may_be_samba_ ? kKnown : kViolation;
    if (status_ == kNotSupported) return may_be_samba_ ? kKnown : kAdvisory;
    return kPass;
  }
  [[nodiscard]] Verdict SameLevel() const {
    if (!asked_.info.level.decoded() || !answer_.info.level.decoded() || HasTwoLevels()) return kUndecided;
    if (answer_.info.level.value == asked_.info.level.value) return kPass;
    if (!has_status_) return kUndecided;
    return succeeded_ ? kViolation : kNone;
  }
  template <std::uint32_t kLevel>
  [[nodiscard]] Verdict Container() const {
    const NdrPointer& pointer = answer_.info.container_pointer;
    if (asked_.info.level.decoded() && asked_.info.level.value != kLevel) return kNone;
    if (!pointer.decoded()) return kUndecided;
    if (answer_.info.level.value != kLevel) return kNone;
    if (!has_status_) return kUndecided;
    if (!succeeded_) return kNone;
    if (pointer.referent != 0) return kPass;
    const NdrPointer& given = asked_.info.container_pointer;
    return given.decoded() && given.referent == 0 && may_be_samba_ ? kKnown : kViolation;
  }
  [[nodiscard]] Verdict UserFlags() const {
    if (!is_answered_) return call_.fault ? kNone : kUndecided;
    if (!succeeded_ || sessions_.empty() || MembersOf(answer_.info.tag.value).numbers != 4) return kNone;
    const bool is_known =
        std::ranges::all_of(sessions_, [](const Session& session) { return session.user_flags.value < 4; });
    return is_known ? kPass : kViolation;
  }
  [[nodiscard]] Verdict Times() const {
    if (!is_answered_) return call_.fault ? kNone : kUndecided;
    if (sessions_.empty() || MembersOf(answer_.info.tag.value).numbers == 0) return kNone;
    for (const Session& session : sessions_) {
      if (session.time.value == 0xFFFFFFFF) return is_windows_ ? kAdvisory : kKnown;
      if (session.time.value < session.idle_time.value) return kAdvisory;
    }
    return kPass;
  }

  [[nodiscard]] Verdict BadClientName() const {
    if (!asked_.client_name.decoded()) return kUndecided;
    return HasBadForm() ? Refusal(kInvalidComputer, may_be_samba_) : kNone;
  }
  [[nodiscard]] Verdict LongClientName() const {
    if (!asked_.client_name.decoded()) return kUndecided;
    return IsLong(asked_.client_name) ? Refusal(kInvalidParameter, may_be_samba_) : kNone;
  }
  [[nodiscard]] Verdict LongUserName() const {
    if (!asked_.user_name.decoded()) return kUndecided;
    return IsLong(asked_.user_name) ? Refusal(kInvalidParameter, may_be_samba_) : kNone;
  }
  [[nodiscard]] Verdict ReturnedClients() const {
    if (!asked_.client_name.decoded()) return kUndecided;
    if (client_.empty()) return kNone;
    if (!is_answered_) return kUndecided;
    if (!HasSessions()) return kNone;
    return All([this](const Session& session) { return IsFromClient(session); }) ? kPass : Unwanted();
  }
  [[nodiscard]] Verdict ReturnedUsers() const {
    if (!asked_.user_name.decoded()) return kUndecided;
    if (user_.empty()) return kNone;
    if (!is_answered_) return kUndecided;
    if (!HasSessions()) return kNone;
    if (!HasUsers()) return kUndecided;
    if (All([this](const Session& session) { return Folded(NameIn(session.username)) == Folded(user_); })) return kPass;
    return All([this](const Session& session) { return IsOfUser(session); }) ? kAdvisory : Unwanted();
  }
  [[nodiscard]] Verdict AllQualifiers() const {
    if (!is_asked_) return kUndecided;
    if (client_.empty() || user_.empty()) return kNone;
    if (!is_answered_) return kUndecided;
    if (!HasSessions()) return kNone;
    if (!HasUsers()) return kUndecided;
    const auto is_wanted = [this](const Session& session) { return IsFromClient(session) && IsOfUser(session); };
    return All(is_wanted) ? kPass : Unwanted();
  }
  [[nodiscard]] Verdict NothingFound() const {
    if (!is_asked_) return kUndecided;
    if (client_.empty() && user_.empty()) return kNone;
    if (!has_status_) return kUndecided;
    if (IsNotFound(status_)) return kPass;
    if (!is_answered_) return kUndecided;
    if (status_ != kSuccess) return kNone;
    if (!HasContainer()) return kUndecided;
    if (Returned() != 0 || !sessions_.empty() || answer_.total_entries.value != 0) return kNone;
    return handle_ == 0 ? kViolation : kUndecided;
  }
  [[nodiscard]] Verdict NotFound() const {
    if (!is_asked_ || !has_status_) return kUndecided;
    if (!IsNotFound(status_)) return kNone;
    return client_.empty() && user_.empty() ? kAdvisory : kPass;
  }
  [[nodiscard]] Verdict OwnSession() const {
    if (!is_asked_) return kUndecided;
    const bool asks_for_all = client_.empty() && user_.empty() && handle_ == 0 && Most() == kEverything;
    if (!asks_for_all || !call_.over_named_pipe) return kNone;
    if (!is_answered_) return kUndecided;
    if (status_ != kSuccess) return kNone;
    if (!HasContainer()) return kUndecided;
    return Returned() == 0 ? kAdvisory : kPass;
  }

  [[nodiscard]] Verdict ServerName() const {
    if (!asked_.server_name.decoded()) return kUndecided;
    const Name name = NameIn(asked_.server_name);
    if (!HasBackslashes(name)) return kKnown;
    return MayNameTheServer(name) ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict ClientNameForm() const {
    if (!asked_.client_name.decoded()) return kUndecided;
    return HasBadForm() ? kViolation : kPass;
  }
  [[nodiscard]] Verdict Level() const {
    if (!asked_.info.level.decoded()) return kUndecided;
    return IsListed(asked_.info.level.value) ? kPass : kViolation;
  }
  [[nodiscard]] Verdict QualifierLengths() const {
    if (!is_asked_) return kUndecided;
    return IsLong(asked_.client_name) || IsLong(asked_.user_name) ? kAdvisory : kPass;
  }
  [[nodiscard]] Verdict InputContainer() const {
    if (!is_asked_) return kUndecided;
    const SessionContainer& container = asked_.info.container;
    return container.entries_read.value == 0 && container.sessions.empty() ? kPass : kAdvisory;
  }

  [[nodiscard]] Verdict FirstHandle() const {
    if (!is_asked_) return kUndecided;
    return handle_ == 0 ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict NoPageBefore() const { return is_asked_ ? kNone : kUndecided; }
  [[nodiscard]] Verdict Presence() const {
    if (!asked_.resume_handle.decoded() || !answer_.resume_handle.pointer.decoded()) return kUndecided;
    const bool is_asked = asked_.resume_handle.pointer.referent != 0;
    const bool is_given = answer_.resume_handle.pointer.referent != 0;
    return is_asked == is_given ? kPass : kViolation;
  }
  [[nodiscard]] Verdict NonZero() const {
    if (!asked_.resume_handle.decoded()) return kUndecided;
    if (asked_.resume_handle.pointer.referent == 0) return kNone;
    if (!has_status_) return kUndecided;
    if (status_ != kMoreData || answer_.resume_handle.pointer.referent == 0) return kNone;
    return answer_.resume_handle.value.value == 0 ? kViolation : kPass;
  }
  [[nodiscard]] Verdict BehindTheEnd() const {
    if (!is_asked_) return kUndecided;
    return handle_ == 0 ? kNone : kUndecided;
  }
  [[nodiscard]] Verdict Advance() const {
    if (!is_asked_) return kUndecided;
    if (handle_ == 0) return kNone;
    if (!is_answered_) return kUndecided;
    if (status_ != kMoreData || sessions_.empty() || answer_.resume_handle.pointer.referent == 0) return kNone;
    return answer_.resume_handle.value.value == handle_ ? kViolation : kPass;
  }

  [[nodiscard]] Verdict Unlimited() const {
    if (!is_asked_) return kUndecided;
    if (Most() != kEverything) return kNone;
    if (!is_answered_) return kUndecided;
    if (!succeeded_) return kNone;
    return status_ == kSuccess ? kPass : kViolation;
  }
  [[nodiscard]] Verdict MoreData() const {
    if (!is_answered_) return kUndecided;
    if (!succeeded_) return kNone;
    if (!HasContainer()) return kUndecided;
    const bool has_more = answer_.total_entries.value > Returned();
    if (has_more == (status_ == kMoreData)) return kPass;
    if (!has_more) return kViolation;
    if (may_be_samba_ && handle_ != 0) return kKnown;
    return Returned() == 0 ? kAdvisory : kViolation;
  }
  [[nodiscard]] Verdict Room() const {
    if (!is_asked_) return kUndecided;
    if (Most() == kEverything) return kNone;
    if (!is_answered_) return kUndecided;
    if (!succeeded_ || !IsListed(answer_.info.tag.value)) return kNone;
    std::uint64_t bytes = 0;
    for (const Session& session : sessions_) bytes += LeastBytes(session);
    if (bytes <= Most()) return kPass;
    return status_ == kSuccess && may_be_samba_ ? kKnown : kAdvisory;
  }
  [[nodiscard]] Verdict Total() const {
    if (!is_answered_) return kUndecided;
    if (!succeeded_) return kNone;
    if (!HasContainer()) return kUndecided;
    return answer_.total_entries.value >= Returned() ? kPass : kViolation;
  }
  [[nodiscard]] Verdict ErrorWithEntries() const {
    if (!is_answered_) return kUndecided;
    if (succeeded_) return kNone;
    return sessions_.empty() ? kPass : kAdvisory;
  }
  [[nodiscard]] Verdict FewRefusals() const { return has_status_ || call_.fault ? kPass : kUndecided; }
  [[nodiscard]] Verdict Pass() const { return kPass; }
  [[nodiscard]] Verdict None() const { return kNone; }

 private:
  // A server that must refuse with `code`, or with another that is due as well.
  [[nodiscard]] Verdict Refusal(std::uint32_t code, bool is_ignored) const {
    if (!has_status_) return kUndecided;
    if (status_ == code || IsDue(status_)) return kPass;
    if (succeeded_) return is_ignored ? kKnown : kViolation;
    return is_asked_ ? kViolation : kUndecided;
  }
  [[nodiscard]] bool IsDue(std::uint32_t status) const {
    switch (status) {
      case kAccessDenied:
      case kNotEnoughMemory:
      case kNotSupported:
      case kServerNotStarted:
        return true;
      case kInvalidComputer:
        return HasBadForm();
      case kInvalidParameter:
        return IsLong(asked_.client_name) || IsLong(asked_.user_name);
      case kInvalidLevel:
        return asked_.info.level.decoded() && !IsListed(asked_.info.level.value);
      default:
        return IsNotFound(status) && !(client_.empty() && user_.empty());
    }
  }
  [[nodiscard]] bool HasBadForm() const { return !client_.empty() && !HasBackslashes(client_); }
  [[nodiscard]] static bool IsLong(const NdrString& name) { return LengthOf(name) > 1'024; }
  [[nodiscard]] bool HasTwoLevels() const {
    return asked_.info.tag.decoded() && asked_.info.tag.value != asked_.info.level.value;
  }
  [[nodiscard]] bool HasSessions() const { return succeeded_ && !sessions_.empty(); }
  [[nodiscard]] bool HasUsers() const {
    return IsListed(answer_.info.tag.value) && MembersOf(answer_.info.tag.value).user;
  }
  [[nodiscard]] bool HasContainer() const { return answer_.info.container.entries_read.decoded(); }
  [[nodiscard]] std::uint32_t Returned() const { return answer_.info.container.entries_read.value; }
  [[nodiscard]] std::uint32_t Most() const { return asked_.preferred_maximum_length.value; }
  [[nodiscard]] Verdict Unwanted() const { return may_be_samba_ ? kKnown : kViolation; }
  [[nodiscard]] bool IsFromClient(const Session& session) const {
    return Folded(Bare(NameIn(session.cname))) == Folded(Bare(client_));
  }
  [[nodiscard]] bool IsOfUser(const Session& session) const {
    return Folded(UserIn(NameIn(session.username))) == Folded(UserIn(user_));
  }
  template <typename Predicate>
  [[nodiscard]] bool All(Predicate&& holds) const {
    return std::ranges::all_of(sessions_, holds);
  }
  // With pointers of 32 bits.
  [[nodiscard]] std::uint64_t LeastBytes(const Session& session) const {
    const auto string = [](const NdrString& text) { return 4 + std::uint64_t{2} * text.actual_count; };
    const Members members = MembersOf(answer_.info.tag.value);
    std::uint64_t bytes = 4 * members.numbers + string(session.cname);
    if (members.user) bytes += string(session.username);
    if (members.type) bytes += string(session.cltype_name);
    if (members.transport) bytes += string(session.transport);
    return bytes;
  }

  static const SessionEnumRequest kNothingAsked;
  static const SessionEnumResponse kNothingAnswered;

  const CallFacts& call_;
  const SessionEnumRequest& asked_;
  const SessionEnumResponse& answer_;
  bool is_asked_;
  bool is_answered_;
  bool has_status_;
  std::uint32_t status_;
  bool succeeded_;
  Name client_;
  Name user_;
  std::uint32_t handle_;
  std::span<const Session> sessions_;
  bool is_windows_ = false;
  bool may_be_samba_ = true;
};

const SessionEnumRequest CallWalk::kNothingAsked{};
const SessionEnumResponse CallWalk::kNothingAnswered{};

struct WalkedRule {
  std::string_view id;
  Verdict (CallWalk::*verdict)() const;
};

constexpr std::array kRules = {
    WalkedRule{"G1", &CallWalk::Binding},
    WalkedRule{"G2", &CallWalk::Fault},
    WalkedRule{"G3", &CallWalk::StatusValue},
    WalkedRule{"X1", &CallWalk::NamedCode},
    WalkedRule{"A1", &CallWalk::Access},
    WalkedRule{"L1", &CallWalk::UnlistedLevel},
    WalkedRule{"L2", &CallWalk::ListedLevel},
    WalkedRule{"L3", &CallWalk::SameLevel},
    WalkedRule{"L4", &CallWalk::Container<0>},
    WalkedRule{"L5", &CallWalk::Container<1>},
    WalkedRule{"L6", &CallWalk::Container<2>},
    WalkedRule{"L7", &CallWalk::Container<10>},
    WalkedRule{"L8", &CallWalk::Container<502>},
    WalkedRule{"L9", &CallWalk::None},
    WalkedRule{"T1", &CallWalk::UserFlags},
    WalkedRule{"T3", &CallWalk::Times},
    WalkedRule{"D1", &CallWalk::Pass},
    WalkedRule{"D2", &CallWalk::Pass},
    WalkedRule{"D3", &CallWalk::FewRefusals},
    WalkedRule{"C1", &CallWalk::BadClientName},
    WalkedRule{"C2", &CallWalk::LongClientName},
    WalkedRule{"C3", &CallWalk::LongUserName},
    WalkedRule{"C4", &CallWalk::ReturnedClients},
    WalkedRule{"C5", &CallWalk::ReturnedUsers},
    WalkedRule{"C6", &CallWalk::AllQualifiers},
    WalkedRule{"C7", &CallWalk::NothingFound},
    WalkedRule{"C8", &CallWalk::NotFound},
    WalkedRule{"C10", &CallWalk::OwnSession},
    WalkedRule{"P1", &CallWalk::ServerName},
    WalkedRule{"P3", &CallWalk::ClientNameForm},
    WalkedRule{"P4", &CallWalk::Level},
    WalkedRule{"P7", &CallWalk::QualifierLengths},
    WalkedRule{"P8", &CallWalk::InputContainer},
    WalkedRule{"P5", &CallWalk::FirstHandle},
    WalkedRule{"P6", &CallWalk::NoPageBefore},
    WalkedRule{"R1", &CallWalk::Presence},
    WalkedRule{"R2", &CallWalk::NonZero},
    WalkedRule{"R4", &CallWalk::BehindTheEnd},
    WalkedRule{"R5", &CallWalk::None},
    WalkedRule{"R6", &CallWalk::Advance},
    WalkedRule{"R9", &CallWalk::None},
    WalkedRule{"S1", &CallWalk::Unlimited},
    WalkedRule{"S2", &CallWalk::MoreData},
    WalkedRule{"S3", &CallWalk::Room},
    WalkedRule{"S4", &CallWalk::Total},
    WalkedRule{"S5", &CallWalk::ErrorWithEntries},
    WalkedRule{"S6", &CallWalk::None},
    WalkedRule{"S7", &CallWalk::None},
};

}  // namespace

std::optional<Verdict> WalkRule(std::string_view id, const CallFacts& call) {
  const auto rule = std::ranges::find(kRules, id, &WalkedRule::id);
  if (rule == kRules.end()) return std::nullopt;
  return (CallWalk(call).*rule->verdict)();
}

bool IsOfClient(std::string_view id) {
  static constexpr std::array<std::string_view, 12> kOfClients = {"G1", "P1", "P3", "P4", "P5", "P6",
                                                                  "P7", "P8", "F1", "D1", "D2", "D3"};
  return std::ranges::count(kOfClients, id) == 1;
}

Verdict VerdictOn(AnomalyKind kind) {
  switch (kind) {
    case AnomalyKind::kPadding:
    case AnomalyKind::kRepeatedReferent:
      return kPass;
    case AnomalyKind::kTooManySessions:
    case AnomalyKind::kMaxAboveActual:
    case AnomalyKind::kEmbeddedNul:
    case AnomalyKind::kUnpairedSurrogate:
    case AnomalyKind::kTrailingBytes:
    case AnomalyKind::kBadTrailer:
    case AnomalyKind::kNdr64BigEndian:
      return kAdvisory;
    default:
      return kViolation;
  }
}

}  // namespace sessenum::fuzz
