#include "sessenum/sessenum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

struct Free {
  void operator()(const sessenum_result* result) const { sessenum_free_result(result); }
  void operator()(sessenum_facts* facts) const { sessenum_free_facts(facts); }
};
using ResultPtr = std::unique_ptr<const sessenum_result, Free>;
using FactsPtr = std::unique_ptr<sessenum_facts, Free>;

sessenum_stub StubOf(const std::vector<std::uint8_t>& bytes, NdrFormat format) {
  return {bytes.data(), bytes.size(), static_cast<std::uint32_t>(format.syntax),
          static_cast<std::uint32_t>(format.order == ByteOrder::kBig ? SESSENUM_BIG_ENDIAN : SESSENUM_LITTLE_ENDIAN),
          0};
}

constexpr NdrFormat kNdrLittle{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr NdrFormat kNdr64Little{TransferSyntax::kNdr64, ByteOrder::kLittle};

ResultPtr DecodeAnswer(const std::vector<std::uint8_t>& bytes, NdrFormat format, std::uint32_t flags = 0,
                       std::uint32_t max_sessions = 0, const sessenum_facts* facts = nullptr) {
  const sessenum_stub stub = StubOf(bytes, format);
  const sessenum_options options = {flags, max_sessions};
  return ResultPtr(sessenum_decode_response(&stub, facts, &options));
}

ResultPtr DecodeQuestion(const std::vector<std::uint8_t>& bytes, NdrFormat format, std::uint32_t flags = 0) {
  const sessenum_stub stub = StubOf(bytes, format);
  const sessenum_options options = {flags, 0};
  return ResultPtr(sessenum_decode_request(&stub, &options));
}

// "name=text" of each node with a text, two spaces before it for each level.
std::vector<std::string> Outline(const sessenum_result& result) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < result.node_count; ++i) {
    const sessenum_node& node = result.nodes[i];
    std::string line = std::string(std::size_t{2} * node.depth, ' ') + node.name;
    if (node.rule != nullptr) {
      line += std::string("=") + node.rule;
    } else if ((node.flags & SESSENUM_NODE_NULL) != 0) {
      line += "=NULL";
    } else if (node.text[0] != '\0') {
      line += std::string("=") + node.text;
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> Rules(const sessenum_result& result) {
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < result.node_count; ++i) {
    if (result.nodes[i].rule != nullptr) rules.emplace_back(result.nodes[i].rule);
  }
  return rules;
}

const sessenum_node* Find(const sessenum_result& result, std::uint32_t field) {
  for (std::size_t i = 0; i < result.node_count; ++i) {
    if (result.nodes[i].field == field) return &result.nodes[i];
  }
  return nullptr;
}

TEST(Sessenum, ListsARequestInEveryFormat) {
  for (const NdrFormat format : kAllFormats) {
    SCOPED_TRACE(FormatName(format));
    MessageBuilder builder;
    const ResultPtr result = DecodeQuestion(EncodeMessage(builder.Request(10), format), format);
    ASSERT_NE(result, nullptr);
    std::vector<std::string> outline = Outline(*result);
    if (!Rules(*result).empty()) outline.pop_back();  // NDR64 in big-endian order is told
    EXPECT_THAT(outline, ElementsAre("request", "  server_name=\\\\FS1", "  client_name=NULL", "  user_name",
                                     "  level=10", "  discriminant=10", "  container", "    container.entries_read=0",
                                     "    container.sessions=NULL", "  preferred_maximum_length=4294967295",
                                     "  resume_handle=0"));
    EXPECT_STREQ(result->summary, "NetrSessionEnum level 10");
    EXPECT_EQ(result->outcome, SESSENUM_OK);
  }
}

TEST(Sessenum, ListsTheFieldsOfEachLevel) {
  for (const LevelSpec& level : kLevels) {
    MessageBuilder builder;
    const ResultPtr result = DecodeAnswer(EncodeMessage(builder.Response(level.level, 1), kNdr64Little), kNdr64Little);
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < result->node_count; ++i) {
      if (result->nodes[i].depth == 4) fields.emplace_back(result->nodes[i].name);
    }
    std::vector<std::string> expected;
    for (const SessionField& field : level.fields) expected.push_back("session." + std::string(field.name));
    EXPECT_EQ(fields, expected) << level.level;
  }
}

TEST(Sessenum, ASessionStandsWhereItsElementStands) {
  MessageBuilder builder;
  const ResultPtr result = DecodeAnswer(EncodeMessage(builder.Response(502, 2), kNdr64Little), kNdr64Little);
  std::vector<std::uint32_t> offsets;
  for (std::size_t i = 0; i < result->node_count; ++i) {
    const sessenum_node& node = result->nodes[i];
    if (node.field != SESSENUM_SESSION) continue;
    offsets.push_back(node.offset);
    EXPECT_EQ(node.length, 48U);
  }
  // Level, discriminant, container pointer, EntriesRead, Buffer, maximum count.
  EXPECT_THAT(offsets, ElementsAre(48, 96));
  const sessenum_node* sessions = Find(*result, SESSENUM_SESSIONS);
  EXPECT_EQ(sessions->offset, 32U);
  EXPECT_GT(sessions->length, 3 * 48U) << "the strings behind the array belong to it";
  EXPECT_EQ(sessions->number, 2U);
}

