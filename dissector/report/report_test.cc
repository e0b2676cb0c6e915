#include "report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "output/sample_call_testing.h"
#include "report/sections.h"

namespace sessenum {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Finding FindingOf(std::string_view rule, Verdict verdict) {
  Finding finding = SampleFinding();
  finding.rule = rule;
  finding.verdict = verdict;
  return finding;
}

// An answer of `count` sessions, by users of their own.
SessionEnumResponse AnswerOf(SampleCall& sample, std::uint32_t count) {
  std::vector<Session> sessions;
  for (std::uint32_t i = 0; i < count; ++i) {
    Session session;
    session.cname = sample.build.String("\\\\WS" + std::to_string(i));
    session.username = sample.build.String("user" + std::to_string(i));
    session.time.value = 100 * i;
    session.idle_time.value = i;
    sessions.push_back(session);
  }
  SessionEnumResponse response;
  response.info = MessageBuilder::Info(10);
  MessageBuilder::SetSessions(sessions, response);
  return response;
}

TEST(ReportTest, ACallAndWhatItDisclosed) {
  SampleCall sample;
  ReportBuilder builder;
  builder.Add(sample.Get());
  const Report& report = builder.report();
  ASSERT_EQ(report.calls.size(), 1U);
  const ReportCall& call = report.calls.front();
  EXPECT_EQ(call.number, 1U);
  EXPECT_EQ(call.asker, "10.0.0.5");
  EXPECT_EQ(call.server, "10.0.0.10");
  EXPECT_EQ(call.user, "CORP\\alice");
  EXPECT_EQ(call.workstation, "WS1");
  EXPECT_EQ(call.level, 10U);
  EXPECT_EQ(call.status, 0U);
  EXPECT_EQ(call.sessions, 1U);
  EXPECT_FALSE(call.refused());
  EXPECT_THAT(call.request_frames, ElementsAre(18U));
  EXPECT_THAT(call.answer_frames, ElementsAre(19U));
  ASSERT_EQ(report.sessions.size(), 1U);
  const ReportSession& session = report.sessions.front();
  EXPECT_EQ(session.call, 1U);
  EXPECT_EQ(session.time_ns, 1'600'748'713'124'134'000) << "a session's now is the answer's time";
  EXPECT_EQ(session.username.text, "bob");
  EXPECT_EQ(session.time, 42U);
  EXPECT_EQ(session.num_opens, std::nullopt) << "level 10 has none";
  EXPECT_EQ(session.transport.state, ReportName::State::kNotTold);
}

TEST(ReportTest, NullEmptyAndNotToldAreToldApart) {
  SampleCall sample;
  SessionEnumResponse answer = AnswerOf(sample, 2);
  answer.info.container.sessions[0].username = sample.build.String(std::nullopt);
  answer.info.container.sessions[1].username = sample.build.String("");
  sample.SetResponse(answer);
  ReportBuilder builder;
  builder.Add(sample.Get());
  const Report& report = builder.report();
  EXPECT_EQ(report.sessions[0].username.state, ReportName::State::kNull);
  EXPECT_EQ(report.sessions[1].username.state, ReportName::State::kText);
  EXPECT_EQ(report.sessions[1].username.text, "");
  EXPECT_EQ(report.sessions[0].cltype_name.state, ReportName::State::kNotTold);
  EXPECT_EQ(report.accounts.size(), 1U) << "a NULL pointer names nobody";
}

TEST(ReportTest, NamesCannotHideOrTurnText) {
  SampleCall sample;
  sample.carrier.identity.user =
      "a\xE2\x80\xAE"
      "b\n";
  ReportBuilder builder;
  builder.Add(sample.Get());
  EXPECT_EQ(builder.report().calls.front().user, "CORP\\a\\u202eb\\x0a");
}

TEST(ReportTest, PairsAndAccountsAddUp) {
  SampleCall sample;
  ReportBuilder builder;
  builder.Add(sample.Get());
  sample.carrier.identity.user = "carol";
  builder.Add(sample.Get());
  sample.carrier.server.address = builder::Address(11);
  builder.Add(sample.Get());
  const Report& report = builder.report();
  ASSERT_EQ(report.pairs.size(), 2U);
  const ReportPair& pair = report.pairs.begin()->second;
  EXPECT_EQ(pair.calls, 2U);
  EXPECT_EQ(pair.sessions, 2U);
  EXPECT_THAT(pair.users.names(), ElementsAre("CORP\\alice", "CORP\\carol"));
  ASSERT_EQ(report.accounts.size(), 1U);
  const ReportAccount& account = report.accounts.begin()->second;
  EXPECT_EQ(account.claims, 3U);
  EXPECT_THAT(account.servers.names(), ElementsAre("10.0.0.10", "10.0.0.11"));
  EXPECT_THAT(account.told_to.names(), ElementsAre("10.0.0.5"));
  EXPECT_EQ(account.least_idle, 3U);
}

TEST(ReportTest, ASweepMarksAllThatTheAskerAskedAndAWatchItsOneServer) {
  SampleCall sample;
  ReportBuilder builder;
  builder.Add(sample.Get());
  sample.carrier.server.address = builder::Address(11);
  sample.call.findings = {FindingOf("D1", Verdict::kAdvisory), FindingOf("D2", Verdict::kAdvisory)};
  builder.Add(sample.Get());
  const Report& report = builder.report();
  const auto words = [&report](const std::string& server) {
    std::vector<std::string> found;
    for (const PatternMark& mark : MarksOf(report, report.pairs.at({"10.0.0.5", server})))
      found.emplace_back(mark.word);
    return found;
  };
  EXPECT_THAT(words("10.0.0.10"), ElementsAre("sweep"));
  EXPECT_THAT(words("10.0.0.11"), ElementsAre("sweep", "watch"));
  EXPECT_THAT(report.calls.at(0).marks, IsEmpty()) << "the pattern was not complete yet";
  EXPECT_THAT(report.calls.at(1).marks, ElementsAre("sweep", "watch"));
}

TEST(ReportTest, APassedRuleMarksNobody) {
  SampleCall sample;
  sample.call.findings = {FindingOf("D1", Verdict::kPass)};
  ReportBuilder builder;
  builder.Add(sample.Get());
  EXPECT_TRUE(MarksOf(builder.report(), builder.report().pairs.begin()->second).empty());
  EXPECT_THAT(builder.report().calls.front().marks, IsEmpty());
}

TEST(ReportTest, RefusalsAreDeniedAccessInAnswersAndFaults) {
  SampleCall sample;
  SessionEnumResponse answer = AnswerOf(sample, 0);
  answer.status.value = 5;
  sample.SetResponse(answer);
  ReportBuilder builder;
  builder.Add(sample.Get());
  sample.call.response.reset();
  sample.call.fault = SeenFault{5, {{19, 0}}};
  builder.Add(sample.Get());
  sample.call.fault = SeenFault{1783, {{19, 0}}};  // RPC_X_BAD_STUB_DATA: nobody looked at rights
  builder.Add(sample.Get());
  sample.call.fault.reset();
  sample.call.undecoded = Undecoded::kGap;
  builder.Add(sample.Get());
  const Report& report = builder.report();
  EXPECT_EQ(report.refused_calls, 2U);
  EXPECT_EQ(report.blind_calls, 1U);
  EXPECT_EQ(report.pairs.begin()->second.refused, 2U);
  EXPECT_EQ(report.pairs.begin()->second.blind, 1U);
}

TEST(ReportTest, WhatIsNotShownIsCounted) {
  SampleCall sample;
  sample.SetResponse(AnswerOf(sample, 5));
  sample.call.findings = {FindingOf("S4", Verdict::kViolation), FindingOf("S4", Verdict::kViolation)};
  ReportBuilder builder({.calls = 1, .sessions = 3, .findings = 1, .parties = 2, .listed = 1});
  builder.Add(sample.Get());
  builder.Add(sample.Get());
  const Report& report = builder.report();
  EXPECT_EQ(report.calls.size(), 1U);
  EXPECT_EQ(report.all_calls, 2U);
  EXPECT_EQ(report.sessions.size(), 3U);
  EXPECT_EQ(report.all_sessions, 10U);
  EXPECT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.all_findings, 4U);
  EXPECT_EQ(report.rules.at("S4").verdicts[static_cast<std::size_t>(Verdict::kViolation)], 4U);
  EXPECT_EQ(report.accounts.size(), 2U);
  EXPECT_TRUE(report.parties_cut);
  EXPECT_EQ(report.accounts.begin()->second.claims, 2U) << "who is listed is counted on";
}

