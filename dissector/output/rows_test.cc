// csv, text with --fields, and zeek.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/terminal.h"
#include "output/cells.h"
#include "output/csv.h"
#include "output/sample_call_testing.h"
#include "output/zeek.h"

namespace sessenum {
namespace {

using Make = std::unique_ptr<CallWriter> (*)(const WriterOptions& options);

std::string Written(Make make, const Call& call, std::string_view fields = {}) {
  WriterOptions options;
  if (!fields.empty()) options.fields = FindFields(fields);
  const std::unique_ptr<CallWriter> writer = make(options);
  std::string out;
  writer->Begin(out);
  writer->Add(call, "a.pcap", out);
  writer->End({}, out);
  return out;
}

// The cell of a disclosed user name.
std::string UserCell(Make make, const std::string& username) {
  SampleCall sample;
  SessionEnumResponse answer = sample.Answer();
  answer.info.container.sessions[0].username = sample.build.String(username);
  sample.SetResponse(answer);
  return Written(make, sample.Get(), "username");
}

TEST(CsvTest, NullEmptyAndText) {
  SampleCall sample;
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "client_name"), "request.client_name\r\n\r\n");
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "user_name"), "request.user_name\r\n\"\"\r\n");
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "id"),
            "id.orig_h,id.orig_p,id.resp_h,id.resp_p\r\n10.0.0.5,50512,10.0.0.10,445\r\n");
}

TEST(CsvTest, AListIsAJsonArray) {
  SampleCall sample;
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "request_frames"), "request_frames\r\n\"[18]\"\r\n");
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "findings.rule"), "findings.rule\r\n\"[]\"\r\n");
  sample.call.findings = {SampleFinding()};
  EXPECT_EQ(Written(MakeCsv, sample.Get(), "findings.rule"), "findings.rule\r\n\"[\"\"G5-count-mismatch\"\"]\"\r\n");
}

TEST(CsvTest, NothingFromTheWireBreaksACell) {
  const std::string head = "response.container.sessions.username\r\n";
  EXPECT_EQ(UserCell(MakeCsv, "a,b"), head + "\"a,b\"\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "a;=1+1"), head + "\"a;=1+1\"\r\n");  // some spreadsheets split there, too
  EXPECT_EQ(UserCell(MakeCsv, "a\"b"), head + "\"a\"\"b\"\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "a\r\nb\x1b[31m"), head + "a\\x0d\\x0ab\\x1b[31m\r\n");
  EXPECT_EQ(UserCell(MakeCsv, " a"), head + "\" a\"\r\n");
}

TEST(CsvTest, NothingFromTheWireIsAFormula) {
  const std::string head = "response.container.sessions.username\r\n";
  EXPECT_EQ(UserCell(MakeCsv, "=1+1"), head + "'=1+1\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "+1"), head + "'+1\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "-1"), head + "'-1\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "@SUM(A1)"), head + "'@SUM(A1)\r\n");
  EXPECT_EQ(UserCell(MakeCsv,
                     "\xEF\xBC\x9D"
                     "1"),
            head +
                "'\xEF\xBC\x9D"
                "1\r\n");  // full-width =
  EXPECT_EQ(UserCell(MakeCsv, "'=1"), head + "''=1\r\n");
  EXPECT_EQ(UserCell(MakeCsv, "=HYPERLINK(\"x\",\"y\")"), head + "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n");
}

TEST(CsvTest, WithoutFieldsThoseOfACall) {
  SampleCall sample;
  const std::string text = Written(MakeCsv, sample.Get());
  EXPECT_TRUE(text.starts_with("capture,ts,rtt,community_id,id.orig_h,"));
  EXPECT_EQ(text.find("sessions."), std::string::npos);
}

TEST(TabbedTest, MarksOfWhatIsNoText) {
  EXPECT_EQ(UserCell(MakeTabbed, "bob"), "bob\n");
  EXPECT_EQ(UserCell(MakeTabbed, ""), "(empty)\n");
  EXPECT_EQ(UserCell(MakeTabbed, "-"), "\\x2d\n");
  EXPECT_EQ(UserCell(MakeTabbed, "(empty)"), "\\x28empty)\n");
  EXPECT_EQ(UserCell(MakeTabbed, "a\tb\nc"), "a\\x09b\\x0ac\n");
  SampleCall sample;
  EXPECT_EQ(Written(MakeTabbed, sample.Get(), "client_name"), "-\n");
}

TEST(CellTest, ItemsOfAList) {
  std::string out;
  AppendCell({true, {std::string("a,b"), std::nullopt, std::string()}}, Printable, out);
  EXPECT_EQ(out, "a\\x2cb,-,(empty)");
  out.clear();
  AppendCell({true, {}}, Printable, out);
  EXPECT_EQ(out, "(empty)");
}

TEST(CellTest, ZeekEscapesBytesAndBackslashes) {
  EXPECT_EQ(ZeekEscaped("\\\\WS1"), "\\\\\\\\WS1");
  EXPECT_EQ(ZeekEscaped("Gr\xC3\xBC\xC3\x9F"), "Gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(ZeekEscaped("\t\xC2\x9B"), "\\x09\\xc2\\x9b");
  EXPECT_EQ(ZeekEscaped("\xE2\x80\xAE"), "\\xe2\\x80\\xae");  // turns the direction of writing
}

TEST(ZeekTest, Calls) {
  SampleCall sample;
  const std::string text = Written(MakeZeekCalls, sample.Get());
  EXPECT_TRUE(
      text.starts_with("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                       "#path\tdce_rpc\n#open\t2020-09-22-04-25-13\n#fields\tts\tuid\tid.orig_h\tid.orig_p\t"
                       "id.resp_h\tid.resp_p\trtt\tnamed_pipe\tendpoint\toperation\t"))
      << text;
  EXPECT_NE(text.find("\n#types\ttime\tstring\taddr\tport\taddr\tport\tinterval\tstring\tstring\tstring\t"),
            std::string::npos);
  EXPECT_NE(text.find("\n1600748713.123456\tC"), std::string::npos);
  EXPECT_NE(text.find("\t10.0.0.5\t50512\t10.0.0.10\t445\t0.000678\tsrvsvc\tsrvsvc\tNetrSessionEnum\t"),
            std::string::npos);
  EXPECT_TRUE(text.ends_with("\n#close\t2020-09-22-04-25-13\n"));
}

TEST(ZeekTest, Findings) {
  SampleCall sample;
  sample.call.findings = {SampleFinding()};
  const std::string text = Written(MakeZeekFindings, sample.Get());
  EXPECT_NE(text.find("\n#path\tweird\n"), std::string::npos);
  EXPECT_NE(text.find("\tG5-count-mismatch\tthe array holds 7 entries and EntriesRead says 2; they must be equal\tF\t"
                      "sessenum\tDCE_RPC\tviolation\tserver\tresponse.container.sessions[3].cname\t19\t188\t4\ta.pcap\t"
                      "2\n"),
            std::string::npos)
      << text;
}

TEST(ZeekTest, ALogOfNothingHasItsHead) {
  std::string out;
  MakeZeekFindings({})->End({}, out);
  EXPECT_TRUE(out.starts_with("#separator \\x09\n"));
  EXPECT_TRUE(out.ends_with("#close\t1970-01-01-00-00-00\n"));
}

}  // namespace
}  // namespace sessenum