TEST(Sessenum, WireFormAddsPointersAndCounts) {
  MessageBuilder builder;
  const auto stub = EncodeMessage(builder.Request(0), kNdr64Little);
  EXPECT_EQ(Find(*DecodeQuestion(stub, kNdr64Little), SESSENUM_REFERENT), nullptr);
  const ResultPtr result = DecodeQuestion(stub, kNdr64Little, SESSENUM_WITH_WIRE_FORM);
  std::vector<std::uint32_t> places;
  for (std::size_t i = 2; i < 6; ++i) {
    EXPECT_EQ(result->nodes[i].depth, 2U);
    EXPECT_EQ(result->nodes[i].length, 8U);
    places.push_back(result->nodes[i].offset);
  }
  EXPECT_THAT(places, ElementsAre(0, 8, 16, 24));
  EXPECT_EQ(result->nodes[5].field, SESSENUM_ACTUAL_COUNT);
  EXPECT_EQ(result->nodes[5].number, 6U);
}

TEST(Sessenum, TakesTheOtherSyntaxWhereAskedTo) {
  MessageBuilder builder;
  const auto stub = EncodeMessage(builder.Response(10, 3), kNdr64Little);
  const ResultPtr refused = DecodeAnswer(stub, kNdrLittle);
  EXPECT_EQ(refused->syntax, SESSENUM_NDR);
  EXPECT_NE(refused->sessions, 3U);
  const ResultPtr taken = DecodeAnswer(stub, kNdrLittle, SESSENUM_TRY_OTHER_SYNTAX);
  EXPECT_EQ(taken->syntax, SESSENUM_NDR64);
  EXPECT_EQ(taken->syntax_was_changed, 1U);
  EXPECT_STREQ(taken->summary, "NetrSessionEnum level 10 -> 3 sessions");
}

TEST(Sessenum, KeepsTheGivenSyntaxWhereNeitherFits) {
  const std::vector<std::uint8_t> noise(40, 0x5A);
  const ResultPtr result = DecodeAnswer(noise, kNdrLittle, SESSENUM_TRY_OTHER_SYNTAX);
  EXPECT_EQ(result->syntax, SESSENUM_NDR);
  EXPECT_EQ(result->syntax_was_changed, 0U);
}

TEST(Sessenum, KeepsTheGivenSyntaxOfAStubCutShort) {
  MessageBuilder builder;
  auto stub = EncodeMessage(builder.Response(10, 3), kNdrLittle);
  stub.resize(stub.size() - 6);
  const ResultPtr result = DecodeAnswer(stub, kNdrLittle, SESSENUM_TRY_OTHER_SYNTAX);
  EXPECT_EQ(result->syntax, SESSENUM_NDR);
  EXPECT_EQ(result->outcome, SESSENUM_TRUNCATED);
  EXPECT_EQ(result->sessions, 3U);
  EXPECT_STREQ(result->summary, "NetrSessionEnum level 10 -> cut short");
  EXPECT_THAT(Rules(*result), Contains("G5-truncated"));
}

TEST(Sessenum, AnIncompleteStubIsHeldAgainstNobody) {
  MessageBuilder builder;
  const auto whole = EncodeMessage(builder.Response(10, 3), kNdrLittle);
  sessenum_stub stub = StubOf(whole, kNdrLittle);
  stub.size -= 6;
  stub.incomplete = 1;
  const ResultPtr result(sessenum_decode_response(&stub, nullptr, nullptr));
  EXPECT_EQ(result->outcome, SESSENUM_TRUNCATED);
  EXPECT_THAT(Rules(*result), IsEmpty());
}

TEST(Sessenum, BytesThatWereNotDecodedHaveANode) {
  MessageBuilder builder;
  auto stub = EncodeMessage(builder.Response(10, 0), kNdrLittle);
  stub.insert(stub.end(), {1, 2, 3});
  const ResultPtr longer = DecodeAnswer(stub, kNdrLittle);
  const sessenum_node* trailer = Find(*longer, SESSENUM_TRAILER);
  ASSERT_NE(trailer, nullptr);
  EXPECT_EQ(trailer->offset, stub.size() - 3);
  EXPECT_EQ(trailer->length, 3U);
  stub.resize(stub.size() - 5);
  const ResultPtr shorter = DecodeAnswer(stub, kNdrLittle);
  const sessenum_node* undecoded = Find(*shorter, SESSENUM_UNDECODED);
  ASSERT_NE(undecoded, nullptr);
  EXPECT_EQ(undecoded->offset + undecoded->length, stub.size());
}

