// eve, sarif and opengraph.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "output/eve.h"
#include "output/formats.h"
#include "output/opengraph.h"
#include "output/sample_call_testing.h"
#include "output/sarif.h"

namespace sessenum {
namespace {

using Json = nlohmann::json;

Json GraphOf(const Call& call) {
  const std::unique_ptr<CallWriter> writer = MakeOpenGraph({});
  std::string out;
  writer->Begin(out);
  writer->Add(call, "a.pcap", out);
  writer->End({}, out);
  return Json::parse(out);
}

// With `call` written twice.
Json SarifOf(const Call& call, const WriterOptions& options = {}, std::string_view error = {}) {
  const std::unique_ptr<CallWriter> writer = MakeSarif(options);
  std::string out;
  writer->Begin(out);
  writer->Add(call, "a b.pcap", out);
  writer->Add(call, "a b.pcap", out);
  writer->EndCapture("a b.pcap", error);
  writer->End({}, out);
  return Json::parse(out).at("runs").at(0);
}

Json EventOf(const Call& call) {
  std::string out;
  MakeEve({})->Add(call, "a.pcap", out);
  EXPECT_EQ(out.back(), '\n');
  return Json::parse(out);
}

TEST(EveTest, SuricatasNames) {
  SampleCall sample;
  sample.call.interface = kSrvsvcInterface;
  const Json event = EventOf(sample.Get());
  EXPECT_EQ(event.at("timestamp"), "2020-09-22T04:25:13.123456+0000");
  EXPECT_EQ(event.at("event_type"), "smb");
  EXPECT_EQ(event.at("pcap_cnt"), 18);
  EXPECT_EQ(event.at("src_ip"), "10.0.0.5");
  EXPECT_EQ(event.at("dest_port"), 445);
  EXPECT_EQ(event.at("proto"), "TCP");
  EXPECT_EQ(event.at("pcap_filename"), "a.pcap");
  EXPECT_EQ(event.at("smb").at("dcerpc").at("interfaces"),
            Json::parse(R"([{"uuid":"4b324fc8-1670-01d3-1278-5a47bf6ee188","version":"3.0"}])"));
  EXPECT_EQ(event.at("smb").at("dcerpc").at("opnum"), 12);
  EXPECT_EQ(event.at("smb").at("dcerpc").at("response"), "RESPONSE");
  EXPECT_EQ(event.at("session_enum").at("response").at("status_name"), "NERR_Success");
  EXPECT_LT(event.at("flow_id").get<std::uint64_t>(), std::uint64_t{1} << 53U);
}

TEST(EveTest, OnPlainTcpAndHalfSeen) {
  SampleCall sample;
  sample.carrier.transport = Transport::kTcp;
  sample.call.response.reset();
  const Json event = EventOf(sample.Get());
  EXPECT_EQ(event.at("event_type"), "dcerpc");
  EXPECT_FALSE(event.contains("smb"));
  EXPECT_EQ(event.at("dcerpc").at("response"), "UNREPLIED");
  EXPECT_EQ(event.at("dcerpc").at("req").at("opnum"), 12);
  EXPECT_FALSE(event.at("dcerpc").contains("res"));
  EXPECT_TRUE(event.at("session_enum").at("response").is_null());
  sample.call.fault.emplace().frames = {{20, 1}};
  sample.call.request.reset();
  const Json fault = EventOf(sample.Get()).at("dcerpc");
  EXPECT_EQ(fault.at("request"), "REQUEST_LOST");
  EXPECT_EQ(fault.at("response"), "FAULT");
}

TEST(SarifTest, AResultPointsIntoItsStub) {
  SampleCall sample;
  sample.call.findings = {SampleFinding(), SampleFinding()};
  const Json run = SarifOf(sample.Get());
  ASSERT_EQ(run.at("results").size(), 4U);
  const Json& result = run.at("results").at(0);
  EXPECT_EQ(result.at("level"), "error");
  const Json& place = result.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("region"), Json::parse(R"({"byteOffset":188,"byteLength":4})"));
  const Json& artifacts = run.at("artifacts");
  ASSERT_EQ(artifacts.size(), 3U);  // the capture, and a stub for each of the two calls
  EXPECT_EQ(artifacts.at(0).at("location").at("uri"), "a%20b.pcap");
  const Json& stub = artifacts.at(place.at("artifactLocation").at("index").get<std::size_t>());
  EXPECT_EQ(stub.at("location").at("uri"), "/stub-1/frame-19/call-2/response");
  EXPECT_EQ(stub.at("parentIndex"), 0);
  EXPECT_EQ(stub.at("length"), sample.call.response->stub.size());
  EXPECT_EQ(result.at("locations").at(0).at("logicalLocations").at(0).at("fullyQualifiedName"),
            "response.container.sessions[3].cname");
  EXPECT_EQ(run.at("tool").at("driver").at("rules").at(result.at("ruleIndex").get<std::size_t>()).at("id"),
            "G5-count-mismatch");
}

TEST(SarifTest, DamageIsNoSuccess) {
  SampleCall sample;
  EXPECT_TRUE(SarifOf(sample.Get()).at("invocations").at(0).at("executionSuccessful").get<bool>());
  const Json invocation = SarifOf(sample.Get(), {}, "after packet 3: cut short").at("invocations").at(0);
  EXPECT_FALSE(invocation.at("executionSuccessful").get<bool>());
  const Json& notice = invocation.at("toolExecutionNotifications").at(0);
  EXPECT_EQ(notice.at("message").at("text"), "after packet 3: cut short");
  EXPECT_EQ(notice.at("level"), "error");
}

TEST(SarifTest, MoreStubsThanThereIsRoomFor) {
  SampleCall sample;
  sample.call.findings = {SampleFinding()};
  WriterOptions options;
  options.most_parts = 1;
  const Json run = SarifOf(sample.Get(), options);
  EXPECT_EQ(run.at("artifacts").size(), 2U);
  const Json& place = run.at("results").at(1).at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("index"), 0);
  EXPECT_FALSE(place.contains("region"));
  EXPECT_EQ(run.at("invocations").at(0).at("toolExecutionNotifications").at(0).at("message").at("text"),
            "1 results name their capture alone: there were more than 1 stubs");
}

