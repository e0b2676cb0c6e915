#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "output/sample_call_testing.h"
#include "report/data_island.h"
#include "report/page_template.h"

namespace sessenum {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHostile = "</script><img src=x onerror=alert(1)>\"'&<!--";

std::string DataOf(const Report& report) {
  std::string out;
  AppendData(report, out);
  return out;
}

std::string PageOf(const Report& report, std::string_view title = "") {
  std::string out;
  AppendPage(report, {title, "sessenum 1"}, out);
  return out;
}

// alice asks, and the answer names whoever `username` says on `cname`.
Report ReportOf(const std::string& username, const std::string& cname) {
  SampleCall sample;
  SessionEnumResponse answer = sample.Answer();
  answer.info.container.sessions[0].username = sample.build.String(username);
  answer.info.container.sessions[0].cname = sample.build.String(cname);
  sample.SetResponse(answer);
  sample.call.findings = {SampleFinding()};
  ReportBuilder builder;
  builder.Add(sample.Get());
  Summary summary;
  summary.captures = 1;
  summary.calls = 1;
  builder.EndCapture("a.pcap", summary, "");
  return builder.report();
}

TEST(DataIslandTest, TheWholeOfIt) {
  EXPECT_EQ(DataOf(ReportOf("bob", "\\\\10.0.0.7")),
            R"({"schema":"sessenum-report/1",)"
            R"("pairs":{"columns":["asker","server","marks","calls","refused","sessions"],)"
            R"("rows":[["10.0.0.5","10.0.0.10",[],1,0,1]]},)"
            R"("calls":{"columns":["call","ts","asker","server","refused","sessions","marks"],)"
            R"("rows":[[1,1600748713.123456,"10.0.0.5","10.0.0.10",false,1,false]]},)"
            R"("sessions":{"columns":["call","now","cname","username","time","idle_time"],)"
            R"("rows":[[1,1600748713.124134,"\\\\10.0.0.7","bob",42,3]]}})");
}

TEST(DataIslandTest, NullIsNoEmptyNameAndFalseIsNotTold) {
  ReportSession session;
  session.call = 1;
  session.username = {ReportName::State::kText, ""};
  session.cname = {ReportName::State::kNull, ""};
  session.time = 0;
  Report report;
  report.sessions = {session};
  EXPECT_THAT(DataOf(report), HasSubstr(R"("rows":[[1,0.000000,null,"",0,false]])"));
}

TEST(DataIslandTest, NoNameEndsItsElement) {
  const std::string data = DataOf(ReportOf(std::string(kHostile), std::string(kHostile)));
  for (const char c : {'<', '>', '&'}) EXPECT_EQ(data.find(c), std::string::npos) << c;
  const auto json = nlohmann::json::parse(data);
  EXPECT_EQ(json.at("sessions").at("rows").at(0).at(3), std::string(kHostile)) << "what is read is what was sent";
}

TEST(PageTest, EveryPartIsPutIn) {
  const std::string page = PageOf(ReportOf("bob", "ws"));
  EXPECT_THAT(page, Not(HasSubstr("<!--sessenum:")));
  EXPECT_THAT(page, HasSubstr("<title>NetrSessionEnum report</title>"));
  EXPECT_THAT(page, HasSubstr("Written by sessenum 1."));
  EXPECT_THAT(page, HasSubstr("id=\"call-1\""));
  for (const std::string_view table :
       {"pairs-table", "accounts-table", "calls-table", "sessions-table", "captures-table", "rule-G5-count-mismatch"}) {
    EXPECT_THAT(page, HasSubstr("id=\"" + std::string(table) + "\"")) << table;
  }
}

TEST(PageTest, EveryNameOfTheTemplateIsKnown) {
  std::string_view rest = PageTemplate();
  std::size_t marks = 0;
  for (std::size_t at = rest.find("<!--sessenum:"); at != std::string_view::npos; at = rest.find("<!--sessenum:")) {
    rest.remove_prefix(at + 13);
    ++marks;
    const std::string_view name = rest.substr(0, rest.find("-->"));
    EXPECT_THAT((std::vector<std::string_view>{"title", "span", "figures", "blind", "pairs", "tools", "accounts",
                                               "calls", "sessions", "findings", "captures", "data"}),
                testing::Contains(name));
  }
  EXPECT_EQ(marks, 13U) << "the title stands twice";
}

TEST(PageTest, NamesAreTextEverywhere) {
  const std::string page = PageOf(ReportOf(std::string(kHostile), std::string(kHostile)), kHostile);
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;!--"));
}

TEST(PageTest, ANameThatIsAMarkOfTheTemplateStaysAName) {
  const std::string page = PageOf(ReportOf("<!--sessenum:data-->", "ws"));
  EXPECT_THAT(page, HasSubstr("&lt;!--sessenum:data--&gt;"));
}

TEST(PageTest, AReportOfNothingSaysSo) {
  ReportBuilder builder;
  const std::string page = PageOf(builder.report());
  EXPECT_THAT(page, HasSubstr("<b>0</b> calls"));
  EXPECT_THAT(page, HasSubstr("Nothing was missing, encrypted or unreadable"));
  EXPECT_THAT(page, HasSubstr("No rule had anything to say."));
}

TEST(PageTest, BlindSpotsComeBeforeResults) {
  ReportBuilder builder;
  Summary summary;
  summary.captures = 1;
  summary.undecoded[static_cast<std::size_t>(Undecoded::kEncrypted)] = 28;
  summary.undecoded[static_cast<std::size_t>(Undecoded::kGap)] = 2;
  builder.EndCapture("a.pcap", summary, "cut short <here>");
  const std::string page = PageOf(builder.report());
  EXPECT_THAT(page, HasSubstr("<li class=\"blind\"><a href=\"#blind\"><b>30</b> messages not readable"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">encrypted</th><td class=\"n\">28</td>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">unread captures</th><td class=\"n\">1</td>"));
  EXPECT_THAT(page, HasSubstr("cut short &lt;here&gt;"));
  EXPECT_LT(page.find("id=\"blind\""), page.find("id=\"pairs\""));
}

}  // namespace
}  // namespace sessenum
