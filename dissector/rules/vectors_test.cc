#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "rules/vectors_testing.h"

namespace sessenum {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array<const char*, 7> kFiles = {"access", "request", "qualifier", "level", "size", "resume", "pattern"};
constexpr std::array<NdrFormat, 3> kFormats = {{{TransferSyntax::kNdr, ByteOrder::kLittle},
                                                {TransferSyntax::kNdr, ByteOrder::kBig},
                                                {TransferSyntax::kNdr64, ByteOrder::kLittle}}};

VectorFile Load(const std::string& subject) {
  const std::string name = subject + "_vectors.txt";
  std::ifstream in(SESSENUM_TESTDATA_DIR "/" + name);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return ParseVectors(name, text);
}

class VectorsTest : public testing::TestWithParam<const char*> {};

TEST_P(VectorsTest, EveryVectorHoldsInEveryFormat) {
  const VectorFile file = Load(GetParam());
  ASSERT_THAT(file.errors, IsEmpty());
  for (const RuleVector& vector : file.vectors) {
    for (const NdrFormat format : kFormats) {
      SCOPED_TRACE(vector.place + ": " + vector.name + " (" + FormatName(format) + ")");
      EXPECT_THAT(Complaints(vector, format, Catalogue()), IsEmpty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Subjects, VectorsTest, testing::ValuesIn(kFiles),
                         [](const auto& subject) { return std::string(subject.param); });

std::vector<RuleVector> LoadAll(std::vector<VectorFile>& files) {
  std::vector<RuleVector> vectors;
  for (const char* subject : kFiles) {
    const VectorFile& file = files.emplace_back(Load(subject));
    vectors.insert(vectors.end(), file.vectors.begin(), file.vectors.end());
  }
  return vectors;
}

bool IsExpectedByAny(const std::vector<RuleVector>& vectors, const Rule& rule, Verdict verdict) {
  return std::ranges::any_of(vectors, [&](const RuleVector& vector) {
    return std::ranges::any_of(vector.expectations, [&](const VectorExpectation& expected) {
      return expected.rule == &rule && expected.verdict == verdict;
    });
  });
}

TEST(VectorCoverageTest, EveryVerdictOfEveryRuleIsReachedByAVector) {
  std::vector<VectorFile> files;
  const std::vector<RuleVector> vectors = LoadAll(files);
  for (const Rule& rule : Catalogue()) {
    if (rule.check == nullptr) continue;
    for (const Verdict verdict : {Verdict::kPass, Verdict::kViolation, Verdict::kKnown, Verdict::kAdvisory}) {
      if (rule.Meaning(verdict).empty()) continue;
      EXPECT_TRUE(IsExpectedByAny(vectors, rule, verdict)) << rule.id << " " << Name(verdict);
    }
  }
}

// A rule that judges everything alike.
template <Verdict kVerdict>
Ruling Always(const CallFacts& /*call*/) {
  return {.verdict = kVerdict};
}
constexpr std::array<Check, kVerdictNames.size()> kMutants = {
    Always<Verdict::kPass>,     Always<Verdict::kViolation>, Always<Verdict::kKnown>,
    Always<Verdict::kAdvisory>, Always<Verdict::kUndecided>, Always<Verdict::kNotApplicable>};

// Whether a vector that expects something of `rule` does not hold.
bool IsNoticed(const std::vector<RuleVector>& vectors, const Rule& rule, std::span<const Rule> rules) {
  return std::ranges::any_of(vectors, [&](const RuleVector& vector) {
    const bool is_asked = std::ranges::any_of(
        vector.expectations, [&](const VectorExpectation& expected) { return expected.rule->id == rule.id; });
    return is_asked && !Complaints(vector, kFormats.front(), rules).empty();
  });
}

TEST(VectorMutationTest, AVectorNoticesEachCheckThatNoLongerLooks) {
  std::vector<VectorFile> files;
  const std::vector<RuleVector> vectors = LoadAll(files);
  std::vector<Rule> rules = Catalogue();
  for (Rule& rule : rules) {
    if (rule.check == nullptr) continue;
    const Check check = rule.check;
    EXPECT_FALSE(IsNoticed(vectors, rule, rules)) << rule.id;
    for (std::size_t verdict = 0; verdict < kMutants.size(); ++verdict) {
      rule.check = kMutants[verdict];
      EXPECT_TRUE(IsNoticed(vectors, rule, rules)) << rule.id << " always gives " << kVerdictNames[verdict];
    }
    rule.check = check;
  }
}

// The check of the rule that is mutated, and of the verdict that it confuses with another.
struct Confusion {
  Check check = nullptr;
  Verdict from = Verdict::kPass;
  Verdict to = Verdict::kPass;
};
Confusion confusion;

Ruling Confuse(const CallFacts& call) {
  Ruling ruling = confusion.check(call);
  if (ruling.verdict == confusion.from) ruling.verdict = confusion.to;
  return ruling;
}

TEST(VectorMutationTest, AVectorNoticesEachVerdictThatIsTakenForAnother) {
  std::vector<VectorFile> files;
  const std::vector<RuleVector> vectors = LoadAll(files);
  std::vector<Rule> rules = Catalogue();
  for (Rule& rule : rules) {
    if (rule.check == nullptr) continue;
    confusion.check = std::exchange(rule.check, Confuse);
    for (const Verdict from : {Verdict::kPass, Verdict::kViolation, Verdict::kKnown, Verdict::kAdvisory}) {
      if (rule.Meaning(from).empty()) continue;
      confusion.from = from;
      for (std::size_t to = 0; to < kVerdictNames.size(); ++to) {
        confusion.to = static_cast<Verdict>(to);
        if (confusion.to == from) continue;
        EXPECT_TRUE(IsNoticed(vectors, rule, rules))
            << rule.id << ": " << Name(from) << " becomes " << kVerdictNames[to];
      }
    }
    rule.check = confusion.check;
  }
}

// Verdicts alone would let a finding point at the wrong field or give the wrong number. testdata/findings.txt has the
// findings of every vector in full; after a change that is meant, SESSENUM_UPDATE_FINDINGS=1 writes it anew.
TEST(VectorFindingsTest, EveryFindingIsThatOfTheFile) {
  const std::string path = SESSENUM_TESTDATA_DIR "/findings.txt";
  std::vector<VectorFile> files;
  std::ostringstream seen;
  for (const RuleVector& vector : LoadAll(files)) {
    seen << vector.place.substr(0, vector.place.find('_')) << ": " << vector.name << '\n';
    for (const std::string& line : Findings(vector, kFormats.front(), Catalogue())) seen << "  " << line << '\n';
  }
  if (std::getenv("SESSENUM_UPDATE_FINDINGS") != nullptr) std::ofstream(path) << seen.str();
  std::ifstream in(path);
  std::istringstream lines(seen.str());
  std::string expected;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    ASSERT_TRUE(std::getline(in, expected)) << "the file ends before: " << line;
    ASSERT_EQ(line, expected) << "findings.txt:" << number;
  }
  EXPECT_FALSE(std::getline(in, expected)) << "missing: " << expected;
}

std::vector<std::string> ErrorsOfText(const std::string& text) { return ParseVectors("t", text).errors; }

TEST(ParseVectorsTest, AVectorIsReadAsItStands) {
  const VectorFile file =
      ParseVectors("t",
                   "# a comment\n"
                   "vector: two calls\n"
                   "  connection client 10.0.0.9 pipe 7 at 30 tree \"\\\\A B\\IPC$\" guest\n"
                   "  request level 10 server NULL client \"\" user \"x\"*3+\"y\" max 0x10 handle 5\n"
                   "  response status ERROR_MORE_DATA total 9 session \"\\\\W\" \"bob\" time 5 idle 1\n"
                   "  request handle NULL\n"
                   "  fault 0x6F7\n"
                   "  expect c1 undecided\n");
  ASSERT_THAT(file.errors, IsEmpty());
  ASSERT_EQ(file.vectors.size(), 1U);
  const RuleVector& vector = file.vectors.front();
  EXPECT_EQ(vector.name, "two calls");
  EXPECT_EQ(vector.place, "t:2");
  ASSERT_EQ(vector.calls.size(), 2U);
  const VectorCall& first = vector.calls.front();
  EXPECT_EQ(first.connection.client.bytes[3], 9);
  EXPECT_EQ(first.connection.pipe, 7U);
  EXPECT_EQ(first.connection.seconds, 30);
  EXPECT_EQ(first.connection.tree, "\\\\A B\\IPC$");
  EXPECT_EQ(first.connection.is_nobody, true);
  const SessionEnumRequest& request = first.request->message;
  EXPECT_EQ(request.info.level.value, 10U);
  EXPECT_TRUE(request.server_name.null());
  EXPECT_FALSE(request.client_name.null());
  EXPECT_TRUE(request.client_name.text().empty());
  EXPECT_EQ(ToUtf8(request.user_name.text()), "xxxy");
  EXPECT_EQ(request.preferred_maximum_length.value, 16U);
  EXPECT_EQ(request.resume_handle.value.value, 5U);
  const SessionEnumResponse& response = first.response->message;
  EXPECT_EQ(response.status.value, 0xEAU);
  EXPECT_EQ(response.total_entries.value, 9U);
  ASSERT_EQ(response.info.container.sessions.size(), 1U);
  EXPECT_EQ(ToUtf8(response.info.container.sessions[0].cname.text()), "\\\\W");
  EXPECT_EQ(response.info.container.sessions[0].idle_time.value, 1U);
  EXPECT_TRUE(vector.calls.back().request->message.resume_handle.pointer.null());
  EXPECT_EQ(vector.calls.back().fault, 0x6F7U);
}

TEST(ParseVectorsTest, ErrorsNameTheLine) {
  EXPECT_THAT(ErrorsOfText(""), ElementsAre("t:0: there is no vector"));
  EXPECT_THAT(ErrorsOfText("request\nvector: v\nrequest\nno answer\nexpect C1 pass\n"),
              ElementsAre("t:1: the first line must be vector: NAME"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest levle 3\nno answer\nexpect C1 pass\n"),
              ElementsAre("t:2: a message has no levle"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest client WS1\nno answer\nexpect C1 pass\n"),
              ElementsAre("t:2: expected NULL or a text in quotes, found 'WS1'"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest\nresponse status NERR_Sucess\nexpect C1 pass\n"),
              ElementsAre("t:3: expected a status, found 'NERR_Sucess'"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest\nresponse session \"a\" \"b\" age 3\nexpect C1 pass\n"),
              ElementsAre("t:3: a session has no age"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest\nno answer\nexpect C1 fine\nexpect Z9 pass\nexpect C1 pass\n"),
              ElementsAre("t:4: expected a verdict, found 'fine'", "t:5: there is no rule Z9"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest\nrequest\nno answer\nexpect C1 pass\n"),
              ElementsAre("t:3: the call before has neither response nor fault nor 'no answer'"));
  EXPECT_THAT(ErrorsOfText("vector: v\nrequest\nno answer\n"), ElementsAre("t:3: 'v' expects nothing"));
  EXPECT_THAT(ErrorsOfText("vector: v\nconnection client 10.0.1 tcp\nrequest\nno answer\nexpect C1 pass\n"),
              ElementsAre("t:2: expected an address, found '10.0.1'"));
}

TEST(ParseVectorsTest, AVectorThatDoesNotHoldSaysSo) {
  const VectorFile file = ParseVectors("t",
                                       "vector: wrong\n"
                                       "  request level 10 client \"WS1\"\n"
                                       "  response session \"\\\\WS1\" \"bob\"\n"
                                       "  expect C1 pass\n");
  ASSERT_THAT(file.errors, IsEmpty());
  const std::vector<std::string> complaints = Complaints(file.vectors.front(), kFormats.front(), Catalogue());
  ASSERT_EQ(complaints.size(), 3U);
  EXPECT_THAT(complaints[0], testing::StartsWith("C1 must give pass, and gave violation"));
  EXPECT_THAT(complaints[1], testing::StartsWith("P3 gave a violation that is not expected"));
  EXPECT_THAT(complaints[2], testing::StartsWith("C1 gave a violation that is not expected"));
}

}  // namespace
}  // namespace sessenum