TEST(ReportTest, ASessionThatBeganBeforeTimeHasNoBeginning) {
  SampleCall sample;
  sample.call.response->frames = {{19, INT64_MIN}};
  ReportBuilder builder;
  builder.Add(sample.Get());
  std::string html;
  AppendSessions(builder.report(), html);
  EXPECT_THAT(html, testing::HasSubstr("<td class=\"time\"><td"));
}

TEST(ReportTest, WhatIsAskedForIsListedFromTheFirstThatIsKnown) {
  Report report;
  ReportCall& call = report.calls.emplace_back();
  call.client_name = {ReportName::State::kText, "\\\\WS1"};
  call.user_name = {ReportName::State::kText, "bob"};
  const auto shown = [&report] {
    std::string html;
    AppendCalls(report, html);
    return html;
  };
  EXPECT_THAT(shown(), testing::HasSubstr(R"(>computer <bdi>\\WS1</bdi>, user <bdi>bob</bdi><td)"));
  call.level = 10;
  EXPECT_THAT(shown(), testing::HasSubstr(R"(>level 10, computer <bdi>\\WS1</bdi>)"));
}

TEST(ReportTest, ListsOfNamesEnd) {
  NameSet set;
  set.Add("", 2);
  EXPECT_TRUE(set.names().empty());
  set.Add("a", 2);
  set.Add("b", 2);
  set.Add("a", 2);
  EXPECT_FALSE(set.is_cut());
  set.Add("c", 2);
  EXPECT_TRUE(set.is_cut());
  EXPECT_THAT(set.names(), ElementsAre("a", "b"));
}

TEST(ReportTest, CapturesAndTheirSums) {
  SampleCall sample;
  ReportBuilder builder;
  builder.Add(sample.Get());
  Summary summary;
  summary.captures = 1;
  summary.packets = 7;
  builder.EndCapture("a\x1b.pcap", summary, "");
  builder.Add(sample.Get());
  builder.EndCapture("b.pcap", summary, "cut short");
  const Report& report = builder.report();
  EXPECT_EQ(report.calls[0].capture, 0U);
  EXPECT_EQ(report.calls[1].capture, 1U);
  EXPECT_EQ(report.captures[0].name, "a\\x1b.pcap");
  EXPECT_EQ(report.captures[1].error, "cut short");
  EXPECT_EQ(report.summary.packets, 14U);
}

}  // namespace
}  // namespace sessenum
