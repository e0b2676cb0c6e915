#include "output/fields.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

#include "base/utf16.h"
#include "output/account.h"
#include "output/address.h"
#include "rpc/fault_status.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

constexpr std::array<std::string_view, 6> kTypeNames = {"string", "count", "time", "interval", "addr", "port"};
constexpr std::string_view kSessions = "response.container.sessions";
constexpr std::size_t kMostSuggestions = 3;

std::string_view Name(ByteOrder order) { return order == ByteOrder::kLittle ? "little" : "big"; }

FieldValue One(FieldText text) { return {false, {std::move(text)}}; }
FieldValue Null() { return One(std::nullopt); }
FieldValue Text(std::string_view text) { return One(std::string(text)); }
FieldValue Count(std::uint64_t number) { return One(std::to_string(number)); }
FieldValue Known(std::string_view name) { return name.empty() ? Null() : Text(name); }

FieldText TextOf(const NdrU32& number) {
  return number.decoded() ? FieldText(std::to_string(number.value)) : std::nullopt;
}
FieldText TextOf(const NdrUniqueU32& number) { return number.pointer.null() ? std::nullopt : TextOf(number.value); }
FieldText TextOf(const NdrString& string) {
  return string.decoded() && !string.null() ? FieldText(ToUtf8(string.text())) : std::nullopt;
}

// What `read` gives of the request, null where none was decoded.
template <typename Reader>
FieldValue OfRequest(const FieldRow& row, Reader&& read) {
  return row.call.request && row.call.request->decoded ? read(*row.call.request) : Null();
}
template <typename Reader>
FieldValue OfResponse(const FieldRow& row, Reader&& read) {
  return row.call.response && row.call.response->decoded ? read(*row.call.response) : Null();
}

FieldValue Frames(const std::vector<Frame>* frames) {
  FieldValue value{true, {}};
  if (frames == nullptr) return value;
  for (const Frame& frame : *frames) value.items.emplace_back(std::to_string(frame.number));
  return value;
}

template <typename Reader>
FieldValue OfFindings(const FieldRow& row, Reader&& read) {
  FieldValue value{true, {}};
  for (const Finding& finding : row.call.findings) value.items.push_back(read(finding));
  return value;
}

FieldText TextOf(const Session& session, const SessionField& field) {
  return field.string != nullptr ? TextOf(session.*field.string) : TextOf(session.*field.number);
}

FieldValue ReadSessions(const SessionField& field, const FieldRow& row) {
  if (row.session != nullptr) return One(TextOf(*row.session, field));
  if (!row.call.response || !row.call.response->decoded) return Null();
  const SessionEnumStruct& info = row.call.response->message.info;
  if (FindLevel(info.tag.value) == nullptr || !info.container.max_count.decoded()) return Null();
  FieldValue value{true, {}};
  for (const Session& session : info.container.sessions) value.items.push_back(TextOf(session, field));
  return value;
}

const std::vector<Frame>* AnswerFrames(const Call& call) {
  if (call.response) return &call.response->frames;
  return call.fault ? &call.fault->frames : nullptr;
}

std::vector<Field> FieldsOfCall() {
  using Row = FieldRow;
  using enum FieldType;
  return {
      {"capture", kText, false, "the file", [](const Row& row) { return Text(WellFormedUtf8(row.capture)); }},
      {"ts", kMoment, false, "the first packet, in seconds since 1970",
       [](const Row& row) { return Text(SecondsText(row.call.first_frame().time_ns)); }},
      {"rtt", kDuration, false, "seconds from question to answer",
       [](const Row& row) {
         const auto rtt = row.call.round_trip_ns();
         return rtt ? Text(SecondsText(*rtt)) : Null();
       }},
      {"community_id", kText, false, "the connection, as Zeek, Suricata and Arkime name it",
       [](const Row& row) { return Text(CommunityId(row.call.carrier->client, row.call.carrier->server)); }},
      {"id.orig_h", kAddress, false, "who asked",
       [](const Row& row) { return Text(ToText(row.call.carrier->client.address)); }},
      {"id.orig_p", kPort, false, "", [](const Row& row) { return Count(row.call.carrier->client.port); }},
      {"id.resp_h", kAddress, false, "the server",
       [](const Row& row) { return Text(ToText(row.call.carrier->server.address)); }},
      {"id.resp_p", kPort, false, "", [](const Row& row) { return Count(row.call.carrier->server.port); }},
      {"named_pipe", kText, false, "", [](const Row& row) { return One(row.call.carrier->named_pipe); }},
      {"endpoint", kText, false, "", [](const Row&) { return Text("srvsvc"); }},
      {"operation", kText, false, "",
       [](const Row& row) { return row.call.operation_seen ? Text("NetrSessionEnum") : Null(); }},
      {"opnum", kCount, false, "",
       [](const Row& row) { return row.call.operation_seen ? Count(kOpnumNetrSessionEnum) : Null(); }},
      {"transport", kText, false, "smb1, smb2 or tcp",
       [](const Row& row) { return Text(Name(row.call.carrier->transport)); }},
      {"encryption", kText, false, "none, smb3 or rpc", [](const Row& row) { return Text(Name(row.call.encryption)); }},
      {"user", kText, false, "the account that asked",
       [](const Row& row) { return One(AccountName(row.call.carrier->identity)); }},
      {"workstation", kText, false, "what the asker calls itself",
       [](const Row& row) { return One(row.call.carrier->identity.workstation); }},
      {"request_frames", kCount, true, "packets, counted from 1",
       [](const Row& row) { return Frames(row.call.request ? &row.call.request->frames : nullptr); }},
      {"response_frames", kCount, true, "", [](const Row& row) { return Frames(AnswerFrames(row.call)); }},
      {"call_id", kCount, false, "", [](const Row& row) { return Count(row.call.call_id); }},
      {"context_id", kCount, false, "", [](const Row& row) { return Count(row.call.context_id); }},
      {"transfer_syntax", kText, false, "ndr or ndr64",
       [](const Row& row) { return row.call.syntax ? Text(Name(*row.call.syntax)) : Null(); }},
      {"transfer_syntax_source", kText, false, "bind_ack or assumed",
       [](const Row& row) { return row.call.syntax ? Text(Name(row.call.syntax_source)) : Null(); }},
  };
}

