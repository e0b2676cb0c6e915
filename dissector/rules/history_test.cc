#include "rules/history.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "srvsvc/message_builder_testing.h"

namespace sessenum {
namespace {

constexpr NdrFormat kNdr{TransferSyntax::kNdr, ByteOrder::kLittle};
constexpr std::int64_t kSecond = 1'000'000'000;

struct Seen {
  std::string cname = R"(\\WS1)";
  std::string username = "bob";
  std::uint32_t time = 60;
  std::uint32_t flags = 0;
};

// A call as the tests say it; what they leave out is the same in each.
struct Played {
  std::uint8_t client = 1;
  std::uint8_t server = 2;
  std::uint64_t pipe = 1;
  std::int64_t time_ns = 0;
  std::uint32_t level = 1;
  std::optional<std::string> client_name = std::nullopt;
  std::optional<std::string> user_name = std::nullopt;
  std::optional<std::uint32_t> handle = 0;
  std::uint32_t maximum = kMaxPreferredLength;
  std::uint32_t status = kNerrSuccess;
  std::vector<Seen> sessions = {Seen()};
  std::optional<std::uint32_t> total = std::nullopt;  // else as many as there are sessions
  std::optional<std::uint32_t> given = 0;
  bool has_container = true;
  bool has_request = true;
  bool has_response = true;
  std::optional<std::uint32_t> fault = std::nullopt;
  const ClientFamily* family = nullptr;
  Thresholds thresholds = {};
};

class HistoryTest : public testing::Test {
 protected:
  // What the calls before told of this one, which is then one of them.
  PastFacts Play(const Played& played) {
    CallFacts call;
    call.client.bytes[0] = played.client;
    call.server.bytes[0] = played.server;
    call.pipe = played.pipe;
    call.time_ns = played.time_ns;
    call.fault = played.fault;
    call.family = played.family;
    call.thresholds = played.thresholds;
    if (played.has_request) call.request = RequestOf(played);
    if (played.has_response) call.response = ResponseOf(played);
    const PastFacts past = history_.Recall(call);
    history_.Record(call);
    return past;
  }

  static std::vector<Seen> Users(std::uint32_t first, std::uint32_t count) {
    std::vector<Seen> users(count);
    for (std::uint32_t i = 0; i < count; ++i) users[i].username = "user" + std::to_string(first + i);
    return users;
  }

 private:
  const SessionEnumRequest* RequestOf(const Played& played) {
    SessionEnumRequest built = make_.Request(played.level);
    built.client_name = make_.String(played.client_name);
    built.user_name = make_.String(played.user_name);
    built.preferred_maximum_length.value = played.maximum;
    built.resume_handle = MessageBuilder::Unique(played.handle);
    SessionEnumRequest& decoded = requests_.emplace_back();
    EXPECT_TRUE(DecodeRequest(stubs_.emplace_back(EncodeMessage(built, kNdr)), kNdr, limits_, decoded).ok());
    return &decoded;
  }
  const SessionEnumResponse* ResponseOf(const Played& played) {
    SessionEnumResponse built;
    built.info = MessageBuilder::Info(played.level);
    std::vector<Session> sessions;
    for (const Seen& seen : played.sessions) {
      Session& session = sessions.emplace_back(make_.MakeSession(1));
      session.cname = make_.String(seen.cname);
      session.username = make_.String(seen.username);
      session.time.value = seen.time;
      session.user_flags.value = seen.flags;
    }
    MessageBuilder::SetSessions(std::move(sessions), built);
    if (!played.has_container) built.info.container_pointer = {};
    built.total_entries.value = played.total.value_or(built.total_entries.value);
    built.resume_handle = MessageBuilder::Unique(played.given);
    built.status.value = played.status;
    SessionEnumResponse& decoded = responses_.emplace_back();
    EXPECT_TRUE(DecodeResponse(stubs_.emplace_back(EncodeMessage(built, kNdr)), kNdr, limits_, decoded).ok());
    return &decoded;
  }

