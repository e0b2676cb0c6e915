#include "output/ndjson.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sample_call_testing.h"

namespace sessenum {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::vector<std::string>;

// The one line that was written, without its end.
std::string Line(std::string out) {
  EXPECT_FALSE(out.empty());
  EXPECT_EQ(out.find('\n'), out.size() - 1);
  out.pop_back();
  return out;
}

std::string LineOf(const Call& call, std::string_view capture = "a.pcapng") {
  std::string out;
  AppendNdjson(call, capture, out);
  return Line(out);
}

Json JsonOf(const Call& call, std::string_view capture = "a.pcapng") { return Json::parse(LineOf(call, capture)); }

Keys KeysOf(const Json& object) {
  Keys keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

TEST(NdjsonCallTest, TheWholeLine) {
  SampleCall sample;
  EXPECT_EQ(
      LineOf(sample.Get()),
      R"({"schema":"sessenum/1","type":"call","capture":"a.pcapng","ts":1600748713.123456,"rtt":0.000678,)"
      R"("community_id":"1:uRtm9mV0lSyXXFGjrhLmlDmrd6A=","id.orig_h":"10.0.0.5","id.orig_p":50512,)"
      R"("id.resp_h":"10.0.0.10","id.resp_p":445,"named_pipe":"srvsvc","endpoint":"srvsvc",)"
      R"("operation":"NetrSessionEnum","opnum":12,"transport":"smb2","encryption":"none","user":"CORP\\alice",)"
      R"("workstation":"WS1","request_frames":[18],"response_frames":[19],"call_id":2,"context_id":1,)"
      R"("transfer_syntax":"ndr64","transfer_syntax_source":"bind_ack",)"
      R"("request":{"byte_order":"little","fragments":1,"stub_size":156,"server_name":"\\\\SRV","client_name":null,)"
      R"("user_name":"","level":10,"container":{"entries_read":0,"sessions":null},)"
      R"("preferred_maximum_length":4294967295,"resume_handle":0},)"
      R"("response":{"byte_order":"little","fragments":1,"stub_size":176,"level":10,)"
      R"("container":{"entries_read":1,)"
      R"("sessions":[{"cname":"\\\\10.0.0.7","username":"bob","time":42,"idle_time":3}]},)"
      R"("total_entries":1,"resume_handle":18,"status":0,"status_name":"NERR_Success"},)"
      R"("fault":null,"undecoded":null,"findings":[]})");
}

TEST(NdjsonCallTest, TheKeysAreThereInTheSameOrderWhateverIsKnown) {
  SampleCall full;
  Call nothing;
  nothing.carrier = std::make_shared<const Carrier>();
  const Json json = JsonOf(nothing);
  EXPECT_EQ(KeysOf(json), KeysOf(JsonOf(full.Get())));
  for (const char* key : {"rtt", "named_pipe", "user", "workstation", "transfer_syntax", "transfer_syntax_source",
                          "request", "response", "fault", "undecoded"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
  EXPECT_EQ(json["request_frames"], Json::array());
  EXPECT_EQ(json["response_frames"], Json::array());
  EXPECT_EQ(json["findings"], Json::array());
  EXPECT_EQ(json["transport"], "tcp");
}

TEST(NdjsonCallTest, NullAndEmptyAreToldApart) {
  SampleCall sample;
  SessionEnumRequest request = sample.Question();
  request.server_name = sample.build.String(std::nullopt);
  request.client_name = sample.build.String("");
  request.resume_handle = MessageBuilder::Unique(std::nullopt);
  request.info.container_pointer = {};
  sample.SetRequest(request);
  SessionEnumResponse response = sample.Answer();
  Session& session = response.info.container.sessions.front();
  session.cname = sample.build.String("");
  session.username = sample.build.String(std::nullopt);
  sample.SetResponse(response);
  const Json json = JsonOf(sample.Get());
  EXPECT_TRUE(json["request"]["server_name"].is_null());
  EXPECT_EQ(json["request"]["client_name"], "");
  EXPECT_TRUE(json["request"]["resume_handle"].is_null());
  EXPECT_TRUE(json["request"]["container"].is_null());
  EXPECT_EQ(json["response"]["container"]["sessions"][0].dump(),
            R"({"cname":"","username":null,"time":42,"idle_time":3})");
}

TEST(NdjsonCallTest, AnEmptyArrayIsNotANullBuffer) {
  SampleCall sample;
  SessionEnumResponse response = sample.Answer();
  MessageBuilder::SetSessions({}, response);
  sample.SetResponse(response);
  EXPECT_EQ(JsonOf(sample.Get())["response"]["container"].dump(), R"({"entries_read":0,"sessions":[]})");
  response.info.container.buffer = {};
  sample.SetResponse(response);
  EXPECT_EQ(JsonOf(sample.Get())["response"]["container"].dump(), R"({"entries_read":0,"sessions":null})");
}

TEST(NdjsonCallTest, ASessionHasJustTheFieldsOfItsLevelInTheirOrder) {
  for (const LevelSpec& level : kLevels) {
    SampleCall sample;
    sample.SetResponse(sample.build.Response(level.level, 2));
    Keys expected;
    for (const SessionField& field : level.fields) expected.emplace_back(field.name);
    const Json json = JsonOf(sample.Get());
    ASSERT_EQ(json["response"]["container"]["sessions"].size(), 2U);
    for (const Json& session : json["response"]["container"]["sessions"]) EXPECT_EQ(KeysOf(session), expected);
  }
}

TEST(NdjsonCallTest, AHalfDecodedStubKeepsWhatWasReachedAndLeavesOutTheRest) {
  SampleCall sample;
  const std::vector<std::uint8_t> whole = EncodeMessage(sample.Answer(), {TransferSyntax::kNdr64, ByteOrder::kLittle});
  std::size_t least = whole.size();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    sample.SetResponseStub({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    const Json json = JsonOf(sample.Get())["response"];
    EXPECT_EQ(KeysOf(json), Keys({"byte_order", "fragments", "stub_size", "level", "container", "total_entries",
                                  "resume_handle", "status", "status_name"}));
    EXPECT_TRUE(json["status"].is_null()) << size;
    EXPECT_TRUE(json["status_name"].is_null()) << size;
    EXPECT_EQ(json["stub_size"], size);
    if (!json["container"].is_object() || !json["container"]["sessions"].is_array()) continue;
    for (const Json& session : json["container"]["sessions"]) {
      EXPECT_FALSE(session.contains("username") && session["username"].is_null()) << "null is a NULL pointer: " << size;
      if (session.contains("cname") && !session.contains("username")) least = std::min(least, size);
    }
  }
  EXPECT_LT(least, whole.size()) << "some cut stands between the two names";
}

TEST(NdjsonCallTest, AFault) {
  SampleCall sample;
  sample.call.response.reset();
  sample.call.fault = SeenFault{0x1C010002, {{20, 1'600'748'713'124'456'000}}};
  Json json = JsonOf(sample.Get());
  EXPECT_TRUE(json["response"].is_null());
  EXPECT_EQ(json["response_frames"], Json::array({20}));
  EXPECT_EQ(json["fault"].dump(), R"({"status":469827586,"status_name":"nca_s_op_rng_error"})");
  EXPECT_EQ(json["rtt"], 0.001);
  sample.call.fault->status = 0xDEADBEEF;
  json = JsonOf(sample.Get());
  EXPECT_EQ(json["fault"].dump(), R"({"status":3735928559,"status_name":null})");
}

TEST(NdjsonCallTest, WhatWasNotDecodedIsNullAndSaysWhy) {
  for (std::size_t i = 0; i < kUndecodedNames.size(); ++i) {
    SampleCall sample;
    sample.call.request->decoded = false;
    sample.call.undecoded = static_cast<Undecoded>(i);
    const Json json = JsonOf(sample.Get());
    EXPECT_TRUE(json["request"].is_null());
    EXPECT_EQ(json["request_frames"], Json::array({18})) << "it was seen all the same";
    EXPECT_EQ(json["undecoded"], kUndecodedNames[i]);
  }
}

TEST(NdjsonCallTest, NamesOfTransportEncryptionAndSyntax) {
  SampleCall sample;
  for (std::size_t i = 0; i < kTransportNames.size(); ++i) {
    sample.carrier.transport = static_cast<Transport>(i);
    EXPECT_EQ(JsonOf(sample.Get())["transport"], kTransportNames[i]);
  }
  for (std::size_t i = 0; i < kEncryptionNames.size(); ++i) {
    sample.call.encryption = static_cast<Encryption>(i);
    EXPECT_EQ(JsonOf(sample.Get())["encryption"], kEncryptionNames[i]);
  }
  sample.call.syntax_source = SyntaxSource::kAssumed;
  EXPECT_EQ(JsonOf(sample.Get())["transfer_syntax_source"], "assumed");
}

TEST(NdjsonCallTest, TheUserIsAnAccountName) {
  SampleCall sample;
  sample.carrier.identity.domain = "";
  EXPECT_EQ(JsonOf(sample.Get())["user"], "alice");
  sample.carrier.identity.domain.reset();
  EXPECT_EQ(JsonOf(sample.Get())["user"], "alice");
  sample.carrier.identity.anonymous = true;
  EXPECT_EQ(JsonOf(sample.Get())["user"], "ANONYMOUS LOGON");
}

TEST(NdjsonCallTest, NumbersKeepAllTheirDigits) {
  SampleCall sample;
  SessionEnumResponse response = sample.Answer();
  response.total_entries.value = UINT32_MAX;
  response.resume_handle = MessageBuilder::Unique(UINT32_MAX);
  response.status.value = UINT32_MAX;
  response.info.container.sessions.front().time.value = UINT32_MAX;
  sample.SetResponse(response);
  sample.call.request->frames = {{UINT64_MAX, INT64_MAX}};
  sample.call.response->frames = {{UINT64_MAX, 0}};
  const Json json = JsonOf(sample.Get());
  EXPECT_EQ(json["response"]["total_entries"], UINT32_MAX);
  EXPECT_EQ(json["response"]["resume_handle"], UINT32_MAX);
  EXPECT_EQ(json["response"]["container"]["sessions"][0]["time"], UINT32_MAX);
  EXPECT_TRUE(json["response"]["status_name"].is_null());
  EXPECT_EQ(json["request_frames"][0], UINT64_MAX);
  EXPECT_NE(LineOf(sample.Get()).find(R"("ts":9223372036.854775807,"rtt":-9223372036.854775807,)"), std::string::npos);
}

TEST(NdjsonCallTest, AFinding) {
  SampleCall sample;
  sample.call.findings.push_back(SampleFinding());
  EXPECT_EQ(JsonOf(sample.Get())["findings"].dump(),
            R"([{"rule":"G5-count-mismatch","verdict":"violation","party":"server",)"
            R"("field":"response.container.sessions[3].cname","frame":19,"offset":188,"length":4,)"
            R"("message":"the array holds 7 entries and EntriesRead says 2; they must be equal"}])");
}

TEST(NdjsonCallTest, AFindingOfAMessageThatWasNotSeenHasNoPacket) {
  SampleCall sample;
  sample.call.findings.push_back(SampleFinding());
  sample.call.findings.front().frame = 0;
  EXPECT_TRUE(JsonOf(sample.Get())["findings"][0]["frame"].is_null());
}

bool HasControlByte(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

TEST(NdjsonHostileTest, NamesFromTheWireAreEscapedAndComeBackAsTheyWere) {
  using namespace std::string_literals;
  const std::string hostile =
      "\x1b]0;x\x07\"\\\r\n\t\0\x7F\xC2\x85\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8</script>\xF0\x9F\x98\x80"s;
  SampleCall sample;
  sample.carrier.named_pipe = hostile;
  sample.carrier.identity.user = hostile;
  sample.carrier.identity.domain = hostile;
  sample.carrier.identity.workstation = hostile;
  SessionEnumRequest request = sample.Question();
  request.user_name = sample.build.String(hostile);
  sample.SetRequest(request);
  SessionEnumResponse response = sample.Answer();
  response.info.container.sessions.front().cname = sample.build.String(hostile);
  sample.SetResponse(response);
  const std::string line = LineOf(sample.Get(), hostile);
  EXPECT_FALSE(HasControlByte(line)) << line;
  const Json json = Json::parse(line);
  EXPECT_EQ(json["capture"], hostile);
  EXPECT_EQ(json["named_pipe"], hostile);
  EXPECT_EQ(json["user"], hostile + "\\" + hostile);
  EXPECT_EQ(json["workstation"], hostile);
  EXPECT_EQ(json["request"]["user_name"], hostile);
  EXPECT_EQ(json["response"]["container"]["sessions"][0]["cname"], hostile);
}

TEST(NdjsonHostileTest, EveryCodePointOfANameComesBack) {
  for (std::uint32_t plane = 0; plane <= 0x10FF; ++plane) {
    std::string name;
    for (std::uint32_t low = 0; low < 0x100; ++low) {
      const std::uint32_t c = plane << 8U | low;
      if (c < 0xD800 || c > 0xDFFF) AppendCodePoint(c, name);
    }
    SampleCall sample;
    SessionEnumRequest request = sample.Question();
    request.client_name = sample.build.String(name);
    sample.SetRequest(request);
    const std::string line = LineOf(sample.Get());
    ASSERT_FALSE(HasControlByte(line)) << plane;
    ASSERT_EQ(Json::parse(line)["request"]["client_name"], name) << plane;
  }
}

TEST(NdjsonHostileTest, AnUnpairedSurrogateIsReplaced) {
  SampleCall sample;
  SessionEnumRequest request = sample.Question();
  request.client_name = sample.build.Units({'a', 0xD800, 'b', 0xDC00, 0xD83D, 0});
  sample.SetRequest(request);
  EXPECT_EQ(JsonOf(sample.Get())["request"]["client_name"],
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(NdjsonHostileTest, AFileNameMayBeAnyBytes) {
  SampleCall sample;
  EXPECT_EQ(JsonOf(sample.Get(), "\xFF\x80 a\xC3(.pcap")["capture"], "\xEF\xBF\xBD\xEF\xBF\xBD a\xEF\xBF\xBD(.pcap");
}

TEST(NdjsonHostileTest, AnUnlistedLevelHasNoSessions) {
  SampleCall sample;
  SessionEnumRequest request = sample.Question();
  request.info = MessageBuilder::Info(3);
  request.info.container_pointer = {};
  sample.SetRequest(request);
  const Json json = JsonOf(sample.Get());
  EXPECT_EQ(json["request"]["level"], 3);
  EXPECT_TRUE(json["request"]["container"].is_null());
}

TEST(NdjsonSummaryTest, TheWholeLine) {
  Summary summary;
  summary.captures = 1;
  summary.packets = 630;
  summary.bytes = 571'173;
  summary.flows = 14;
  summary.calls = 1;
  summary.undecoded[static_cast<std::size_t>(Undecoded::kGap)] = 2;
  summary.verdicts = {20, 1, 0, 1, 4, 18};
  std::string out;
  AppendNdjson(summary, out);
  EXPECT_EQ(Line(out),
            R"({"schema":"sessenum/1","type":"summary","captures":1,"packets":630,"bytes":571173,"flows":14,"calls":1,)"
            R"("undecoded":{"encrypted":0,"compressed":0,"truncated":0,"gap":2,"malformed":0,"no_bind":0},)"
            R"("rules":{"pass":20,"violation":1,"known":0,"advisory":1,"undecided":4,"not_applicable":18},)"
            R"("limits_hit":{}})");
}

TEST(NdjsonSummaryTest, OnlyLimitsThatWereHitAreNamed) {
  Summary summary;
  summary.limits_hit[static_cast<std::size_t>(Cap::kSessions)] = 3;
  summary.limits_hit[static_cast<std::size_t>(Cap::kFlows)] = UINT64_MAX;
  std::string out;
  AppendNdjson(summary, out);
  EXPECT_EQ(Json::parse(out)["limits_hit"].dump(), R"({"flows":18446744073709551615,"sessions":3})");
}

TEST(NdjsonMessageTest, AMessageAloneStandsUnderItsName) {
  SampleCall sample;
  const Json call = JsonOf(sample.Get());
  std::string out;
  AppendNdjson(*sample.call.request, {}, out);
  const Json request = Json::parse(Line(out));
  EXPECT_EQ(KeysOf(request), Keys({"schema", "type", "request", "findings"}));
  EXPECT_EQ(request["type"], "request");
  EXPECT_EQ(request["request"], call["request"]);
  out.clear();
  AppendNdjson(*sample.call.response, {}, out);
  const Json response = Json::parse(Line(out));
  EXPECT_EQ(KeysOf(response), Keys({"schema", "type", "response", "findings"}));
  EXPECT_EQ(response["response"], call["response"]);
}

TEST(NdjsonMessageTest, LinesAreAppended) {
  SampleCall sample;
  std::string out = "before\n";
  AppendNdjson(sample.Get(), "a", out);
  AppendNdjson(sample.Get(), "b", out);
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3);
  EXPECT_EQ(out.substr(0, 7), "before\n");
}

}  // namespace
}  // namespace sessenum
