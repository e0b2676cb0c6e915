// A few thousand calls in which everything that rules look at is combined at random. The vectors say what is right;
// this notices whatever changes beside them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalogue.h"
#include "rules/vectors_testing.h"
#include "rules/verdict.h"

namespace sessenum {
namespace {

using Words = std::span<const std::string_view>;

// Lines of vectors, drawn from what stands in the tables. A word that is empty leaves the fact out; one that stands
// several times comes as much more often.
constexpr std::array<std::string_view, 16> kConnections = {"",
                                                           "",
                                                           "",
                                                           "pipe 2",
                                                           "pipe 1",
                                                           "client 10.0.0.9",
                                                           "client 10.0.0.1",
                                                           "server 10.0.0.3",
                                                           "guest",
                                                           "user",
                                                           "tcp",
                                                           "interface unseen",
                                                           "interface 2",
                                                           "interface 3",
                                                           "ndr ndr64 features",
                                                           "ndr"};
constexpr std::array<std::string_view, 3> kTrees = {"", R"(tree "\\FS1\IPC$")", R"(tree "\\fs2.wg\IPC$")"};
constexpr std::array<std::string_view, 10> kLevels = {"level 0",  "level 1",   "level 1",   "level 2", "level 10",
                                                      "level 10", "level 502", "level 502", "level 7", "level 1 tag 2"};
constexpr std::array<std::string_view, 7> kServers = {
    "", "", "server NULL", R"(server "")", R"(server "FS1")", R"(server "\\FS2")", R"(server "\\10.0.0.2")"};
constexpr std::array<std::string_view, 9> kClients = {"",
                                                      "",
                                                      "",
                                                      R"(client "")",
                                                      R"(client "\\WS1")",
                                                      R"(client "\\ws2")",
                                                      R"(client "WS1")",
                                                      R"(client "\\"+"x"*1021)",
                                                      R"(client "\\"+"x"*1022)"};
constexpr std::array<std::string_view, 9> kUsers = {"",
                                                    "",
                                                    "",
                                                    R"(user "")",
                                                    R"(user "bob")",
                                                    R"(user "WG\bob")",
                                                    R"(user "eve")",
                                                    R"(user "x"*1023)",
                                                    R"(user "x"*1024)"};
constexpr std::array<std::string_view, 10> kMaxima = {"",        "",        "",        "max 0",   "max 20",
                                                      "max 100", "max 180", "max 260", "max 400", "max 0xFFFFFFFE"};
constexpr std::array<std::string_view, 9> kHandles = {"",         "",         "handle 0", "handle NULL", "handle 1",
                                                      "handle 2", "handle 3", "handle 7", "handle 7"};
constexpr std::array<std::string_view, 14> kDefects = {
    "", "", "", "", "", "", "", "", "ids alike", "cut 4", "cut 30", "short 4", "extra 12", "container NULL"};
constexpr std::array<std::string_view, 17> kStatuses = {"",
                                                        "",
                                                        "",
                                                        "",
                                                        "status ERROR_MORE_DATA",
                                                        "status ERROR_MORE_DATA",
                                                        "status ERROR_MORE_DATA",
                                                        "status ERROR_ACCESS_DENIED",
                                                        "status ERROR_INVALID_LEVEL",
                                                        "status ERROR_INVALID_PARAMETER",
                                                        "status ERROR_NOT_SUPPORTED",
                                                        "status NERR_InvalidComputer",
                                                        "status NERR_UserNotFound",
                                                        "status NERR_ClientNameNotFound",
                                                        "status 0xC0000022",
                                                        "status 0x80070005",
                                                        "status 0x4D2"};
constexpr std::array<std::string_view, 6> kTotals = {"", "", "", "total 1", "total 2", "total 5"};
constexpr std::array<std::string_view, 8> kEntries = {"", "", "", "", "", "", "entries 0", "entries 3"};
constexpr std::array<std::string_view, 6> kFaults = {"fault 5",          "fault 0x6F7",      "fault 0x1C000006",
                                                     "fault 0x1C010003", "fault 0x1C000007", "fault 1"};
constexpr std::array<std::string_view, 9> kSessions = {R"(session "\\WS1" "bob")",
                                                       R"(session "\\WS1" "bob" time 61 idle 3)",
                                                       R"(session "\\WS1" "bob" time 90 idle 91)",
                                                       R"(session "WS1" "WG\bob" flags 1)",
                                                       R"(session "\\WS2" "eve" flags 3 time 5)",
                                                       R"(session "ws2" "BOB" flags 4)",
                                                       R"(session "" "" idle 60)",
                                                       R"(session NULL NULL time 0xFFFFFFFF)",
                                                       R"(session "\\10.0.0.1" "amy" time 7 idle 8)"};

class Story {
 public:
  explicit Story(std::uint32_t seed) : random_(seed) {}

