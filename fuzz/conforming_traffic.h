// Calls that break nothing: a server that does what MS-SRVS 3.1.4.5 asks of it and what it leaves open otherwise, a
// client that calls it, and a capture that may have lost some of it. Written from that section alone.
#ifndef SESSENUM_FUZZ_CONFORMING_TRAFFIC_H_
#define SESSENUM_FUZZ_CONFORMING_TRAFFIC_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/bytes.h"
#include "srvsvc/message_builder_testing.h"
#include "srvsvc/status.h"

namespace sessenum::fuzz {

// The decisions that an input makes; it says 0 once it is used up.
class Choices {
 public:
  explicit Choices(Bytes bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t byte = bytes_[0];
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  // Below `count`.
  std::uint32_t Below(std::uint32_t count) { return Byte() % count; }
  bool OneIn(std::uint32_t count) { return Byte() % count == count - 1; }

 private:
  Bytes bytes_;
};

using Text = std::optional<std::string>;  // nullopt: a NULL pointer

// A session as the server keeps it. Names are ASCII, so that everybody agrees on their case.
struct ServedSession {
  std::string computer;  // with its backslashes
  std::string user;
  std::uint32_t num_opens = 0;
  std::uint32_t since = 0;  // seconds of the server's clock
  std::uint32_t flags = 0;
  std::string type;
};

struct Asked {
  Text client_name;
  Text user_name;
  std::uint32_t level = 0;
  std::uint32_t most = kMaxPreferredLength;
  std::optional<std::uint32_t> handle;
};

struct Answered {
  std::uint32_t status = kNerrSuccess;
  std::vector<ServedSession> sessions;
  std::uint32_t total = 0;
  std::optional<std::uint32_t> handle;
};

inline std::string Lowercase(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

class ConformingServer {
 public:
  explicit ConformingServer(Choices& choices)
      : pointer_size_(choices.OneIn(2) ? 8 : 4), first_handle_(choices.OneIn(2) ? 0 : 1 + 40 * choices.Below(9)) {
    for (std::uint32_t count = choices.Below(8); count > 0; --count) Join(choices);
  }

  // Between calls sessions come and go, at the end of the list.
  void Live(Choices& choices) {
    clock_ += choices.Below(4);
    if (choices.OneIn(8)) Join(choices);
    if (choices.OneIn(8) && !sessions_.empty()) sessions_.pop_back();
  }

  [[nodiscard]] Answered Answer(const Asked& asked, Choices& choices) const {
    if (const std::uint32_t refusal = Refusal(asked, choices); refusal != kNerrSuccess) return Fail(refusal, asked);
    std::vector<ServedSession> matching;
    std::ranges::copy_if(sessions_, std::back_inserter(matching),
                         [&](const ServedSession& session) { return Matches(session, asked); });
    if (matching.empty() && (IsSpecified(asked.client_name) || IsSpecified(asked.user_name)))
      return Fail(NotFound(asked, choices), asked);
    return Page(matching, asked);
  }

  [[nodiscard]] std::uint32_t clock() const { return clock_; }

 private:
  void Join(Choices& choices) {
    static constexpr std::array<const char*, 5> kComputers = {"\\\\WS-1", "\\\\ws-2", "\\\\10.0.0.7", "\\\\[fe80::1]",
                                                              "\\\\WS-1"};
    static constexpr std::array<const char*, 5> kUsers = {"alice", "BOB", "", "WG$", "svc_backup"};
    ServedSession session;
    session.computer = kComputers[choices.Below(5)];
    session.user = kUsers[choices.Below(5)];
    session.num_opens = choices.Byte();
    session.since = clock_ - std::min(clock_, choices.Below(100));
    session.flags = choices.Below(4);
    session.type = choices.OneIn(2) ? "Windows" : "";
    sessions_.push_back(session);
  }

  static bool IsSpecified(const Text& text) { return text && !text->empty(); }
  static bool IsTooLong(const Text& text) { return text && text->size() + 1 > 1'024; }

  // The error that the request earns; of several any one, for the text gives no order.
  [[nodiscard]] static std::uint32_t Refusal(const Asked& asked, Choices& choices) {
    std::vector<std::uint32_t> errors;
    if (IsSpecified(asked.client_name) && !asked.client_name->starts_with("\\\\")) errors.push_back(0x92F);
    if (IsTooLong(asked.client_name) || IsTooLong(asked.user_name)) errors.push_back(87);
    if (FindLevel(asked.level) == nullptr) errors.push_back(124);
    // The rights of the caller are the server's own affair.
    if (choices.OneIn(16)) errors.push_back(5);
    return errors.empty() ? kNerrSuccess : errors[choices.Below(static_cast<std::uint32_t>(errors.size()))];
  }

  static bool Matches(const ServedSession& session, const Asked& asked) {
    if (IsSpecified(asked.client_name) && Lowercase(*asked.client_name) != Lowercase(session.computer)) return false;
    return !IsSpecified(asked.user_name) || Lowercase(*asked.user_name) == Lowercase(session.user);
  }

  static std::uint32_t NotFound(const Asked& asked, Choices& choices) {
    if (!IsSpecified(asked.user_name)) return 0x908;
    if (!IsSpecified(asked.client_name)) return 0x8AD;
    return choices.OneIn(2) ? 0x908 : 0x8AD;
  }

  static Answered Fail(std::uint32_t status, const Asked& asked) {
    Answered answer;
    answer.status = status;
    answer.handle = asked.handle;
    return answer;
  }

  [[nodiscard]] Answered Page(const std::vector<ServedSession>& list, const Asked& asked) const {
    const std::uint32_t handle = asked.handle.value_or(0);
    const std::size_t start =
        handle == 0 ? 0 : std::min<std::size_t>(handle - std::min(handle, first_handle_), list.size());
    Answered answer;
    answer.total = static_cast<std::uint32_t>(list.size() - start);
    std::size_t end = start;
    std::uint64_t bytes = 0;
    for (; end < list.size(); ++end) {
      bytes += SizeOf(list[end], asked.level);
      if (asked.most != kMaxPreferredLength && bytes > asked.most) break;
    }
    // An index of 0 would send the client back to the start for ever.
    if (end == start && end < list.size() && end + first_handle_ == 0) ++end;
    answer.sessions.assign(list.begin() + static_cast<std::ptrdiff_t>(start),
                           list.begin() + static_cast<std::ptrdiff_t>(end));
    answer.status = end < list.size() ? kErrorMoreData : kNerrSuccess;
    if (!asked.handle) return answer;
    answer.handle = end < list.size() ? first_handle_ + static_cast<std::uint32_t>(end) : 0;
    return answer;
  }

  // Bytes of a structure of this server and of its strings.
  [[nodiscard]] std::uint64_t SizeOf(const ServedSession& session, std::uint32_t level) const {
    const auto text = [&](const std::string& string) { return pointer_size_ + 2 * (string.size() + 1); };
    std::uint64_t size = text(session.computer);
    if (level == 0) return size;
    size += text(session.user) + 8;
    if (level == 10) return size;
    size += 8;
    if (level >= 2) size += text(session.type);
    return level == 502 ? size + text(kTransportName) : size;
  }

 public:
  static constexpr const char* kTransportName = "\\Device\\NetbiosSmb";

 private:
  std::uint32_t pointer_size_;
  std::uint32_t first_handle_;  // what stands for the first entry: 0 for an index
  std::uint32_t clock_ = 1'000;
  std::vector<ServedSession> sessions_;
};

// One client of several, which keeps the rules but where it is told to err.
class Client {
 public:
  struct Question {
    Asked asked;
    bool is_lawful = true;
  };

  Question Ask(std::uint32_t server, Choices& choices) {
    static constexpr std::array<std::uint32_t, 8> kAskedLevels = {0, 1, 2, 10, 502, 10, 502, 3};
    Question question;
    Asked& asked = question.asked;
    asked.level = kAskedLevels[choices.Below(kAskedLevels.size())];
    asked.client_name = ClientName(choices);
    asked.user_name = UserName(choices);
    if (choices.OneIn(2)) asked.most = 4 * choices.Byte();
    question.is_lawful = FindLevel(asked.level) != nullptr &&
                         (!asked.client_name || asked.client_name->empty() || asked.client_name->starts_with("\\\\"));
    if (!choices.OneIn(4)) asked.handle = Handle(server, asked, choices, question.is_lawful);
    return question;
  }

  void Learn(std::uint32_t server, const Asked& asked, const Answered& answer) {
    if (answer.status == kErrorMoreData && answer.handle) {
      given_[KeyOf(server, asked)] = *answer.handle;
    } else {
      given_.erase(KeyOf(server, asked));
    }
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, Text, Text>;
  static Key KeyOf(std::uint32_t server, const Asked& asked) {
    return {server, asked.level, asked.client_name, asked.user_name};
  }

  static Text ClientName(Choices& choices) {
    switch (choices.Below(10)) {
      case 0:
        return "";
      case 1:
        return "\\\\ws-1";
      case 2:
        return "\\\\WS-2";
      case 3:
        return "\\\\nobody";
      case 4:
        return "WS-1";  // lacks its backslashes
      case 5:
        // Most names are short: what is long is slow.
        return "\\\\" + std::string((choices.OneIn(8) ? 1'015 : 1) + choices.Below(16), 'w');
      default:
        return std::nullopt;
    }
  }
  static Text UserName(Choices& choices) {
    switch (choices.Below(8)) {
      case 0:
        return "";
      case 1:
        return "ALICE";
      case 2:
        return "bob";
      case 3:
        return "nobody";
      case 4:
        return std::string((choices.OneIn(8) ? 1'015 : 1) + choices.Below(16), 'u');
      default:
        return std::nullopt;
    }
  }

  std::uint32_t Handle(std::uint32_t server, const Asked& asked, Choices& choices, bool& is_lawful) {
    if (choices.OneIn(16)) {
      is_lawful = false;
      return choices.Byte();
    }
    const auto given = given_.find(KeyOf(server, asked));
    return given == given_.end() || choices.OneIn(8) ? 0 : given->second;
  }

  std::map<Key, std::uint32_t> given_;
};

inline SessionEnumRequest MakeRequest(const Asked& asked, MessageBuilder& builder) {
  SessionEnumRequest request;
  request.server_name = builder.String("\\\\SRV");
  request.client_name = builder.String(asked.client_name);
  request.user_name = builder.String(asked.user_name);
  request.info = MessageBuilder::Info(asked.level);
  request.preferred_maximum_length.value = asked.most;
  request.resume_handle = MessageBuilder::Unique(asked.handle);
  return request;
}

inline SessionEnumResponse MakeResponse(const Asked& asked, const Answered& answer, std::uint32_t clock,
                                        bool empty_array, MessageBuilder& builder) {
  SessionEnumResponse response;
  response.info = MessageBuilder::Info(asked.level);
  std::vector<Session> sessions;
  for (const ServedSession& served : answer.sessions) {
    Session& session = sessions.emplace_back();
    session.cname = builder.String(served.computer);
    session.username = builder.String(served.user);
    session.num_opens.value = served.num_opens;
    session.time.value = clock - served.since;
    session.idle_time.value = session.time.value / 2;
    session.user_flags.value = served.flags;
    session.cltype_name = builder.String(served.type);
    session.transport = builder.String(ConformingServer::kTransportName);
  }
  const bool has_array = !sessions.empty() || empty_array;
  if (FindLevel(asked.level) != nullptr) MessageBuilder::SetSessions(std::move(sessions), response);
  if (!has_array) response.info.container.buffer = {};
  response.total_entries.value = answer.total;
  response.resume_handle = MessageBuilder::Unique(answer.handle);
  response.status.value = answer.status;
  return response;
}

}  // namespace sessenum::fuzz

#endif  // SESSENUM_FUZZ_CONFORMING_TRAFFIC_H_
