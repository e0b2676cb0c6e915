#include "abi/message_nodes.h"

#include <algorithm>

#include "abi/field_table.h"
#include "abi/rule_table.h"
#include "base/terminal.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

class MessageWalk {
 public:
  MessageWalk(const StubReport& report, FindingPlaces& findings, const NodeOptions& options, NodeList& out)
      : report_(report), findings_(findings), options_(options), out_(out) {}

  void Add(const SessionEnumRequest& request) {
    out_.Add(SESSENUM_REQUEST, Whole());
    const NodeList::Deeper parameters(out_);
    AddString(SESSENUM_SERVER_NAME, {"server_name"}, request.server_name);
    AddString(SESSENUM_CLIENT_NAME, {"client_name"}, request.client_name);
    AddString(SESSENUM_USER_NAME, {"user_name"}, request.user_name);
    AddInfo(request.info);
    AddNumber(SESSENUM_PREFERRED_MAXIMUM_LENGTH, {"preferred_maximum_length"}, request.preferred_maximum_length);
    AddUnique(SESSENUM_RESUME_HANDLE, {"resume_handle"}, request.resume_handle);
    AddEnd();
  }

  void Add(const SessionEnumResponse& response) {
    out_.Add(SESSENUM_RESPONSE, Whole());
    const NodeList::Deeper parameters(out_);
    AddInfo(response.info);
    AddNumber(SESSENUM_TOTAL_ENTRIES, {"total_entries"}, response.total_entries);
    AddUnique(SESSENUM_RESUME_HANDLE, {"resume_handle"}, response.resume_handle);
    AddStatus(response.status);
    AddEnd();
  }

 private:
  [[nodiscard]] Extent Whole() const { return {0, report_.size}; }
  [[nodiscard]] Extent Word(std::uint32_t at) const { return {at, report_.format.word()}; }

  void AddFindings(const std::vector<const Finding*>& findings) {
    for (const Finding* finding : findings) {
      sessenum_node& node = out_.Add(SESSENUM_RULE, finding->where, Printable(Message(*finding)));
      node.rule = RuleId(finding->rule);
      node.verdict = static_cast<std::uint32_t>(finding->verdict);
    }
  }
  void AddFindingsOf(const FieldRef& field) {
    const NodeList::Deeper under_field(out_);
    AddFindings(findings_.Take(field));
  }

  void AddValue(sessenum_field_id id, Extent where, std::uint64_t value) {
    out_.Add(id, where, std::to_string(value)).number = value;
  }

  void AddNumber(sessenum_field_id id, const FieldRef& field, const NdrU32& number) {
    if (!number.decoded()) return;
    AddValue(id, number.extent(), number.value);
    AddFindingsOf(field);
  }

  void AddStatus(const NdrU32& status) {
    if (!status.decoded()) return;
    out_.Add(SESSENUM_STATUS, status.extent(), NetApiStatusText(status.value)).number = status.value;
    AddFindingsOf({"status"});
  }

  void AddReferent(const NdrPointer& pointer) {
    if (options_.wire_form) AddValue(SESSENUM_REFERENT, pointer.extent(report_.format), pointer.referent);
  }

  void AddNull(sessenum_field_id id, const NdrPointer& pointer) {
    out_.Add(id, pointer.extent(report_.format)).flags = SESSENUM_NODE_NULL;
  }

  void AddUnique(sessenum_field_id id, const FieldRef& field, const NdrUniqueU32& number) {
    if (!number.decoded()) return;
    if (number.pointer.null()) {
      AddNull(id, number.pointer);
    } else {
      AddValue(id, number.value.extent(), number.value.value);
    }
    AddFindingsOf(field);
    const NodeList::Deeper under_field(out_);
    AddReferent(number.pointer);
  }

  void AddString(sessenum_field_id id, const FieldRef& field, const NdrString& string) {
    if (!string.decoded()) return;
    if (string.null()) {
      AddNull(id, string.pointer);
    } else {
      out_.Add(id, string.extent(), Printable(ToUtf8(string.text()))).number = string.actual_count;
    }
    AddFindingsOf(field);
    const NodeList::Deeper under_field(out_);
    AddReferent(string.pointer);
    if (options_.wire_form && !string.null()) AddCounts(string);
  }

  // The three stand before the units (C706 14.3.4.2).
  void AddCounts(const NdrString& string) {
    const std::uint32_t word = report_.format.word();
    AddValue(SESSENUM_MAX_COUNT, Word(string.units_at - 3 * word), string.max_count);
    AddValue(SESSENUM_OFFSET, Word(string.units_at - 2 * word), string.offset);
    AddValue(SESSENUM_ACTUAL_COUNT, Word(string.units_at - word), string.actual_count);
  }