  // One vector, of some calls that may continue each other.
  std::string Tell(int number) {
    text_ = "vector: " + std::to_string(number) + "\n";
    std::uint32_t now = 0;
    const std::uint32_t calls = 1 + Below(5);
    for (std::uint32_t i = 0; i < calls; ++i) {
      now += Below(3) == 0 ? Below(200) : Below(4);
      text_ += "connection at " + std::to_string(now);
      Put(kConnections);
      Put(kTrees);
      text_ += "\n";
      // Most calls are pages of the same enumeration.
      if (i == 0 || Below(3) == 0) request_ = Request();
      Call();
    }
    return text_ + "expect G1 pass\n";
  }

 private:
  std::uint32_t Below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_()) % limit; }
  std::string_view Any(Words words) { return words[Below(static_cast<std::uint32_t>(words.size()))]; }
  void Put(Words words) { text_.append(" ").append(Any(words)); }

  std::string Request() {
    std::string request = "request";
    for (const Words words : {Words(kLevels), Words(kServers), Words(kClients), Words(kUsers), Words(kMaxima)}) {
      request.append(" ").append(Any(words));
    }
    return request;
  }

  void Call() {
    if (Below(16) == 0) {
      text_ += "no request";
    } else {
      text_ += request_;
      Put(kHandles);
      Put(kDefects);
    }
    text_ += "\n";
    const std::uint32_t ending = Below(16);
    if (ending == 0) {
      text_ += "no answer";
    } else if (ending < 3) {
      text_ += Any(kFaults);
    } else {
      text_ += "response";
      for (const Words words : {Words(kStatuses), Words(kTotals), Words(kEntries), Words(kHandles), Words(kDefects)}) {
        Put(words);
      }
      for (std::uint32_t i = Below(4); i > 0; --i) Put(kSessions);
    }
    text_ += "\n";
  }

  std::mt19937 random_;
  std::string text_;
  std::string request_;
};

// Of one rule: how often it gave each verdict, and a digest of all that it said.
struct Tally {
  std::map<std::string, int, std::less<>> verdicts;
  std::uint64_t digest = 0xCBF29CE484222325U;  // FNV-1a

  void Add(const std::string& line) {
    const std::size_t blank = line.find(' ');
    ++verdicts[line.substr(blank + 1, line.find(' ', blank + 1) - blank - 1)];
    for (const char c : line) digest = (digest ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
  }
};

std::string Tallies() {
  Story story(1);
  std::map<std::string, Tally, std::less<>> tallies;
  for (int i = 0; i < 1'000; ++i) {
    const VectorFile file = ParseVectors("story", story.Tell(i));
    EXPECT_THAT(file.errors, testing::IsEmpty());
    for (const std::string& line : FindingsOfEachCall(file.vectors.at(0), {}, Catalogue())) {
      tallies[line.substr(0, line.find(' '))].Add(line);
    }
  }
  std::ostringstream out;
  for (const auto& [rule, tally] : tallies) {
    out << rule;
    for (const auto& [verdict, times] : tally.verdicts) out << ' ' << verdict << ' ' << times;
    out << ' ' << std::hex << tally.digest << std::dec << '\n';
  }
  return out.str();
}

TEST(CombinationsTest, EachRuleSaysWhatItSaidBefore) {
  const std::string path = SESSENUM_TESTDATA_DIR "/combinations.txt";
  const std::string seen = Tallies();
  if (std::getenv("SESSENUM_UPDATE_FINDINGS") != nullptr) std::ofstream(path) << seen;
  std::ifstream in(path);
  std::istringstream lines(seen);
  std::string expected;
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(std::getline(in, expected)) << "the file ends before: " << line;
    EXPECT_EQ(line, expected);
  }
  EXPECT_FALSE(std::getline(in, expected)) << "missing: " << expected;
}

}  // namespace
}  // namespace sessenum
