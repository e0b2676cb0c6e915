#include "output/ndjson.h"

#include <vector>

#include "output/account.h"
#include "output/address.h"
#include "output/json_writer.h"
#include "rpc/fault_status.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

constexpr std::string_view kSchema = "sessenum/1";
constexpr std::string_view kOperation = "NetrSessionEnum";

std::string_view Name(ByteOrder order) { return order == ByteOrder::kLittle ? "little" : "big"; }

// A number that was reached, else null.
void NumberMember(JsonWriter& json, std::string_view key, const NdrU32& number) {
  if (number.decoded()) {
    json.Member(key, std::uint64_t{number.value});
  } else {
    json.NullMember(key);
  }
}

void UniqueMember(JsonWriter& json, std::string_view key, const NdrUniqueU32& number) {
  if (number.pointer.null()) {
    json.NullMember(key);
  } else {
    NumberMember(json, key, number.value);
  }
}

void StringMember(JsonWriter& json, std::string_view key, const NdrString& string) {
  if (string.decoded() && !string.null()) {
    json.Member(key, string.text());
  } else {
    json.NullMember(key);
  }
}

// The fields of the session's level; one that was not reached is left out, since null is a NULL pointer.
void WriteSession(JsonWriter& json, const LevelSpec& level, const Session& session) {
  json.BeginObject();
  for (const SessionField& field : level.fields) {
    if (field.string != nullptr) {
      if ((session.*field.string).decoded()) StringMember(json, field.name, session.*field.string);
    } else if ((session.*field.number).decoded()) {
      NumberMember(json, field.name, session.*field.number);
    }
  }
  json.EndObject();
}

void WriteSessions(JsonWriter& json, const SessionEnumStruct& info) {
  const LevelSpec* level = FindLevel(info.tag.value);
  if (level == nullptr || !info.container.max_count.decoded()) {
    json.Null();
    return;
  }
  json.BeginArray();
  for (const Session& session : info.container.sessions) WriteSession(json, *level, session);
  json.EndArray();
}

void ContainerMember(JsonWriter& json, const SessionEnumStruct& info) {
  json.Key("container");
  if (!info.container.entries_read.decoded()) {
    json.Null();
    return;
  }
  json.BeginObject();
  NumberMember(json, "entries_read", info.container.entries_read);
  json.Key("sessions");
  WriteSessions(json, info);
  json.EndObject();
}

template <typename Message>
void BeginMessage(JsonWriter& json, const SeenStub<Message>& seen) {
  json.BeginObject();
  json.NameMember("byte_order", Name(seen.order));
  json.Member("fragments", std::uint64_t{seen.fragments});
  json.Member("stub_size", std::uint64_t{seen.stub.size()});
}

void WriteMessage(JsonWriter& json, const SeenRequest& seen) {
  const SessionEnumRequest& request = seen.message;
  BeginMessage(json, seen);
  StringMember(json, "server_name", request.server_name);
  StringMember(json, "client_name", request.client_name);
  StringMember(json, "user_name", request.user_name);
  NumberMember(json, "level", request.info.level);
  ContainerMember(json, request.info);
  NumberMember(json, "preferred_maximum_length", request.preferred_maximum_length);
  UniqueMember(json, "resume_handle", request.resume_handle);
  json.EndObject();
}

void StatusMembers(JsonWriter& json, const NdrU32& status) {
  NumberMember(json, "status", status);
  const std::string_view name = status.decoded() ? NetApiStatusName(status.value) : std::string_view();
  json.OptionalMember("status_name", name.empty() ? std::nullopt : std::optional(name));
}

void WriteMessage(JsonWriter& json, const SeenResponse& seen) {
  const SessionEnumResponse& response = seen.message;
  BeginMessage(json, seen);
  NumberMember(json, "level", response.info.level);
  ContainerMember(json, response.info);
  NumberMember(json, "total_entries", response.total_entries);
  UniqueMember(json, "resume_handle", response.resume_handle);
  StatusMembers(json, response.status);
  json.EndObject();
}

template <typename Message>
void MessageMember(JsonWriter& json, std::string_view key, const std::optional<SeenStub<Message>>& seen) {
  json.Key(key);
  if (seen && seen->decoded) {
    WriteMessage(json, *seen);
  } else {
    json.Null();
  }
}

void FramesMember(JsonWriter& json, std::string_view key, const std::vector<Frame>* frames) {
  json.Key(key);
  json.BeginArray();
  if (frames != nullptr) {
    for (const Frame& frame : *frames) json.Value(frame.number);
  }
  json.EndArray();
}

const std::vector<Frame>* RequestFrames(const Call& call) { return call.request ? &call.request->frames : nullptr; }

const std::vector<Frame>* AnswerFrames(const Call& call) {
  if (call.response) return &call.response->frames;
  return call.fault ? &call.fault->frames : nullptr;
}

void FaultMember(JsonWriter& json, const std::optional<SeenFault>& fault) {
  json.Key("fault");
  if (!fault) {
    json.Null();
    return;
  }
  const std::string_view name = FaultStatusName(fault->status);
  json.BeginObject();
  json.Member("status", std::uint64_t{fault->status});
  json.OptionalMember("status_name", name.empty() ? std::nullopt : std::optional(name));
  json.EndObject();
}