  void AddInfo(const SessionEnumStruct& info) {
    AddNumber(SESSENUM_LEVEL, {"level"}, info.level);
    AddNumber(SESSENUM_DISCRIMINANT, {"discriminant"}, info.tag);
    if (info.container_pointer.decoded()) AddContainer(info);
  }

  void AddContainer(const SessionEnumStruct& info) {
    const std::size_t node = out_.size();
    if (info.container_pointer.null()) {
      AddNull(SESSENUM_CONTAINER, info.container_pointer);
    } else {
      out_.Add(SESSENUM_CONTAINER, info.container_pointer.extent(report_.format));
    }
    AddFindingsOf({"container"});
    const NodeList::Deeper under_container(out_);
    AddReferent(info.container_pointer);
    AddNumber(SESSENUM_ENTRIES_READ, {"container.entries_read"}, info.container.entries_read);
    if (info.container.buffer.decoded()) AddSessions(info);
    out_.CoverFollowing(node);
  }

  void AddSessions(const SessionEnumStruct& info) {
    const SessionContainer& container = info.container;
    const std::size_t node = out_.size();
    if (container.buffer.null()) {
      AddNull(SESSENUM_SESSIONS, container.buffer);
    } else {
      out_.Add(SESSENUM_SESSIONS, container.buffer.extent(report_.format)).number = container.sessions.size();
    }
    AddFindingsOf({"container.sessions"});
    const NodeList::Deeper under_sessions(out_);
    AddReferent(container.buffer);
    if (options_.wire_form && container.max_count.decoded()) {
      AddValue(SESSENUM_MAX_COUNT, Word(container.max_count.at), container.max_count.value);
    }
    const LevelSpec* level = FindLevel(info.tag.value);
    const std::size_t shown = std::min<std::size_t>(container.sessions.size(), options_.max_sessions);
    for (std::uint32_t i = 0; level != nullptr && i < shown; ++i) AddSession(*level, i, container.sessions[i]);
    out_.CoverFollowing(node);
  }

  // The session's place is that of its element; its strings stand behind the array.
  void AddSession(const LevelSpec& level, std::uint32_t index, const Session& session) {
    const std::uint32_t at = (session.*level.fields.front().string).pointer.at;
    if (at == kNowhere) return;
    const std::uint32_t size = std::min(level.ElementSize(report_.format), report_.size - at);
    out_.Add(SESSENUM_SESSION, {at, size}, std::to_string(index)).number = index;
    const NodeList::Deeper under_session(out_);
    for (const SessionField& field : level.fields) {
      const FieldRef ref{field.name, index};
      if (field.string != nullptr) {
        AddString(IdOf(field), ref, session.*field.string);
      } else {
        AddNumber(IdOf(field), ref, session.*field.number);
      }
    }
  }

  void AddEnd() {
    if (report_.consumed < report_.size) {
      const Extent rest{report_.consumed, report_.size - report_.consumed};
      out_.Add(report_.status.ok() ? SESSENUM_TRAILER : SESSENUM_UNDECODED, rest);
    }
    AddFindings(findings_.TakeRest());
  }

  const StubReport& report_;
  FindingPlaces& findings_;
  const NodeOptions& options_;
  NodeList& out_;
};

std::string LevelText(const SessionEnumStruct& info) {
  return "NetrSessionEnum" + (info.level.decoded() ? " level " + std::to_string(info.level.value) : std::string());
}

std::string StoppedText(const StubReport& report) {
  return report.status.code == Errc::kTruncated ? "cut short" : "not decoded to its end";
}

std::string SessionsText(const SessionEnumResponse& response) {
  const std::size_t sessions = response.info.container.sessions.size();
  std::string out = std::to_string(sessions) + (sessions == 1 ? " session" : " sessions");
  if (response.status.value != kNerrSuccess) {
    out += " of " + std::to_string(response.total_entries.value) + ", " + NetApiStatusText(response.status.value);
  }
  return out;
}

}  // namespace

void AppendNodes(const SessionEnumRequest& request, FindingPlaces& findings, const NodeOptions& options,
                 NodeList& out) {
  MessageWalk(request.report, findings, options, out).Add(request);
}

void AppendNodes(const SessionEnumResponse& response, FindingPlaces& findings, const NodeOptions& options,
                 NodeList& out) {
  MessageWalk(response.report, findings, options, out).Add(response);
}

std::string Summary(const SessionEnumRequest& request) {
  return LevelText(request.info) + (request.report.status.ok() ? "" : ", " + StoppedText(request.report));
}

std::string Summary(const SessionEnumResponse& response) {
  const std::string answer = LevelText(response.info) + " -> ";
  if (!response.report.status.ok()) return answer + StoppedText(response.report);
  const std::uint32_t status = response.status.value;
  const bool lists = status == kNerrSuccess || status == kErrorMoreData;
  return answer + (lists ? SessionsText(response) : NetApiStatusText(status));
}

}  // namespace sessenum
