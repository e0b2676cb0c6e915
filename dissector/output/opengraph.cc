#include "output/opengraph.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf16.h"
#include "output/account.h"
#include "output/address.h"
#include "output/json_writer.h"

namespace sessenum {
namespace {

constexpr std::string_view kComputer = "Computer";
constexpr std::string_view kUser = "User";
constexpr std::string_view kHasSession = "HasSession";
constexpr std::string_view kAsked = "SessionsAsked";

std::string Capitals(std::string_view text) {
  std::string capitals(text);
  std::ranges::transform(capitals, capitals.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return capitals;
}

// "WS1" of "\\WS1", "FD77::2" of "\\[fd77::2]"
std::string ComputerName(std::string_view cname) {
  cname.remove_prefix(std::min(cname.find_first_not_of('\\'), cname.size()));
  if (cname.size() > 1 && cname.starts_with('[') && cname.ends_with(']')) cname = cname.substr(1, cname.size() - 2);
  return Capitals(cname);
}

struct Node {
  std::string_view kind;
  std::string name;

  [[nodiscard]] std::string id() const { return "SESSENUM-" + Capitals(kind) + "-" + name; }

  friend auto operator<=>(const Node&, const Node&) = default;
};

std::string TextOf(const NdrString& string) {
  return string.decoded() && !string.null() ? ToUtf8(string.text()) : std::string();
}

void EndMember(JsonWriter& json, std::string_view key, const Node& node) {
  json.Key(key);
  json.BeginObject();
  json.Member("match_by", std::string_view("id"));
  json.Member("value", std::string_view(node.id()));
  json.Member("kind", node.kind);
  json.EndObject();
}

template <typename Properties>
void WriteEdge(std::string_view kind, const Node& start, const Node& end, std::string& out, Properties&& properties) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("kind", kind);
  EndMember(json, "start", start);
  EndMember(json, "end", end);
  json.Key("properties");
  json.BeginObject();
  properties(json);
  json.EndObject();
  json.EndObject();
}

void WriteNode(const Node& node, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("id", std::string_view(node.id()));
  json.Key("kinds");
  json.BeginArray();
  json.Value(node.kind);
  json.EndArray();
  json.Key("properties");
  json.BeginObject();
  json.Member("name", std::string_view(node.name));
  json.EndObject();
  json.EndObject();
}

void NumberMember(JsonWriter& json, std::string_view key, const NdrU32& number) {
  if (number.decoded()) json.Member(key, std::uint64_t{number.value});
}

void WhereMembers(JsonWriter& json, const Call& call, const Frame& frame, std::string_view capture) {
  json.Key("ts");
  json.Number(SecondsText(frame.time_ns));
  json.Member("capture", std::string_view(WellFormedUtf8(capture)));
  json.Member("frame", frame.number);
  json.Member("server", std::string_view(ToText(call.carrier->server.address)));
  json.Member("asker", std::string_view(ToText(call.carrier->client.address)));
}

class OpenGraphWriter final : public CallWriter {
 public:
  explicit OpenGraphWriter(const WriterOptions& options) : most_nodes_(options.most_parts) {}

  void Begin(std::string& out) override {
    // BloodHound stops to look for metadata at the graph.
    out += R"({"metadata":{"source_kind":"SessEnum"},"graph":{"edges":[)";
  }

  void Add(const Call& call, std::string_view capture, std::string& out) override {
    AddAsked(call, capture, out);
    if (!call.response || !call.response->decoded) return;
    for (const Session& session : call.response->message.info.container.sessions) {
      AddSession(call, session, capture, out);
    }
  }

  void End(const Summary& /*summary*/, std::string& out) override {
    out += "\n],\"nodes\":[";
    bool is_first = true;
    for (const Node& node : nodes_) {
      out += std::exchange(is_first, false) ? "\n" : ",\n";
      WriteNode(node, out);
    }
    out += "\n]}}\n";
  }

  [[nodiscard]] std::string Omitted() const override {
    if (omitted_ == 0) return {};
    return std::to_string(omitted_) + " edges are left out: they lead to more than " + std::to_string(most_nodes_) +
           " nodes";
  }

 private:
  [[nodiscard]] bool Know(const Node& node) {
    if (nodes_.size() >= most_nodes_ && !nodes_.contains(node)) return false;
    nodes_.insert(node);
    return true;
  }

  template <typename Properties>
  void AddEdge(std::string_view kind, const Node& start, const Node& end, std::string& out, Properties&& properties) {
    if (!Know(start) || !Know(end)) {
      ++omitted_;
      return;
    }
    out += std::exchange(is_first_, false) ? "\n" : ",\n";
    WriteEdge(kind, start, end, out, properties);
  }

  void AddAsked(const Call& call, std::string_view capture, std::string& out) {
    const Carrier& carrier = *call.carrier;
    const Node asker{kComputer, Capitals(ToText(carrier.client.address))};
    const Node server{kComputer, Capitals(ToText(carrier.server.address))};
    AddEdge(kAsked, asker, server, out, [&](JsonWriter& json) {
      WhereMembers(json, call, call.first_frame(), capture);
      if (const auto user = AccountName(carrier.identity)) json.Member("user", std::string_view(*user));
      if (carrier.identity.workstation) json.Member("workstation", std::string_view(*carrier.identity.workstation));
      if (call.request && call.request->decoded) NumberMember(json, "level", call.request->message.info.level);
      if (call.response && call.response->decoded) AnswerMembers(json, call.response->message);
    });
  }

  static void AnswerMembers(JsonWriter& json, const SessionEnumResponse& response) {
    NumberMember(json, "status", response.status);
    json.Member("sessions", std::uint64_t{response.info.container.sessions.size()});
  }

  // Without a computer or a user there is no end for an edge; the call's own edge counts such a session.
  void AddSession(const Call& call, const Session& session, std::string_view capture, std::string& out) {
    const Node computer{kComputer, ComputerName(TextOf(session.cname))};
    const Node user{kUser, Capitals(TextOf(session.username))};
    if (computer.name.empty() || user.name.empty()) return;
    AddEdge(kHasSession, computer, user, out, [&](JsonWriter& json) {
      WhereMembers(json, call, call.response->frames.empty() ? Frame{} : call.response->frames.front(), capture);
      NumberMember(json, "time", session.time);
      NumberMember(json, "idle_time", session.idle_time);
    });
  }

  std::size_t most_nodes_;
  std::set<Node> nodes_;
  bool is_first_ = true;
  std::uint64_t omitted_ = 0;
};

}  // namespace

std::unique_ptr<CallWriter> MakeOpenGraph(const WriterOptions& options) {
  return std::make_unique<OpenGraphWriter>(options);
}

}  // namespace sessenum