  Limits limits_;
  Budget budget_{limits_};
  CallHistory history_{budget_};
  MessageBuilder make_;
  std::deque<std::vector<std::uint8_t>> stubs_;
  std::deque<SessionEnumRequest> requests_;
  std::deque<SessionEnumResponse> responses_;
};

TEST_F(HistoryTest, TheFirstCallHasNoPast) {
  const PastFacts past = Play({});
  EXPECT_FALSE(past.page);
  EXPECT_FALSE(past.missed_answer);
  EXPECT_FALSE(past.handle_was_given);
  EXPECT_FALSE(past.handles_forgotten);
  EXPECT_FALSE(past.list_size);
  EXPECT_FALSE(past.was_compared);
  EXPECT_TRUE(past.is_new_server);
  EXPECT_FALSE(past.is_new_refusal);
  EXPECT_TRUE(past.is_new_family);
  EXPECT_EQ(past.servers_asked, 1U);
  EXPECT_EQ(past.calls_to_server, 1U);
  EXPECT_EQ(past.servers_refusing, 0U);
}

TEST_F(HistoryTest, ThePageBeforeIsToldWithItsNumbers) {
  Play({.handle = 3, .maximum = 500, .status = kErrorMoreData, .sessions = Users(0, 2), .total = 9, .given = 7});
  const PastFacts past = Play({.pipe = 1, .handle = 7, .sessions = Users(2, 1)});
  ASSERT_TRUE(past.page);
  EXPECT_TRUE(past.page->same_pipe);
  EXPECT_EQ(past.page->status, kErrorMoreData);
  EXPECT_EQ(past.page->asked_handle, 3U);
  EXPECT_EQ(past.page->given_handle, 7U);
  EXPECT_EQ(past.page->total_entries, 9U);
  EXPECT_EQ(past.page->entries_read, 2U);
  EXPECT_EQ(past.page->maximum_length, 500U);
  EXPECT_EQ(past.page->repeated, 0U);
  // Two strings of 6 units each and four numbers, with pointers of eight bytes and eight bytes of slack twice a field.
  EXPECT_EQ(past.page->most_bytes, 2U * (8 + 2 * 6 + 8 + 2 * 6 + 4 * 4 + 2 * 8 * 6));
}

TEST_F(HistoryTest, APageWithoutMoreToComeIsNotMeasured) {
  Play({.sessions = Users(0, 2)});
  const PastFacts past = Play({.sessions = Users(0, 2)});
  ASSERT_TRUE(past.page);
  EXPECT_EQ(past.page->most_bytes, 0U);
  EXPECT_EQ(past.page->repeated, 0U);
}

TEST_F(HistoryTest, AHandleThatIsNullIsNone) {
  Play({.handle = std::nullopt, .status = kErrorMoreData, .total = 2, .given = std::nullopt});
  const PastFacts past = Play({});
  ASSERT_TRUE(past.page);
  EXPECT_EQ(past.page->asked_handle, std::nullopt);
  EXPECT_EQ(past.page->given_handle, std::nullopt);
}

TEST_F(HistoryTest, PagesAreOfOneClientServerLevelAndQualifiers) {
  const Played first{.client_name = R"(\\WS1)", .user_name = "bob"};
  Play(first);
  for (int change = 0; change < 7; ++change) {
    Played other = first;
    if (change == 1) other.client = 9;
    if (change == 2) other.server = 9;
    if (change == 3) other.level = 2;
    if (change == 4) other.client_name = R"(\\WS2)";
    if (change == 5) other.user_name = "eve";
    if (change == 6) std::swap(other.client_name, other.user_name);
    EXPECT_EQ(Play(other).page.has_value(), change == 0) << change;
  }
  Played elsewhere = first;
  elsewhere.pipe = 2;
  const PastFacts past = Play(elsewhere);
  ASSERT_TRUE(past.page);
  EXPECT_FALSE(past.page->same_pipe);
}

TEST_F(HistoryTest, ACallThatFailedOrWasNotSeenIsNoPage) {
  Play({.status = kErrorAccessDenied});
  EXPECT_FALSE(Play({.has_response = false}).page);
  EXPECT_FALSE(Play({.has_request = false}).page);
  EXPECT_FALSE(Play({}).page);
  EXPECT_TRUE(Play({}).page);
}

TEST_F(HistoryTest, SessionsOfThePageBeforeAreCounted) {
  Play({.status = kErrorMoreData, .sessions = Users(0, 5), .total = 9, .given = 7});
  std::vector<Seen> page = Users(3, 3);
  page.push_back({.cname = R"(\\WS2)", .username = "user4"});
  const PastFacts past = Play({.handle = 7, .sessions = page});
  ASSERT_TRUE(past.page);
  EXPECT_EQ(past.page->repeated, 2U);
}

TEST_F(HistoryTest, NamesThatRunTogetherAreNotTheSame) {
  Play({.status = kErrorMoreData, .sessions = {{"ab", "c"}}, .total = 9, .given = 7});
  EXPECT_EQ(Play({.handle = 7, .sessions = {{"a", "bc"}}}).page->repeated, 0U);
}

TEST_F(HistoryTest, BackslashesAreNoPartOfTheName) {
  Play({.status = kErrorMoreData, .sessions = {{R"(\\WS1)", "bob"}}, .total = 9, .given = 7});
  EXPECT_EQ(Play({.handle = 7, .sessions = {{"WS1", "bob"}}}).page->repeated, 1U);
}

// The last sixteen of a page and the first sixteen of the next lie side by side.
TEST_F(HistoryTest, SixteenSessionsOfEachPageAreCompared) {
  Play({.status = kErrorMoreData, .sessions = Users(0, 20), .total = 99, .given = 7});
  std::vector<Seen> page = Users(3, 2);  // the fourth is too early, the fifth is kept
  EXPECT_EQ(Play({.handle = 7, .sessions = page}).page->repeated, 1U);
}

TEST_F(HistoryTest, WhatStandsBehindSixteenSessionsIsNotLookedAt) {
  Play({.status = kErrorMoreData, .sessions = Users(100, 2), .total = 99, .given = 7});
  std::vector<Seen> page = Users(0, 15);
  page.push_back(Users(100, 1)[0]);
  page.push_back(Users(101, 1)[0]);
  EXPECT_EQ(Play({.handle = 7, .sessions = page}).page->repeated, 1U);
}

TEST_F(HistoryTest, AHandleIsGivenToOneClient) {
  Play({.given = 7});
  EXPECT_TRUE(Play({.handle = 7}).handle_was_given);
  EXPECT_FALSE(Play({.handle = 8}).handle_was_given);
  EXPECT_FALSE(Play({.client = 9, .handle = 7}).handle_was_given);
  EXPECT_FALSE(Play({.server = 9, .handle = 7}).handle_was_given);
  EXPECT_TRUE(Play({.level = 10, .handle = 7}).handle_was_given);
}

TEST_F(HistoryTest, ZeroIsNoHandle) {
  Play({.given = 0});
  EXPECT_FALSE(Play({.handle = 0}).handle_was_given);
}

TEST_F(HistoryTest, EightHandlesAreRemembered) {
  for (std::uint32_t handle = 1; handle <= 8; ++handle) {
    EXPECT_FALSE(Play({.handle = handle, .given = handle}).handles_forgotten) << handle;
    EXPECT_TRUE(Play({.handle = handle, .given = handle}).handle_was_given) << handle;
  }
  EXPECT_TRUE(Play({.handle = 1}).handles_forgotten);
  for (std::uint32_t handle = 1; handle <= 8; ++handle) EXPECT_TRUE(Play({.handle = handle}).handle_was_given);
  // Each further one takes the place of the oldest, for two rounds and more.
  for (std::uint32_t handle = 9; handle <= 40; ++handle) {
    Play({.given = handle});
    EXPECT_TRUE(Play({.handle = handle}).handle_was_given) << handle;
    EXPECT_TRUE(Play({.handle = handle - 7}).handle_was_given) << handle;
    EXPECT_FALSE(Play({.handle = handle - 8}).handle_was_given) << handle;
    EXPECT_TRUE(Play({.handle = handle}).handles_forgotten);
  }
}

TEST_F(HistoryTest, AMissedAnswerIsRememberedForThePair) {
  EXPECT_FALSE(Play({.has_response = false, .fault = 5}).missed_answer);
  EXPECT_FALSE(Play({.has_response = false}).missed_answer);
  EXPECT_TRUE(Play({}).missed_answer);
  EXPECT_TRUE(Play({}).missed_answer);
  EXPECT_FALSE(Play({.client = 9}).missed_answer);
  EXPECT_FALSE(Play({.server = 9}).missed_answer);
}

TEST_F(HistoryTest, TheSizeOfTheListIsThatOfAWholeOne) {
  const Played whole{.sessions = Users(0, 3)};
  EXPECT_EQ((Play(whole), Play({})).list_size, 3U);
  EXPECT_EQ(Play({.client = 9}).list_size, std::nullopt);
  const auto after = [this, &whole](Played partial) {
    Play(whole);
    partial.sessions = Users(0, 2);
    Play(partial);
    return Play(whole).list_size;
  };
  EXPECT_EQ(after({}), 2U);
  EXPECT_EQ(after({.total = 1}), 2U);
  EXPECT_EQ(after({.total = 3}), 3U);
  EXPECT_EQ(after({.status = kErrorMoreData}), 3U);
  EXPECT_EQ(after({.handle = 1}), 3U);
  EXPECT_EQ(after({.handle = std::nullopt}), 2U);
  EXPECT_EQ(after({.client_name = R"(\\WS1)"}), 3U);
  EXPECT_EQ(after({.user_name = "bob"}), 3U);
  EXPECT_EQ(after({.client_name = "", .user_name = ""}), 2U);
  EXPECT_EQ(after({.status = kErrorAccessDenied}), 3U);
}

TEST_F(HistoryTest, AServersSpellingIsToldByItsNames) {
  PastFacts past = Play({.sessions = {}});
  EXPECT_FALSE(past.server_writes_backslashes || past.server_omits_backslashes);
  past = Play({.sessions = {{"", "bob"}}});
  EXPECT_FALSE(past.server_writes_backslashes || past.server_omits_backslashes);
  past = Play({.sessions = {{"WS1", "bob"}}});
  EXPECT_TRUE(past.server_omits_backslashes) << "the call's own names count";
  EXPECT_FALSE(past.server_writes_backslashes);
  past = Play({.sessions = {}});
  EXPECT_TRUE(past.server_omits_backslashes);
  past = Play({.sessions = {{R"(\\WS1)", "bob"}}});
  EXPECT_TRUE(past.server_omits_backslashes && past.server_writes_backslashes);
  past = Play({.client = 9, .sessions = {}});
  EXPECT_TRUE(past.server_omits_backslashes && past.server_writes_backslashes);
  past = Play({.server = 9, .sessions = {}});
  EXPECT_FALSE(past.server_omits_backslashes || past.server_writes_backslashes);
}

TEST_F(HistoryTest, AServerShowsThatItKnowsMoreLevels) {
  EXPECT_FALSE(Play({.level = 0}).server_knows_more_levels);
  EXPECT_FALSE(Play({.level = 1}).server_knows_more_levels);
  EXPECT_FALSE(Play({.level = 2, .status = kErrorInvalidLevel}).server_knows_more_levels);
  EXPECT_FALSE(Play({.level = 2, .has_container = false}).server_knows_more_levels);
  EXPECT_TRUE(Play({.level = 2}).server_knows_more_levels);
  EXPECT_TRUE(Play({.level = 0}).server_knows_more_levels);
  EXPECT_FALSE(Play({.server = 9, .level = 0}).server_knows_more_levels);
}

// Two levels on the same sessions, `apart` seconds from each other.
struct TwoLevels {
  std::uint32_t time = 60;
  std::uint32_t other_time = 60;
  std::int64_t apart_ns = 0;
};

TEST_F(HistoryTest, AgesMayDifferByTheTimeBetweenAndTwoSeconds) {
  std::int64_t now = 0;
  std::uint8_t client = 10;
  const auto agree = [&](const TwoLevels& of) {
    now += 1'000 * kSecond;
    ++client;
    Play({.client = client, .time_ns = now, .level = 1, .sessions = {{.time = of.time}}});
    const PastFacts past =
        Play({.client = client, .time_ns = now + of.apart_ns, .level = 10, .sessions = {{.time = of.other_time}}});
    EXPECT_TRUE(past.was_compared);
    return !past.disagreement;
  };
  EXPECT_TRUE(agree({60, 60, 0}));
  EXPECT_TRUE(agree({60, 62, 0}));
  EXPECT_FALSE(agree({60, 63, 0}));
  EXPECT_TRUE(agree({60, 58, 0}));
  EXPECT_FALSE(agree({60, 57, 0}));
  EXPECT_TRUE(agree({60, 66, 4 * kSecond}));
  EXPECT_FALSE(agree({60, 67, 4 * kSecond}));
  EXPECT_FALSE(agree({60, 67, 5 * kSecond - 1}));
  EXPECT_TRUE(agree({60, 58, 4 * kSecond}));
  EXPECT_FALSE(agree({60, 57, 4 * kSecond}));
  EXPECT_TRUE(agree({60, 72, 10 * kSecond}));
  EXPECT_TRUE(agree({60, 62, -kSecond}));
  EXPECT_FALSE(agree({60, 63, -kSecond}));
  EXPECT_TRUE(agree({1, 0, 0}));
  EXPECT_TRUE(agree({0xFFFFFFFE, 0xFFFFFFFD, 0}));
  EXPECT_FALSE(agree({0xFFFFFFFE, 1, 0}));
  EXPECT_FALSE(agree({1, 0xFFFFFFFE, 0}));
  EXPECT_TRUE(agree({0xFFFFFFFF, 60, 0})) << "Samba's age of a session made at this moment";
  EXPECT_TRUE(agree({60, 0xFFFFFFFF, 0}));
}

TEST_F(HistoryTest, ADisagreementNamesItsPlace) {
  Play({.level = 1, .sessions = {{R"(\\WS1)", "amy", 5}, {R"(\\WS1)", "bob", 60}}});
  const PastFacts past =
      Play({.level = 10, .sessions = {{"WS9", "zoe", 7}, {"WS1", "amy", 5}, {"WS1", "bob", 90}, {"WS1", "cat"}}});
  ASSERT_TRUE(past.disagreement);
  EXPECT_EQ(past.disagreement->element, 2U);
  EXPECT_EQ(past.disagreement->seen, 90U);
  EXPECT_EQ(past.disagreement->expected, 60U);
  EXPECT_EQ(past.disagreement->field, "time");
  EXPECT_EQ(past.disagreement->where.length, 4U);
  EXPECT_NE(past.disagreement->where.offset, 0U);
}

TEST_F(HistoryTest, FlagsAreComparedBeforeAges) {
  Play({.level = 1, .sessions = {{.time = 5, .flags = 1}}});
  PastFacts past = Play({.level = 2, .sessions = {{.time = 90, .flags = 2}}});
  ASSERT_TRUE(past.disagreement);
  EXPECT_EQ(past.disagreement->field, "user_flags");
  EXPECT_EQ(past.disagreement->seen, 2U);
  EXPECT_EQ(past.disagreement->expected, 1U);
  EXPECT_EQ(past.disagreement->element, 0U);
  EXPECT_EQ(past.disagreement->where.length, 4U);
  past = Play({.level = 10, .sessions = {{.time = 90, .flags = 3}}});
  EXPECT_TRUE(past.was_compared);
  EXPECT_FALSE(past.disagreement) << "level 10 has no flags";
}

TEST_F(HistoryTest, TheFirstDisagreementIsTold) {
  Play({.level = 1, .sessions = {{R"(\\WS1)", "amy", 5}, {R"(\\WS1)", "bob", 60}}});
  const PastFacts past = Play({.level = 10, .sessions = {{"WS1", "amy", 50}, {"WS1", "bob", 90}}});
  ASSERT_TRUE(past.disagreement);
  EXPECT_EQ(past.disagreement->element, 0U);
}

TEST_F(HistoryTest, OnlyNeighboursOfOtherLevelsAreCompared) {
  const auto compared = [this](Played next) {
    Play({.level = 1, .sessions = {{.time = 60}}});
    next.sessions = {{.time = 60}};
    return Play(next).was_compared;
  };
  EXPECT_TRUE(compared({.level = 10}));
  EXPECT_FALSE(compared({.level = 1}));
  EXPECT_TRUE(compared({.time_ns = 10 * kSecond, .level = 10}));
  EXPECT_FALSE(compared({.time_ns = 10 * kSecond + 1, .level = 10}));
  EXPECT_FALSE(compared({.client = 9, .level = 10}));
  EXPECT_FALSE(compared({.server = 9, .level = 10}));
  EXPECT_FALSE(compared({.level = 10, .status = kErrorAccessDenied}));
  EXPECT_FALSE(compared({.level = 0})) << "level 0 has no users";
}

TEST_F(HistoryTest, SessionsThatLookAlikeAreNotCompared) {
  const Seen bob;
  const Seen eve{.username = "eve"};
  const auto compared = [this](std::vector<Seen> before, std::vector<Seen> after) {
    Play({.level = 1, .sessions = std::move(before)});
    return Play({.level = 10, .sessions = std::move(after)}).was_compared;
  };
  EXPECT_TRUE(compared({bob}, {bob}));
  EXPECT_FALSE(compared({bob, bob}, {bob}));
  EXPECT_FALSE(compared({bob}, {bob, bob}));
  EXPECT_FALSE(compared({bob}, {eve}));
  EXPECT_TRUE(compared({bob, bob, eve}, {bob, eve}));
}

TEST_F(HistoryTest, SixteenSessionsAreComparedAcrossLevels) {
  Play({.level = 1, .sessions = Users(0, 17)});
  EXPECT_TRUE(Play({.level = 10, .sessions = {Users(15, 1)}}).was_compared);
  Play({.level = 1, .sessions = Users(0, 17)});
  EXPECT_FALSE(Play({.level = 10, .sessions = {Users(16, 1)}}).was_compared);
  Play({.level = 1, .sessions = Users(40, 1)});
  EXPECT_FALSE(Play({.level = 10, .sessions = Users(24, 17)}).was_compared);
  Play({.level = 1, .sessions = Users(40, 1)});
  EXPECT_TRUE(Play({.level = 10, .sessions = Users(25, 17)}).was_compared);
}

TEST_F(HistoryTest, AnAnswerWithoutSessionsLeavesTheSamples) {
  Play({.level = 1});
  Play({.level = 1, .sessions = {}});
  EXPECT_TRUE(Play({.level = 10}).was_compared);
  Play({.level = 1, .status = kErrorAccessDenied});
  EXPECT_FALSE(Play({.level = 10}).was_compared);
}

TEST_F(HistoryTest, ServersAreCountedOnceInTheWindow) {
  for (std::uint8_t server = 1; server <= 4; ++server) {
    const PastFacts past = Play({.server = server, .time_ns = server * kSecond});
    EXPECT_TRUE(past.is_new_server);
    EXPECT_EQ(past.servers_asked, server);
    EXPECT_FALSE(Play({.server = server, .time_ns = server * kSecond}).is_new_server);
  }
  EXPECT_EQ(Play({.client = 9, .server = 5}).servers_asked, 1U);
  PastFacts past = Play({.server = 1, .time_ns = 301 * kSecond});
  EXPECT_FALSE(past.is_new_server);
  EXPECT_EQ(past.servers_asked, 0U);
  past = Play({.server = 1, .time_ns = 301 * kSecond + 1});
  EXPECT_TRUE(past.is_new_server);
  EXPECT_EQ(past.servers_asked, 4U);
}

TEST_F(HistoryTest, CallsToOneServerAreCountedUntilTheyAreTold) {
  Thresholds thresholds;
  thresholds.repeats = 3;
  for (const std::uint32_t expected : {1U, 2U, 3U, 1U, 2U}) {
    EXPECT_EQ(Play({.thresholds = thresholds}).calls_to_server, expected);
  }
  EXPECT_EQ(Play({.handle = 5, .thresholds = thresholds}).calls_to_server, 0U) << "a further page is no new call";
  EXPECT_EQ(Play({.server = 9, .thresholds = thresholds}).calls_to_server, 1U);
  EXPECT_EQ(Play({.has_request = false, .thresholds = thresholds}).calls_to_server, 3U);
  thresholds.window_seconds = 2;
  EXPECT_EQ(Play({.client = 9, .thresholds = thresholds}).calls_to_server, 1U);
  EXPECT_EQ(Play({.client = 9, .time_ns = 2 * kSecond, .thresholds = thresholds}).calls_to_server, 2U);
  EXPECT_EQ(Play({.client = 9, .time_ns = 4 * kSecond, .thresholds = thresholds}).calls_to_server, 2U);
}

TEST_F(HistoryTest, RefusalsAreCountedOnceAServer) {
  EXPECT_FALSE(Play({.server = 1, .status = kErrorInvalidLevel}).is_new_refusal);
  PastFacts past = Play({.server = 1, .status = kErrorAccessDenied});
  EXPECT_TRUE(past.is_new_refusal);
  EXPECT_EQ(past.servers_refusing, 1U);
  past = Play({.server = 1, .status = kErrorAccessDenied});
  EXPECT_FALSE(past.is_new_refusal);
  EXPECT_EQ(past.servers_refusing, 0U);
  past = Play({.server = 2, .has_response = false, .fault = kErrorAccessDenied});
  EXPECT_TRUE(past.is_new_refusal);
  EXPECT_EQ(past.servers_refusing, 2U);
  EXPECT_FALSE(Play({.server = 3, .has_response = false, .fault = 0x6F7}).is_new_refusal);
  EXPECT_FALSE(Play({.server = 1, .time_ns = 300 * kSecond, .status = kErrorAccessDenied}).is_new_refusal);
  past = Play({.server = 1, .time_ns = 300 * kSecond + 1, .status = kErrorAccessDenied});
  EXPECT_TRUE(past.is_new_refusal);
  EXPECT_EQ(past.servers_refusing, 1U);
  EXPECT_EQ(Play({.client = 9, .status = kErrorAccessDenied}).servers_refusing, 1U);
}

TEST_F(HistoryTest, AFamilyIsNewOnce) {
  const ClientFamily* first = &ClientFamilies()[0];
  const ClientFamily* second = &ClientFamilies()[1];
  EXPECT_TRUE(Play({.family = first}).is_new_family);
  EXPECT_FALSE(Play({.server = 9, .family = first}).is_new_family);
  EXPECT_TRUE(Play({.family = second}).is_new_family);
  EXPECT_FALSE(Play({.family = first}).is_new_family);
  EXPECT_TRUE(Play({.client = 9, .family = first}).is_new_family);
  EXPECT_TRUE(Play({}).is_new_family) << "nobody's hand was not seen before";
}

TEST(HistoryLimitsTest, TheOldestIsForgottenAndCounted) {
  Limits limits;
  limits.judged_series = 2;
  Budget budget(limits);
  CallHistory history(budget);
  const auto is_new = [&history](std::uint8_t client) {
    CallFacts call;
    call.client.bytes[0] = client;
    const bool is_new_server = history.Recall(call).is_new_server;
    history.Record(call);
    return is_new_server;
  };
  EXPECT_TRUE(is_new(1));
  EXPECT_TRUE(is_new(2));
  EXPECT_FALSE(is_new(1));
  EXPECT_EQ(budget.hits(Cap::kJudgedSeries), 0U);
  EXPECT_TRUE(is_new(3));
  EXPECT_EQ(budget.hits(Cap::kJudgedSeries), 2U) << "a client and its pair with the server";
  EXPECT_FALSE(is_new(2));
  EXPECT_TRUE(is_new(1));
}

}  // namespace
}  // namespace sessenum
