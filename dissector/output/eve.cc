#include "output/eve.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/utf16.h"
#include "output/address.h"
#include "output/json_writer.h"
#include "output/ndjson.h"

namespace sessenum {
namespace {

constexpr std::int64_t kNanosecondsPerMicrosecond = 1'000;

// "2020-09-22T04:25:13.123456+0000"
std::string EveTime(std::int64_t time_ns) {
  // Rounded towards the past, as what is cut off a decimal fraction is.
  std::int64_t rest = time_ns % kNanosecondsPerMicrosecond;
  if (rest < 0) rest += kNanosecondsPerMicrosecond;
  std::string text = TimeText(time_ns - rest);
  text.pop_back();  // Z
  return text + "+0000";
}

std::string UuidText(const Uuid& uuid) {
  std::array<char, 40> text{};
  const auto& rest = uuid.rest;
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                static_cast<unsigned>(uuid.time_low), static_cast<unsigned>(uuid.time_mid),
                static_cast<unsigned>(uuid.time_hi_and_version), static_cast<unsigned>(rest[0]),
                static_cast<unsigned>(rest[1]), static_cast<unsigned>(rest[2]), static_cast<unsigned>(rest[3]),
                static_cast<unsigned>(rest[4]), static_cast<unsigned>(rest[5]), static_cast<unsigned>(rest[6]),
                static_cast<unsigned>(rest[7]));
  return text.data();
}

std::string_view ResponseName(const Call& call) {
  if (call.response) return "RESPONSE";
  return call.fault ? "FAULT" : "UNREPLIED";
}

template <typename Message>
void StubMembers(JsonWriter& json, const SeenStub<Message>& seen) {
  json.Member("frag_cnt", std::uint64_t{seen.fragments});
  json.Member("stub_data_size", std::uint64_t{seen.stub.size()});
}

void InterfacesMember(JsonWriter& json, const SyntaxId& bound) {
  json.Key("interfaces");
  json.BeginArray();
  json.BeginObject();
  json.Member("uuid", std::string_view(UuidText(bound.uuid)));
  const std::string version = std::to_string(bound.major) + "." + std::to_string(bound.minor);
  json.Member("version", std::string_view(version));
  json.EndObject();
  json.EndArray();
}

// Under smb the opnum stands beside "req", on plain TCP within it: so Suricata has it.
void WriteDcerpc(JsonWriter& json, const Call& call) {
  const bool is_smb = call.carrier->transport != Transport::kTcp;
  json.BeginObject();
  json.Member("request", std::string_view(call.request ? "REQUEST" : "REQUEST_LOST"));
  json.Member("response", ResponseName(call));
  if (call.operation_seen && is_smb) json.Member("opnum", std::uint64_t{kOpnumNetrSessionEnum});
  if (call.request) {
    json.Key("req");
    json.BeginObject();
    if (call.operation_seen && !is_smb) json.Member("opnum", std::uint64_t{kOpnumNetrSessionEnum});
    StubMembers(json, *call.request);
    json.EndObject();
  }
  if (call.interface) InterfacesMember(json, *call.interface);
  if (call.response) {
    json.Key("res");
    json.BeginObject();
    StubMembers(json, *call.response);
    json.EndObject();
  }
  json.Member("call_id", std::uint64_t{call.call_id});
  json.EndObject();
}

void TupleMembers(JsonWriter& json, const Carrier& carrier) {
  json.Member("src_ip", std::string_view(ToText(carrier.client.address)));
  json.Member("src_port", std::uint64_t{carrier.client.port});
  json.Member("dest_ip", std::string_view(ToText(carrier.server.address)));
  json.Member("dest_port", std::uint64_t{carrier.server.port});
  json.Member("proto", std::string_view("TCP"));
  json.Member("community_id", std::string_view(CommunityId(carrier.client, carrier.server)));
}

void SessionEnumMember(JsonWriter& json, const Call& call) {
  json.Key("session_enum");
  json.BeginObject();
  json.Key("rtt");
  if (const auto rtt = call.round_trip_ns()) {
    json.Number(SecondsText(*rtt));
  } else {
    json.Null();
  }
  WriteCallMembers(json, call);
  json.EndObject();
}

class EveWriter final : public CallWriter {
 public:
  void Add(const Call& call, std::string_view capture, std::string& out) override {
    const Carrier& carrier = *call.carrier;
    last_ns_ = call.first_frame().time_ns;
    const bool is_smb = carrier.transport != Transport::kTcp;
    JsonWriter json(out);
    json.BeginObject();
    json.Member("timestamp", std::string_view(EveTime(last_ns_)));
    json.Member("flow_id", FlowId(carrier.client, carrier.server));
    json.Member("pcap_cnt", call.first_frame().number);
    json.Member("event_type", std::string_view(is_smb ? "smb" : "dcerpc"));
    TupleMembers(json, carrier);
    json.Member("pcap_filename", std::string_view(WellFormedUtf8(capture)));
    if (is_smb) {
      json.Key("smb");
      json.BeginObject();
    }
    json.Key("dcerpc");
    WriteDcerpc(json, call);
    if (is_smb) json.EndObject();
    SessionEnumMember(json, call);
    json.EndObject();
    out += '\n';
  }

  void End(const Summary& summary, std::string& out) override {
    JsonWriter json(out);
    json.BeginObject();
    json.Member("timestamp", std::string_view(EveTime(last_ns_)));
    json.Member("event_type", std::string_view("stats"));
    json.Key("stats");
    json.BeginObject();
    json.Key("session_enum");
    json.BeginObject();
    WriteSummaryMembers(json, summary);
    json.EndObject();
    json.EndObject();
    json.EndObject();
    out += '\n';
  }

 private:
  std::int64_t last_ns_ = 0;
};

}  // namespace

std::unique_ptr<CallWriter> MakeEve(const WriterOptions& /*options*/) { return std::make_unique<EveWriter>(); }

}  // namespace sessenum