TEST(OpenGraphTest, WhoAskedAndWhoIsWhere) {
  SampleCall sample;
  const Json graph = GraphOf(sample.Get()).at("graph");
  ASSERT_EQ(graph.at("edges").size(), 2U);
  const Json& asked = graph.at("edges").at(0);
  EXPECT_EQ(asked.at("kind"), "SessionsAsked");
  EXPECT_EQ(asked.at("start").at("value"), "SESSENUM-COMPUTER-10.0.0.5");
  EXPECT_EQ(asked.at("properties").at("user"), "CORP\\alice");
  const Json& session = graph.at("edges").at(1);
  EXPECT_EQ(session.at("kind"), "HasSession");
  EXPECT_EQ(session.at("start"),
            Json::parse(R"({"match_by":"id","value":"SESSENUM-COMPUTER-10.0.0.7","kind":"Computer"})"));
  EXPECT_EQ(session.at("end"), Json::parse(R"({"match_by":"id","value":"SESSENUM-USER-BOB","kind":"User"})"));
  EXPECT_EQ(session.at("properties").at("idle_time"), 3);
  EXPECT_EQ(session.at("properties").at("server"), "10.0.0.10");
  EXPECT_EQ(session.at("properties").at("frame"), 19);
  EXPECT_EQ(graph.at("nodes").size(), 4U);
}

TEST(OpenGraphTest, WhatHasNoNameIsNoEnd) {
  SampleCall sample;
  SessionEnumResponse answer = sample.Answer();
  answer.info.container.sessions[0].username = sample.build.String("");
  sample.SetResponse(answer);
  const Json graph = GraphOf(sample.Get()).at("graph");
  EXPECT_EQ(graph.at("edges").size(), 1U);
  EXPECT_EQ(graph.at("edges").at(0).at("properties").at("sessions"), 1);
}

TEST(OpenGraphTest, MoreNodesThanThereIsRoomFor) {
  SampleCall sample;
  WriterOptions options;
  options.most_parts = 3;
  const std::unique_ptr<CallWriter> writer = MakeOpenGraph(options);
  std::string out;
  writer->Begin(out);
  writer->Add(sample.Get(), "a.pcap", out);
  writer->End({}, out);
  const Json graph = Json::parse(out).at("graph");
  EXPECT_EQ(graph.at("edges").size(), 1U);
  EXPECT_EQ(writer->Omitted(), "1 edges are left out: they lead to more than 3 nodes");
}

TEST(FormatsTest, EachWritesAnEmptyRun) {
  for (const FormatSpec& format : Formats()) {
    EXPECT_EQ(FindFormat(format.name), &format);
    for (const FormatStream& stream : format.streams) {
      const std::unique_ptr<CallWriter> writer = stream.make({});
      std::string out;
      writer->Begin(out);
      writer->End({}, out);
      EXPECT_FALSE(out.empty()) << format.name;
      EXPECT_TRUE(writer->Omitted().empty());
    }
  }
  EXPECT_EQ(FindFormat("xml"), nullptr);
}

}  // namespace
}  // namespace sessenum