std::vector<Field> FieldsOfRequest() {
  using Row = FieldRow;
  using Seen = SeenRequest;
  using enum FieldType;
  return {
      {"request.byte_order", kText, false, "little or big",
       [](const Row& row) { return OfRequest(row, [](const Seen& seen) { return Text(Name(seen.order)); }); }},
      {"request.fragments", kCount, false, "",
       [](const Row& row) { return OfRequest(row, [](const Seen& seen) { return Count(seen.fragments); }); }},
      {"request.stub_size", kCount, false, "bytes",
       [](const Row& row) { return OfRequest(row, [](const Seen& seen) { return Count(seen.stub.size()); }); }},
      {"request.server_name", kText, false, "",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.server_name)); });
       }},
      {"request.client_name", kText, false, "the computer that is asked for",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.client_name)); });
       }},
      {"request.user_name", kText, false, "the account that is asked for",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.user_name)); });
       }},
      {"request.level", kCount, false, "0, 1, 2, 10 or 502",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.info.level)); });
       }},
      {"request.container.entries_read", kCount, false, "",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.info.container.entries_read)); });
       }},
      {"request.preferred_maximum_length", kCount, false, "bytes",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.preferred_maximum_length)); });
       }},
      {"request.resume_handle", kCount, false, "",
       [](const Row& row) {
         return OfRequest(row, [](const Seen& seen) { return One(TextOf(seen.message.resume_handle)); });
       }},
  };
}

std::vector<Field> FieldsOfResponse() {
  using Row = FieldRow;
  using Seen = SeenResponse;
  using enum FieldType;
  return {
      {"response.byte_order", kText, false, "little or big",
       [](const Row& row) { return OfResponse(row, [](const Seen& seen) { return Text(Name(seen.order)); }); }},
      {"response.fragments", kCount, false, "",
       [](const Row& row) { return OfResponse(row, [](const Seen& seen) { return Count(seen.fragments); }); }},
      {"response.stub_size", kCount, false, "bytes",
       [](const Row& row) { return OfResponse(row, [](const Seen& seen) { return Count(seen.stub.size()); }); }},
      {"response.level", kCount, false, "",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) { return One(TextOf(seen.message.info.level)); });
       }},
      {"response.container.entries_read", kCount, false, "sessions in this answer",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) { return One(TextOf(seen.message.info.container.entries_read)); });
       }},
      {"response.total_entries", kCount, false, "",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) { return One(TextOf(seen.message.total_entries)); });
       }},
      {"response.resume_handle", kCount, false, "",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) { return One(TextOf(seen.message.resume_handle)); });
       }},
      {"response.status", kCount, false, "NET_API_STATUS",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) { return One(TextOf(seen.message.status)); });
       }},
      {"response.status_name", kText, false, "",
       [](const Row& row) {
         return OfResponse(row, [](const Seen& seen) {
           const NdrU32& status = seen.message.status;
           return status.decoded() ? Known(NetApiStatusName(status.value)) : Null();
         });
       }},
      {"fault.status", kCount, false, "",
       [](const Row& row) { return row.call.fault ? Count(row.call.fault->status) : Null(); }},
      {"fault.status_name", kText, false, "",
       [](const Row& row) { return row.call.fault ? Known(FaultStatusName(row.call.fault->status)) : Null(); }},
      {"undecoded", kText, false, "why a part is missing",
       [](const Row& row) { return row.call.undecoded ? Text(Name(*row.call.undecoded)) : Null(); }},
  };
}