TEST(Sessenum, AFindingStandsBehindItsField) {
  MessageBuilder builder;
  SessionEnumResponse response = builder.Response(1, 3);
  response.total_entries.value = 1;
  const ResultPtr result = DecodeAnswer(EncodeMessage(response, kNdrLittle), kNdrLittle);
  EXPECT_THAT(Outline(*result), AllOf(Contains("  total_entries=1"), Contains("    rule=S4")));
  const sessenum_node* rule = Find(*result, SESSENUM_RULE);
  EXPECT_EQ(rule[-1].field, SESSENUM_TOTAL_ENTRIES);
  EXPECT_EQ(rule->offset, rule[-1].offset);
  EXPECT_EQ(rule->verdict, SESSENUM_VIOLATION);
  EXPECT_THAT(rule->text, HasSubstr("3"));
}

TEST(Sessenum, AFindingOfASessionLeftOutStandsAtTheEnd) {
  MessageBuilder builder;
  SessionEnumResponse response = builder.Response(0, 3);
  response.info.container.sessions[2].cname = builder.Units({'A', 'B'});
  const auto stub = EncodeMessage(response, kNdrLittle);
  const ResultPtr all = DecodeAnswer(stub, kNdrLittle);
  EXPECT_THAT(Outline(*all), Contains("          rule=G5-unterminated"));
  EXPECT_EQ(all->sessions_left_out, 0U);
  const ResultPtr few = DecodeAnswer(stub, kNdrLittle, 0, 2);
  EXPECT_THAT(Outline(*few), Contains("  rule=G5-unterminated"));
  EXPECT_EQ(few->sessions, 3U);
  EXPECT_EQ(few->sessions_left_out, 1U);
}

TEST(Sessenum, TextsAreHarmless) {
  MessageBuilder builder;
  SessionEnumRequest request = builder.Request(0);
  request.user_name = builder.Units({'A', 0, 0x1B, '[', 0xD800, 0x202E, 'B', 0});
  const ResultPtr result = DecodeQuestion(EncodeMessage(request, kNdrLittle), kNdrLittle);
  const std::string_view text = Find(*result, SESSENUM_USER_NAME)->text;
  EXPECT_THAT(text, AllOf(StartsWith("A"), Not(HasSubstr("\x1B")), Not(HasSubstr("\xE2\x80\xAE"))));
  EXPECT_TRUE(text.ends_with('B')) << "what stands behind a NUL is shown";
}

TEST(Sessenum, EveryVerdictIsToldWhereAskedFor) {
  MessageBuilder builder;
  const auto stub = EncodeMessage(builder.Response(1, 3), kNdrLittle);
  EXPECT_THAT(Rules(*DecodeAnswer(stub, kNdrLittle)), Not(Contains("S4")));
  EXPECT_THAT(Rules(*DecodeAnswer(stub, kNdrLittle, SESSENUM_WITH_ALL_VERDICTS)), Contains("S4"));
}

TEST(Sessenum, FactsLetAResponseBeJudgedByItsRequest) {
  MessageBuilder builder;
  const ResultPtr request = DecodeQuestion(EncodeMessage(builder.Request(10), kNdrLittle), kNdrLittle);
  const FactsPtr facts(sessenum_take_facts(request.get()));
  ASSERT_NE(facts, nullptr);
  const auto stub = EncodeMessage(builder.Response(502, 1), kNdrLittle);
  const auto alone = Rules(*DecodeAnswer(stub, kNdrLittle));
  const auto answered = Rules(*DecodeAnswer(stub, kNdrLittle, 0, 0, facts.get()));
  EXPECT_GT(answered.size(), alone.size());
}

TEST(Sessenum, FactsOutliveTheirResultAndItsStub) {
  FactsPtr facts;
  {
    MessageBuilder builder;
    SessionEnumRequest question = builder.Request(10);
    question.user_name = builder.String("alice");
    const auto stub = EncodeMessage(question, kNdrLittle);
    facts.reset(sessenum_take_facts(DecodeQuestion(stub, kNdrLittle).get()));
  }
  MessageBuilder builder;
  const auto stub = EncodeMessage(builder.Response(10, 2), kNdrLittle);
  const ResultPtr result = DecodeAnswer(stub, kNdrLittle, 0, 0, facts.get());
  EXPECT_THAT(Rules(*result), Not(IsEmpty())) << "sessions of others than the user who was asked for";
}

TEST(Sessenum, TheSummaryTellsAPageAndARefusal) {
  MessageBuilder builder;
  SessionEnumResponse page = builder.Response(1, 3);
  page.total_entries.value = 18;
  page.status.value = 0xEA;
  EXPECT_STREQ(DecodeAnswer(EncodeMessage(page, kNdrLittle), kNdrLittle)->summary,
               "NetrSessionEnum level 1 -> 3 sessions of 18, ERROR_MORE_DATA");
  SessionEnumResponse refusal = builder.Response(1, 0);
  refusal.status.value = 5;
  const ResultPtr result = DecodeAnswer(EncodeMessage(refusal, kNdrLittle), kNdrLittle);
  EXPECT_STREQ(result->summary, "NetrSessionEnum level 1 -> ERROR_ACCESS_DENIED");
  EXPECT_STREQ(Find(*result, SESSENUM_STATUS)->text, "ERROR_ACCESS_DENIED");
}

}  // namespace
}  // namespace sessenum