void WriteFinding(JsonWriter& json, const Finding& finding) {
  json.BeginObject();
  json.NameMember("rule", finding.rule);
  json.NameMember("verdict", Name(finding.verdict));
  json.NameMember("party", finding.party());
  json.NameMember("field", FieldPath(finding));
  json.OptionalMember("frame", finding.frame == 0 ? std::nullopt : std::optional(finding.frame));
  json.Member("offset", std::uint64_t{finding.where.offset});
  json.Member("length", std::uint64_t{finding.where.length});
  json.Member("message", std::string_view(Message(finding)));
  json.EndObject();
}

void FindingsMember(JsonWriter& json, const std::vector<Finding>& findings) {
  json.Key("findings");
  json.BeginArray();
  for (const Finding& finding : findings) WriteFinding(json, finding);
  json.EndArray();
}

void EndpointMembers(JsonWriter& json, const Carrier& carrier) {
  json.NameMember("community_id", CommunityId(carrier.client, carrier.server));
  json.NameMember("id.orig_h", ToText(carrier.client.address));
  json.Member("id.orig_p", std::uint64_t{carrier.client.port});
  json.NameMember("id.resp_h", ToText(carrier.server.address));
  json.Member("id.resp_p", std::uint64_t{carrier.server.port});
}

void CarrierMembers(JsonWriter& json, const Call& call) {
  const Carrier& carrier = *call.carrier;
  json.OptionalMember("named_pipe", carrier.named_pipe);
  json.NameMember("endpoint", "srvsvc");
  json.OptionalMember("operation", call.operation_seen ? std::optional(kOperation) : std::nullopt);
  json.OptionalMember("opnum",
                      call.operation_seen ? std::optional<std::uint64_t>(kOpnumNetrSessionEnum) : std::nullopt);
  json.NameMember("transport", Name(carrier.transport));
  json.NameMember("encryption", Name(call.encryption));
  json.OptionalMember("user", AccountName(carrier.identity));
  json.OptionalMember("workstation", carrier.identity.workstation);
}

void TimeMembers(JsonWriter& json, const Call& call) {
  json.Key("ts");
  json.Number(SecondsText(call.first_frame().time_ns));
  json.Key("rtt");
  if (const auto rtt = call.round_trip_ns()) {
    json.Number(SecondsText(*rtt));
  } else {
    json.Null();
  }
}

void RpcMembers(JsonWriter& json, const Call& call) {
  FramesMember(json, "request_frames", RequestFrames(call));
  FramesMember(json, "response_frames", AnswerFrames(call));
  json.Member("call_id", std::uint64_t{call.call_id});
  json.Member("context_id", std::uint64_t{call.context_id});
  json.OptionalMember("transfer_syntax", call.syntax ? std::optional(Name(*call.syntax)) : std::nullopt);
  json.OptionalMember("transfer_syntax_source", call.syntax ? std::optional(Name(call.syntax_source)) : std::nullopt);
}

template <std::size_t N>
void CountsMember(JsonWriter& json, std::string_view key, const std::array<std::string_view, N>& names,
                  const std::array<std::uint64_t, N>& counts, bool zeros) {
  json.Key(key);
  json.BeginObject();
  for (std::size_t i = 0; i < N; ++i) {
    if (zeros || counts[i] != 0) json.Member(names[i], counts[i]);
  }
  json.EndObject();
}

template <typename Message>
void AppendMessageLine(const SeenStub<Message>& seen, std::string_view type, const std::vector<Finding>& findings,
                       std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.NameMember("schema", kSchema);
  json.NameMember("type", type);
  json.Key(type);
  WriteMessage(json, seen);
  FindingsMember(json, findings);
  json.EndObject();
  out.push_back('\n');
}

}  // namespace

void WriteCallMembers(JsonWriter& json, const Call& call) {
  CarrierMembers(json, call);
  RpcMembers(json, call);
  MessageMember(json, "request", call.request);
  MessageMember(json, "response", call.response);
  FaultMember(json, call.fault);
  json.OptionalMember("undecoded", call.undecoded ? std::optional(Name(*call.undecoded)) : std::nullopt);
  FindingsMember(json, call.findings);
}

void WriteSummaryMembers(JsonWriter& json, const Summary& summary) {
  json.Member("captures", summary.captures);
  json.Member("packets", summary.packets);
  json.Member("bytes", summary.bytes);
  json.Member("flows", summary.flows);
  json.Member("calls", summary.calls);
  CountsMember(json, "undecoded", kUndecodedNames, summary.undecoded, true);
  CountsMember(json, "rules", kVerdictNames, summary.verdicts, true);
  CountsMember(json, "limits_hit", kCapNames, summary.limits_hit, false);
}

void AppendNdjson(const Call& call, std::string_view capture, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.NameMember("schema", kSchema);
  json.NameMember("type", "call");
  json.Member("capture", std::string_view(WellFormedUtf8(capture)));
  TimeMembers(json, call);
  EndpointMembers(json, *call.carrier);
  WriteCallMembers(json, call);
  json.EndObject();
  out.push_back('\n');
}

void AppendNdjson(const Summary& summary, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.NameMember("schema", kSchema);
  json.NameMember("type", "summary");
  WriteSummaryMembers(json, summary);
  json.EndObject();
  out.push_back('\n');
}

void AppendNdjson(const SeenRequest& request, const std::vector<Finding>& findings, std::string& out) {
  AppendMessageLine(request, "request", findings, out);
}
void AppendNdjson(const SeenResponse& response, const std::vector<Finding>& findings, std::string& out) {
  AppendMessageLine(response, "response", findings, out);
}

}  // namespace sessenum
