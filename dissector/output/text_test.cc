#include "output/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/terminal.h"
#include "output/sample_call_testing.h"

namespace sessenum {
namespace {

std::string TextOf(const Call& call, TextOptions options = {}) {
  std::string out;
  AppendText(call, options, out);
  return out;
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

std::size_t LineCount(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(TextCallTest, WhoAskedWhomForWhatAndWhatTheyWereTold) {
  SampleCall sample;
  EXPECT_EQ(TextOf(sample.Get()),
            "2020-09-22T04:25:13.123456Z  10.0.0.5:50512 -> 10.0.0.10:445  NetrSessionEnum level 10: NERR_Success, 1 "
            "session of 1\n"
            "    asked by    CORP\\alice on WS1\n"
            "    carried by  smb2 pipe srvsvc, ndr64, frames 18 -> 19, 0.678 ms\n"
            "    cname       username  time  idle_time\n"
            "    \\\\10.0.0.7  bob       42    3\n"
            "\n");
}

TEST(TextCallTest, WhatWasNotSeenIsSaid) {
  SampleCall sample;
  sample.carrier = {};
  sample.carrier.client = {builder::Address(5, true), 1};
  sample.carrier.server = {builder::Address(10, true), 2};
  sample.call.syntax.reset();
  sample.call.response.reset();
  sample.call.undecoded = Undecoded::kGap;
  EXPECT_EQ(TextOf(sample.Get()),
            "2020-09-22T04:25:13.123456Z  [fd00::5]:1 -> [fd00::a]:2  NetrSessionEnum level 10: no answer seen\n"
            "    carried by  tcp, frames 18\n"
            "    incomplete  gap: packets are missing from the capture\n"
            "\n");
  sample.call.request.reset();
  EXPECT_EQ(
      TextOf(sample.Get()),
      "1970-01-01T00:00:00.000000Z  [fd00::5]:1 -> [fd00::a]:2  NetrSessionEnum request not seen: no answer seen\n"
      "    carried by  tcp, frames ?\n"
      "    incomplete  gap: packets are missing from the capture\n"
      "\n");
}

TEST(TextCallTest, WhatCannotBeReadIsSaid) {
  SampleCall sample;
  sample.call.request->decoded = false;
  sample.call.response->decoded = false;
  sample.call.encryption = Encryption::kRpc;
  sample.call.undecoded = Undecoded::kEncrypted;
  EXPECT_EQ(
      TextOf(sample.Get()),
      "2020-09-22T04:25:13.123456Z  10.0.0.5:50512 -> 10.0.0.10:445  NetrSessionEnum request not readable: answer "
      "not readable\n"
      "    asked by    CORP\\alice on WS1\n"
      "    carried by  smb2 pipe srvsvc, encrypted by rpc, ndr64, frames 18 -> 19, 0.678 ms\n"
      "    incomplete  encrypted, and no key that fits\n"
      "\n");
}

TEST(TextCallTest, EveryReasonHasWords) {
  for (std::size_t i = 0; i < kUndecodedNames.size(); ++i) {
    SampleCall sample;
    sample.call.undecoded = static_cast<Undecoded>(i);
    EXPECT_NE(TextOf(sample.Get()).find("    incomplete  " + std::string(kUndecodedNames[i])), std::string::npos);
  }
}

TEST(TextCallTest, AFault) {
  SampleCall sample;
  sample.call.response.reset();
  sample.call.fault = SeenFault{0x1C010002, {{20, 1'600'748'713'123'456'000}}};
  EXPECT_TRUE(FirstLine(TextOf(sample.Get())).ends_with("level 10: fault nca_s_op_rng_error"));
  EXPECT_NE(TextOf(sample.Get()).find("frames 18 -> 20, 0.000 ms"), std::string::npos);
  sample.call.fault->status = 0xDEADBEEF;
  EXPECT_TRUE(FirstLine(TextOf(sample.Get())).ends_with("fault 0xDEADBEEF"));
}

TEST(TextCallTest, WhatTheQuestionIsNarrowedTo) {
  SampleCall sample;
  SessionEnumRequest request = sample.Question();
  request.client_name = sample.build.String("\\\\WS7");
  request.user_name = sample.build.String("bob");
  request.preferred_maximum_length.value = 1;
  request.resume_handle = MessageBuilder::Unique(7);
  sample.SetRequest(request);
  EXPECT_NE(TextOf(sample.Get()).find("level 10, client \\\\WS7, user bob, at most 1 byte, from handle 7: "),
            std::string::npos);
}

TEST(TextCallTest, HowAnAnswerEnds) {
  SampleCall sample;
  SessionEnumResponse response = sample.Answer();
  response.status.value = 0xEA;
  response.total_entries.value = 12;
  sample.SetResponse(response);
  EXPECT_TRUE(FirstLine(TextOf(sample.Get())).ends_with("ERROR_MORE_DATA, 1 session of 12, goes on at handle 18"));
  response = sample.Answer();
  response.status.value = 5;
  response.info.container_pointer = {};
  sample.SetResponse(response);
  EXPECT_TRUE(FirstLine(TextOf(sample.Get())).ends_with(": ERROR_ACCESS_DENIED"));
  response.status.value = 0xABCDE;
  sample.SetResponse(response);
  EXPECT_TRUE(FirstLine(TextOf(sample.Get())).ends_with(": 0xABCDE"));
}

TEST(TextCallTest, NullEmptyAndNotReachedAreToldApart) {
  SampleCall sample;
  SessionEnumResponse response = sample.Answer();
  Session& session = response.info.container.sessions.front();
  session.cname = sample.build.String(std::nullopt);
  session.username = sample.build.String("");
  sample.SetResponse(response);
  EXPECT_NE(TextOf(sample.Get()).find("    (null)  \"\"        42    3\n"), std::string::npos);
  std::vector<std::uint8_t> stub = EncodeMessage(sample.Answer(), {TransferSyntax::kNdr64, ByteOrder::kLittle});
  sample.SetResponseStub({stub.begin(), stub.begin() + 100});
  const std::string text = TextOf(sample.Get());
  EXPECT_NE(text.find("cut short, 1 session\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    ?      ?         42    3\n"), std::string::npos) << text;
}

TEST(TextCallTest, ALongRoundTripAndOneThatRunsBackwards) {
  SampleCall sample;
  constexpr std::int64_t kLate = INT64_MAX;
  sample.call.response->frames = {{19, kLate}};
  sample.call.request->frames = {{18, 0}};
  EXPECT_NE(TextOf(sample.Get()).find(", 9223372036854.775 ms\n"), std::string::npos);
  sample.call.request->frames = {{18, kLate}};
  sample.call.response->frames = {{19, 0}};
  EXPECT_NE(TextOf(sample.Get()).find(", -9223372036854.775 ms\n"), std::string::npos);
  sample.call.request->frames = {{18, 1'002'000}};
  sample.call.response->frames = {{19, 0}};
  EXPECT_NE(TextOf(sample.Get()).find(", -1.002 ms\n"), std::string::npos);
}

TEST(TextCallTest, SeveralFramesAndAnAssumedSyntax) {
  SampleCall sample;
  sample.call.request->frames = {{3, 0}, {5, 1000}, {9, 2000}};
  sample.call.syntax_source = SyntaxSource::kAssumed;
  EXPECT_NE(TextOf(sample.Get()).find("ndr64 (assumed), frames 3-9 -> 19"), std::string::npos);
}

TEST(TextCallTest, AnonymousAndGuest) {
  SampleCall sample;
  sample.carrier.identity = {};
  sample.carrier.identity.anonymous = true;
  EXPECT_NE(TextOf(sample.Get()).find("    asked by    ANONYMOUS LOGON\n"), std::string::npos);
  sample.carrier.identity = {};
  sample.carrier.identity.user = "x";
  sample.carrier.identity.guest = true;
  EXPECT_NE(TextOf(sample.Get()).find("    asked by    x (taken as guest)\n"), std::string::npos);
}

TEST(TextCallTest, FindingsStandUnderTheirCall) {
  SampleCall sample;
  sample.call.findings.push_back(SampleFinding());
  EXPECT_NE(TextOf(sample.Get())
                .find("    violation G5-count-mismatch response.container.sessions[3].cname: the array holds 7 entries "
                      "and EntriesRead says 2; they must be equal [frame 19, stub bytes 188+4]\n"),
            std::string::npos);
  std::string alone;
  sample.call.findings.front().frame = 0;
  AppendText(sample.call.findings.front(), {}, alone);
  EXPECT_TRUE(alone.ends_with(" [stub bytes 188+4]\n")) << alone;
}

// What a line break apart must not be in a text for a terminal.
void ExpectNothingToSteerATerminal(const std::string& text) {
  std::string lines;
  for (const char c : text) {
    if (c != '\n') lines += c;
  }
  EXPECT_EQ(lines, Printable(lines));
}

TEST(TextHostileTest, NoNameSteersTheTerminalOrBreaksItsLine) {
  const std::string hostile =
      "\x1b[2J\x1b]0;x\x07\r\n\t\x7F\xC2\x9B"
      "31m\xE2\x80\xAE\xE2\x80\xA8\xFF\x9B";
  SampleCall sample;
  const std::size_t lines = LineCount(TextOf(sample.Get()));
  sample.carrier.named_pipe = hostile;
  sample.carrier.identity.user = hostile;
  sample.carrier.identity.domain = hostile;
  sample.carrier.identity.workstation = hostile;
  SessionEnumRequest request = sample.Question();
  request.client_name = sample.build.String(hostile);
  request.user_name = sample.build.Units({0xD800, 0x9B, 0x1B, '[', 'm', 0});
  sample.SetRequest(request);
  SessionEnumResponse response = sample.Answer();
  response.info.container.sessions.front().cname = sample.build.String(hostile);
  response.info.container.sessions.front().username = sample.build.Units({0, '\n', 0x202E, 0xDC00, 0});
  sample.SetResponse(response);
  const std::string text = TextOf(sample.Get());
  ExpectNothingToSteerATerminal(text);
  EXPECT_EQ(LineCount(text), lines);
  EXPECT_NE(text.find("pipe \\x1b[2J"), std::string::npos);

  std::string messages;
  AppendText(*sample.call.request, {}, messages);
  AppendText(*sample.call.response, {}, messages);
  ExpectNothingToSteerATerminal(messages);
}

TEST(TextColorTest, ColourIsThereOnRequestAlone) {
  SampleCall sample;
  sample.call.findings.push_back(SampleFinding());
  const std::string plain = TextOf(sample.Get());
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  std::string colored = TextOf(sample.Get(), {.color = true});
  EXPECT_NE(colored.find("\x1b[32mNERR_Success"), std::string::npos);
  EXPECT_NE(colored.find("\x1b[31mviolation\x1b[0m"), std::string::npos);
  // Without its colours it is the same text, and every colour ends.
  std::size_t starts = 0;
  std::size_t resets = 0;
  for (std::size_t at = colored.find('\x1b'); at != std::string::npos; at = colored.find('\x1b')) {
    const std::size_t end = colored.find('m', at);
    ++(colored.substr(at, end - at + 1) == "\x1b[0m" ? resets : starts);
    colored.erase(at, end - at + 1);
  }
  EXPECT_EQ(colored, plain);
  EXPECT_EQ(starts, resets);
  EXPECT_GT(starts, 0U);
}

TEST(TextColorTest, EveryVerdictHasAName) {
  for (std::size_t i = 0; i < kVerdictNames.size(); ++i) {
    Finding finding;
    finding.rule = "G5-padding";
    finding.verdict = static_cast<Verdict>(i);
    std::string out;
    AppendText(finding, {.color = true}, out);
    EXPECT_NE(out.find(std::string(kVerdictNames[i]) + "\x1b[0m G5-padding"), std::string::npos) << out;
  }
}

TEST(TextSummaryTest, WhatTheRunAmountsTo) {
  Summary summary;
  summary.captures = 1;
  summary.packets = 2;
  summary.bytes = 300;
  summary.flows = 1;
  summary.calls = 1;
  std::string out;
  AppendText(summary, {}, out);
  EXPECT_EQ(out, "1 call in 2 packets (300 bytes, 1 TCP connection, 1 capture)\n");
}

TEST(TextSummaryTest, WhatWentWrongIsAddedLineByLine) {
  Summary summary;
  summary.undecoded[static_cast<std::size_t>(Undecoded::kEncrypted)] = 4;
  summary.undecoded[static_cast<std::size_t>(Undecoded::kGap)] = 1;
  summary.verdicts[static_cast<std::size_t>(Verdict::kPass)] = 5;
  summary.limits_hit[static_cast<std::size_t>(Cap::kSessions)] = 6;
  summary.unknown_link = 1;
  summary.overlap_conflicts = 8;
  summary.incomplete_datagrams = 9;
  std::string out;
  AppendText(summary, {}, out);
  EXPECT_EQ(out,
            "0 calls in 0 packets (0 bytes, 0 TCP connections, 0 captures)\n"
            "verdicts: 5 pass\n"
            "not decoded: 4 encrypted, 1 gap\n"
            "limits hit: 6 sessions\n"
            "of a link type that is not read: 1 packet\n"
            "TCP segments that contradict an earlier copy: 8\n"
            "IP datagrams with fragments missing: 9\n");
}

TEST(TextMessageTest, AMessageAlone) {
  SampleCall sample;
  std::string out;
  AppendText(*sample.call.request, {}, out);
  EXPECT_EQ(out,
            "NetrSessionEnum request, level 10\n"
            "    server_name \\\\SRV\n"
            "    client_name (null)\n"
            "    user_name   \"\"\n");
  out.clear();
  AppendText(*sample.call.response, {}, out);
  EXPECT_EQ(out,
            "NetrSessionEnum response, level 10: NERR_Success, 1 session of 1\n"
            "    cname       username  time  idle_time\n"
            "    \\\\10.0.0.7  bob       42    3\n");
}

}  // namespace
}  // namespace sessenum
