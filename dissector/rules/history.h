// What earlier calls of a capture tell about a later one.
#ifndef SESSENUM_RULES_HISTORY_H_
#define SESSENUM_RULES_HISTORY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bounded_map.h"
#include "base/limits.h"
#include "rules/call_facts.h"
#include "rules/recent_times.h"

namespace sessenum {

// Remembers enumerations (by client, server, level and qualifiers, whichever pipe or connection carries them), servers
// and clients; each up to Limits::judged_series. The oldest are forgotten first.
class CallHistory {
 public:
  // `budget` must outlive the history.
  explicit CallHistory(Budget& budget);

  // What the calls recorded so far tell about `call`. Counts it among its client's.
  [[nodiscard]] PastFacts Recall(const CallFacts& call);
  void Record(const CallFacts& call);

 private:
  struct SeriesKey {
    IpAddress client;
    IpAddress server;
    std::uint32_t level = 0;
    std::uint64_t qualifiers = 0;  // digest of ClientName and UserName

    friend constexpr auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
  };
  using PairKey = std::pair<IpAddress, IpAddress>;  // client, server

  static constexpr std::size_t kSampled = 16;  // sessions of a page that are compared with another
  static constexpr std::size_t kHandles = 8;

  struct Series {
    PastFacts::Page page;
    std::uint64_t pipe = 0;
    std::array<std::uint64_t, kSampled> last{};  // digests of its last sessions
    std::uint32_t last_count = 0;
  };
  // A session, as one level shows it.
  struct Sample {
    std::uint64_t who = 0;
    std::uint32_t time = 0;
    std::uint32_t user_flags = 0;
    bool has_time = false;
    bool has_flags = false;
  };
  struct Pair {
    std::array<std::uint32_t, kHandles> handles{};  // those that the server gave last
    std::uint32_t handle_count = 0;
    bool missed_answer = false;
    std::optional<std::uint32_t> list_size;
    std::uint32_t level = 0;  // of the samples
    std::int64_t time_ns = 0;
    std::array<Sample, kSampled> samples{};
    std::uint32_t sample_count = 0;
    RecentTimes calls;  // first pages
    std::optional<std::int64_t> asked_ns;
    std::optional<std::int64_t> refused_ns;
  };
  struct Server {
    bool writes_backslashes = false;
    bool omits_backslashes = false;
    bool knows_more_levels = false;
  };
  struct Client {
    std::vector<std::string_view> families;  // names of ClientFamilies()
    RecentTimes asked;                       // servers, each once in the window
    RecentTimes refusing;
  };

  // A map that finds at once what was asked for last: calls of one pipe follow each other.
  template <typename Key, typename Value>
  struct Memory {
    explicit Memory(std::size_t capacity) : map(capacity) {}

    [[nodiscard]] Value* Find(const Key& key) {
      if (last == nullptr || last_key != key) {
        last_key = key;
        last = map.Find(key);
      }
      return last;
    }

    BoundedMap<Key, Value> map;
    Key last_key{};
    Value* last = nullptr;
  };

  template <typename Key, typename Value>
  [[nodiscard]] Value& Get(Memory<Key, Value>& memory, const Key& key);
  [[nodiscard]] static SeriesKey KeyOf(const CallFacts& call);
  void RecallPage(const CallFacts& call, PastFacts& past);
  static void CompareLevels(const CallFacts& call, const Pair& pair, PastFacts& past);
  void CountPatterns(const CallFacts& call, Pair& pair, PastFacts& past);
  static void NoteHandle(const CallFacts& call, Pair& pair);
  static void NoteSpelling(const CallFacts& call, Server& server);
  void RecordPage(const CallFacts& call);
  static void RecordSamples(const CallFacts& call, Pair& pair);

  Budget& budget_;
  Memory<SeriesKey, Series> series_;
  Memory<PairKey, Pair> pairs_;
  Memory<IpAddress, Server> servers_;
  Memory<IpAddress, Client> clients_;
};

}  // namespace sessenum

#endif  // SESSENUM_RULES_HISTORY_H_
