#include "report/data_island.h"

#include "output/address.h"
#include "output/json_writer.h"

namespace sessenum {
namespace {

constexpr std::string_view kSchema = "sessenum-report/1";

void TimeMember(JsonWriter& json, std::string_view key, std::int64_t time_ns) {
  json.Key(key);
  json.Number(SecondsText(time_ns));
}

void NameMember(JsonWriter& json, std::string_view key, const ReportName& name) {
  if (name.state == ReportName::State::kText) json.Member(key, std::string_view(name.text));
  if (name.state == ReportName::State::kNull) json.NullMember(key);
}

void NumberMember(JsonWriter& json, std::string_view key, const std::optional<std::uint32_t>& number) {
  if (number) json.Member(key, std::uint64_t{*number});
}

void NamesMember(JsonWriter& json, std::string_view key, const NameSet& set) {
  json.Key(key);
  json.BeginArray();
  for (const std::string& name : set.names()) json.Value(std::string_view(name));
  json.EndArray();
}

void WordsMember(JsonWriter& json, std::string_view key, const std::vector<std::string_view>& words) {
  json.Key(key);
  json.BeginArray();
  for (const std::string_view word : words) json.Value(word);
  json.EndArray();
}

void WritePair(JsonWriter& json, const Report& report, const ReportPair& pair) {
  json.BeginObject();
  json.Member("asker", std::string_view(pair.asker));
  json.Member("server", std::string_view(pair.server));
  NamesMember(json, "users", pair.users);
  NamesMember(json, "workstations", pair.workstations);
  NamesMember(json, "tools", pair.tools);
  json.Key("marks");
  json.BeginArray();
  for (const PatternMark& mark : MarksOf(report, pair)) json.Value(mark.word);
  json.EndArray();
  json.Member("calls", pair.calls);
  json.Member("refused", pair.refused);
  json.Member("undecoded", pair.blind);
  json.Member("sessions", pair.sessions);
  TimeMember(json, "first", pair.seen.first_ns);
  TimeMember(json, "last", pair.seen.last_ns);
  json.EndObject();
}

void WriteCall(JsonWriter& json, const ReportCall& call) {
  json.BeginObject();
  json.Member("call", std::uint64_t{call.number});
  TimeMember(json, "ts", call.time_ns);
  json.Member("asker", std::string_view(call.asker));
  json.Member("server", std::string_view(call.server));
  json.Member("user", std::string_view(call.user));
  json.BoolMember("refused", call.refused());
  json.Member("sessions", std::uint64_t{call.sessions});
  if (!call.marks.empty()) WordsMember(json, "marks", call.marks);
  json.EndObject();
}

void WriteSession(JsonWriter& json, const ReportSession& session) {
  json.BeginObject();
  json.Member("call", std::uint64_t{session.call});
  TimeMember(json, "now", session.time_ns);
  NameMember(json, "cname", session.cname);
  NameMember(json, "username", session.username);
  NumberMember(json, "num_opens", session.num_opens);
  NumberMember(json, "time", session.time);
  NumberMember(json, "idle_time", session.idle_time);
  NumberMember(json, "user_flags", session.user_flags);
  NameMember(json, "cltype_name", session.cltype_name);
  NameMember(json, "transport", session.transport);
  json.EndObject();
}

void WriteReport(JsonWriter& json, const Report& report) {
  json.BeginObject();
  json.Member("schema", kSchema);
  json.Member("all_calls", report.all_calls);
  json.Member("all_sessions", report.all_sessions);
  json.Key("pairs");
  json.BeginArray();
  for (const auto& [key, pair] : report.pairs) WritePair(json, report, pair);
  json.EndArray();
  json.Key("calls");
  json.BeginArray();
  for (const ReportCall& call : report.calls) WriteCall(json, call);
  json.EndArray();
  json.Key("sessions");
  json.BeginArray();
  for (const ReportSession& session : report.sessions) WriteSession(json, session);
  json.EndArray();
  json.EndObject();
}

// The characters stand in strings alone: JSON's own syntax has none of them.
void AppendWithoutMarkup(std::string_view json, std::string& out) {
  for (const char c : json) {
    if (c == '<') {
      out.append("\\u003c");
    } else if (c == '>') {
      out.append("\\u003e");
    } else if (c == '&') {
      out.append("\\u0026");
    } else {
      out.push_back(c);
    }
  }
}

}  // namespace

void AppendData(const Report& report, std::string& out) {
  std::string text;
  JsonWriter json(text);
  WriteReport(json, report);
  AppendWithoutMarkup(text, out);
}

}  // namespace sessenum