std::vector<Field> FieldsOfFindings() {
  using Row = FieldRow;
  using enum FieldType;
  return {
      {"findings.rule", kText, true, "the rules that were broken",
       [](const Row& row) { return OfFindings(row, [](const Finding& found) { return std::string(found.rule); }); }},
      {"findings.verdict", kText, true, "",
       [](const Row& row) {
         return OfFindings(row, [](const Finding& found) { return std::string(Name(found.verdict)); });
       }},
      {"findings.party", kText, true, "client or server",
       [](const Row& row) { return OfFindings(row, [](const Finding& found) { return std::string(found.party()); }); }},
      {"findings.field", kText, true, "",
       [](const Row& row) { return OfFindings(row, [](const Finding& found) { return FieldPath(found); }); }},
      {"findings.frame", kCount, true, "",
       [](const Row& row) {
         return OfFindings(row, [](const Finding& found) {
           return found.frame == 0 ? std::nullopt : FieldText(std::to_string(found.frame));
         });
       }},
      {"findings.offset", kCount, true, "bytes from the start of the stub",
       [](const Row& row) {
         return OfFindings(row, [](const Finding& found) { return std::to_string(found.where.offset); });
       }},
      {"findings.length", kCount, true, "bytes",
       [](const Row& row) {
         return OfFindings(row, [](const Finding& found) { return std::to_string(found.where.length); });
       }},
      {"findings.message", kText, true, "",
       [](const Row& row) { return OfFindings(row, [](const Finding& found) { return Message(found); }); }},
  };
}

// The level with the most fields has them all.
std::vector<Field> FieldsOfSessions() {
  const LevelSpec& widest =
      *std::ranges::max_element(kLevels, {}, [](const LevelSpec& level) { return level.fields.size(); });
  std::vector<Field> fields;
  for (const SessionField& of_session : widest.fields) {
    Field& field = fields.emplace_back();
    field.name = std::string(kSessions).append(".").append(of_session.name);
    field.type = of_session.string != nullptr ? FieldType::kText : FieldType::kCount;
    field.is_list = true;
    field.what = of_session.meaning;
    field.of_session = &of_session;
  }
  return fields;
}

std::vector<Field> AllFields() {
  std::vector<Field> all = FieldsOfCall();
  const auto append = [&all](std::vector<Field> more) { std::ranges::move(more, std::back_inserter(all)); };
  append(FieldsOfRequest());
  append(FieldsOfResponse());
  append(FieldsOfFindings());
  // Where they stand in NDJSON: behind the count.
  const auto count = std::ranges::find(all, std::string_view("response.container.entries_read"), &Field::name);
  std::vector<Field> sessions = FieldsOfSessions();
  all.insert(std::next(count), std::make_move_iterator(sessions.begin()), std::make_move_iterator(sessions.end()));
  return all;
}

// How many letters have to be changed, put in or left out.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

// To the whole name or to any end of it.
std::size_t LeastDistance(std::string_view typed, std::string_view name) {
  std::size_t least = Distance(typed, name);
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    least = std::min(least, Distance(typed, name.substr(dot + 1)));
  }
  return least;
}

}  // namespace

std::string_view Name(FieldType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

const std::vector<Field>& Fields() {
  static const std::vector<Field> fields = AllFields();
  return fields;
}

FieldValue Read(const Field& field, const FieldRow& row) {
  return field.of_session != nullptr ? ReadSessions(*field.of_session, row) : field.read(row);
}

std::vector<const Field*> FindFields(std::string_view name) {
  std::vector<const Field*> under;
  const Field* ending = nullptr;
  const std::string tail = "." + std::string(name);
  const std::string inside = tail + ".";
  for (const Field& field : Fields()) {
    if (field.name == name) return {&field};
    if (ending == nullptr && field.name.ends_with(tail)) ending = &field;
    if (("." + field.name).find(inside) != std::string::npos) under.push_back(&field);
  }
  return ending != nullptr ? std::vector<const Field*>{ending} : under;
}

std::vector<std::string> NamesLike(std::string_view name) {
  std::vector<std::pair<std::size_t, std::string>> near;
  const std::size_t most = std::min<std::size_t>(name.size() / 2, 3);
  for (const Field& field : Fields()) {
    const std::size_t distance = LeastDistance(name, field.name);
    if (distance <= most) near.emplace_back(distance, field.name);
  }
  std::ranges::stable_sort(near, {}, [](const auto& candidate) { return candidate.first; });
  std::vector<std::string> names;
  for (const auto& candidate : near) {
    if (names.size() < kMostSuggestions) names.push_back(candidate.second);
  }
  return names;
}

}  // namespace sessenum
