#include "rules/vectors_testing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "rules/finding.h"
#include "rules/judge.h"
#include "rules/recent_times.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

// A line, word by word. Blanks inside of quotes belong to the word.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) { SkipBlanks(); }

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  // The next word; empty at the end of the line.
  std::string_view Next() {
    const std::string_view word = Peek();
    rest_.remove_prefix(word.size());
    SkipBlanks();
    return word;
  }
  [[nodiscard]] std::string_view Peek() const {
    bool quoted = false;
    std::size_t end = 0;
    while (end < rest_.size() && (quoted || rest_[end] != ' ')) quoted ^= rest_[end++] == '"';
    return rest_.substr(0, end);
  }
  // What is left of the line.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  void SkipBlanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
};

std::optional<std::uint32_t> ToNumber(std::string_view word) {
  const bool is_hex = word.starts_with("0x");
  if (is_hex) word.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number, is_hex ? 16 : 10);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

// "a"*3+"b" is aaab. There are no escapes.
std::optional<std::string> ToText(std::string_view word) {
  std::string text;
  while (!word.empty()) {
    const std::size_t close = word.find('"', 1);
    if (word.front() != '"' || close == std::string_view::npos) return std::nullopt;
    const std::string_view piece = word.substr(1, close - 1);
    word.remove_prefix(close + 1);
    std::optional<std::uint32_t> times = 1;
    if (word.starts_with('*')) {
      times = ToNumber(word.substr(1, word.find('+') - 1));
      word.remove_prefix(std::min(word.find('+'), word.size()));
    }
    if (!times) return std::nullopt;
    for (std::uint32_t i = 0; i < *times; ++i) text += piece;
    if (word.empty()) return text;
    if (!word.starts_with('+')) return std::nullopt;
    word.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<IpAddress> ToAddress(std::string_view word) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? word.find('.') : word.size();
    if (dot == std::string_view::npos) return std::nullopt;
    const auto number = ToNumber(word.substr(0, dot));
    if (!number || *number > 255) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(*number);
    word.remove_prefix(std::min(dot + 1, word.size()));
  }
  return address;
}

std::optional<std::uint32_t> ToStatus(std::string_view word) {
  if (const auto number = ToNumber(word)) return number;
  constexpr std::uint32_t kHighestWin32Code = 0xFFFF;
  for (std::uint32_t status = 0; status <= kHighestWin32Code; ++status) {
    if (!word.empty() && NetApiStatusName(status) == word) return status;
  }
  return std::nullopt;
}

std::optional<Verdict> ToVerdict(std::string_view word) {
  const auto found = std::ranges::find(kVerdictNames, word);
  if (found == kVerdictNames.end()) return std::nullopt;
  return static_cast<Verdict>(found - kVerdictNames.begin());
}

// Reads the lines of a file. Whatever goes wrong ends the line, with an error.
class Parser {
 public:
  Parser(std::string file_name, VectorFile& file) : file_name_(std::move(file_name)), file_(file) {}

  void Line(std::string_view line) {
    ++number_;
    if (!line.empty() && line.back() == '\r') return Fail("a carriage return");
    Words words(line);
    if (words.empty() || words.Peek().front() == '#') return;
    if (words.Peek() == "vector:") return StartVector(words);
    if (file_.vectors.empty()) return Fail("the first line must be vector: NAME");
    const std::string_view keyword = words.Next();
    if (keyword == "connection") return Connection(words);
    if (keyword == "expect") return Expect(words);
    if (!vector().expectations.empty()) return Fail("a call after the expectations");
    if (keyword == "request") return Request(words);
    if (keyword == "no") return Missing(words);
    if (keyword == "response") return Response(words);
    if (keyword == "fault") return Fault(words);
    if (keyword == "repeat") return Repeat(words);
    Fail("what is " + std::string(keyword) + "?");
  }

  void End() {
    if (file_.vectors.empty()) return Fail("there is no vector");
    EndVector();
  }

 private:
  RuleVector& vector() { return file_.vectors.back(); }
  VectorCall& call() { return vector().calls.back(); }

  void Fail(const std::string& what) { file_.errors.push_back(Place() + ": " + what); }
  [[nodiscard]] std::string Place() const { return file_name_ + ":" + std::to_string(number_); }

  // Takes a value off the line into `out`; false, with an error, where it is none.
  template <typename T, typename Convert>
  bool Take(Words& words, std::string_view what, Convert convert, T& out) {
    const std::string_view word = words.Next();
    const auto value = convert(word);
    if (value) {
      out = *value;
    } else {
      Fail("expected " + std::string(what) + ", found '" + std::string(word) + "'");
    }
    return value.has_value();
  }
  template <typename T>
  bool TakeNumber(Words& words, T& out) {
    return Take(words, "a number", ToNumber, out);
  }
  bool TakeName(Words& words, NdrString& out) {
    std::optional<std::string> text;
    if (words.Peek() == "NULL") {
      words.Next();
    } else if (!Take(words, "NULL or a text in quotes", ToText, text)) {
      return false;
    }
    out = file_.texts.String(text);
    return true;
  }
  bool TakeHandle(Words& words, NdrUniqueU32& out) {
    std::optional<std::uint32_t> number;
    if (words.Peek() == "NULL") {
      words.Next();
    } else if (!TakeNumber(words, number)) {
      return false;
    }
    out = MessageBuilder::Unique(number);
    return true;
  }

  void StartVector(Words& words) {
    words.Next();
    if (words.empty()) return Fail("a vector without a name");
    if (!file_.vectors.empty()) EndVector();
    file_.vectors.push_back({std::string(words.rest()), Place(), {}, {}});
    connection_ = {};
    connection_.client = *ToAddress("10.0.0.1");
    connection_.server = *ToAddress("10.0.0.2");
    is_answered_ = true;
  }

  void EndVector() {
    if (!is_answered_) Fail("'" + vector().name + "': the last call has neither response nor fault nor 'no answer'");
    if (vector().calls.empty()) Fail("'" + vector().name + "' has no call");
    if (vector().expectations.empty()) Fail("'" + vector().name + "' expects nothing");
  }

  void Connection(Words& words) {
    while (!words.empty()) {
      if (!ConnectionFact(words.Next(), words)) return;
    }
  }

  bool ConnectionFact(std::string_view key, Words& words) {
    VectorConnection& to = connection_;
    if (key == "client") return Take(words, "an address", ToAddress, to.client);
    if (key == "server") return Take(words, "an address", ToAddress, to.server);
    if (key == "at") return TakeNumber(words, to.seconds);
    if (key == "pipe") return TakeNumber(words, to.pipe);
    if (key == "tree") return Take(words, "a text in quotes", ToText, to.tree);
    if (key == "interface") return Interface(words);
    if (key == "tcp") {
      to.over_named_pipe = false;
    } else if (key == "guest") {
      to.is_nobody = true;
    } else if (key == "user") {
      to.is_nobody = false;
    } else if (key == "ndr") {
      to.offer.ndr = true;
    } else if (key == "ndr64") {
      to.offer.ndr64 = true;
    } else if (key == "features") {
      to.offer.feature_negotiation = true;
    } else {
      Fail("a connection has no " + std::string(key));
      return false;
    }
    return true;
  }

  bool Interface(Words& words) {
    if (words.Peek() == "unseen") {
      words.Next();
      connection_.interface.reset();
      return true;
    }
    connection_.interface = kSrvsvcInterface;
    std::uint32_t version = 0;
    if (!TakeNumber(words, version)) return false;
    connection_.interface->major = static_cast<std::uint16_t>(version);
    return true;
  }

  void StartCall() {
    if (!is_answered_) Fail("the call before has neither response nor fault nor 'no answer'");
    is_answered_ = false;
    vector().calls.push_back({connection_, {}, {}, {}});
  }

  void Request(Words& words) {
    StartCall();
    VectorMessage<SessionEnumRequest>& out = call().request.emplace();
    SessionEnumRequest& request = out.message;
    request.server_name = file_.texts.String("\\\\FS1");
    request.info = MessageBuilder::Info(1);
    request.preferred_maximum_length.value = kMaxPreferredLength;
    request.resume_handle = MessageBuilder::Unique(0);
    while (!words.empty()) {
      if (!RequestFact(words.Next(), words, out)) return;
    }
    Sessions(request.info.container);
  }

  bool RequestFact(std::string_view key, Words& words, VectorMessage<SessionEnumRequest>& out) {
    SessionEnumRequest& request = out.message;
    if (key == "server") return TakeName(words, request.server_name);
    if (key == "client") return TakeName(words, request.client_name);
    if (key == "user") return TakeName(words, request.user_name);
    if (key == "max") return TakeNumber(words, request.preferred_maximum_length.value);
    if (key == "handle") return TakeHandle(words, request.resume_handle);
    return MessageFact(key, words, out);
  }

  // What requests and responses have in common.
  template <typename Message>
  bool MessageFact(std::string_view key, Words& words, VectorMessage<Message>& out) {
    SessionEnumStruct& info = out.message.info;
    if (key == "level") {
      const bool is_number = TakeNumber(words, info.level.value);
      info.tag = info.level;
      return is_number;
    }
    if (key == "tag") return TakeNumber(words, info.tag.value);
    if (key == "container") return NullContainer(words, info);
    if (key == "session") return ASession(words, info.container);
    if (key == "cut") return TakeNumber(words, out.cut);
    if (key == "short") return TakeNumber(words, out.missing);
    if (key == "extra") return TakeNumber(words, out.extra);
    if (key == "ids" && words.Peek() == "alike") {
      words.Next();
      out.referents = Referents::kRecorded;
      return true;
    }
    Fail("a message has no " + std::string(key));
    return false;
  }

  bool NullContainer(Words& words, SessionEnumStruct& info) {
    if (words.Next() != "NULL") {
      Fail("a container is there, unless it is said to be NULL");
      return false;
    }
    info.container_pointer = {};
    return true;
  }

  bool ASession(Words& words, SessionContainer& container) {
    Session session;
    session.num_opens.value = 1;
    session.time.value = 60;
    session.cltype_name = file_.texts.String("");
    session.transport = file_.texts.String("\\Device\\NetbiosSmb");
    if (!TakeName(words, session.cname) || !TakeName(words, session.username)) return false;
    while (!words.empty() && words.Peek() != "session") {
      const std::string_view key = words.Next();
      const bool is_read = SessionFact(key, words, session);
      if (!is_read) return false;
    }
    container.sessions.push_back(session);
    return true;
  }

  bool SessionFact(std::string_view key, Words& words, Session& session) {
    if (key == "opens") return TakeNumber(words, session.num_opens.value);
    if (key == "time") return TakeNumber(words, session.time.value);
    if (key == "idle") return TakeNumber(words, session.idle_time.value);
    if (key == "flags") return TakeNumber(words, session.user_flags.value);
    if (key == "type") return TakeName(words, session.cltype_name);
    if (key == "transport") return TakeName(words, session.transport);
    Fail("a session has no " + std::string(key));
    return false;
  }

  // Makes the counts those of the sessions.
  static void Sessions(SessionContainer& container) {
    container.entries_read.value = static_cast<std::uint32_t>(container.sessions.size());
    container.max_count = container.entries_read;
    container.buffer.referent = container.sessions.empty() ? 0 : 1;
  }

  void Missing(Words& words) {
    const std::string_view what = words.Next();
    if (what == "request") return StartCall();
    if (what == "answer") return Answer();
    Fail("no what? 'no request' or 'no answer'");
  }

  void Answer() {
    if (is_answered_) Fail("an answer without a request");
    is_answered_ = true;
  }

  void Response(Words& words) {
    Answer();
    if (vector().calls.empty()) return;
    VectorMessage<SessionEnumResponse>& out = call().response.emplace();
    SessionEnumResponse& response = out.message;
    response.info = MessageBuilder::Info(1);
    response.resume_handle = MessageBuilder::Unique(0);
    if (call().request) {
      response.info = MessageBuilder::Info(call().request->message.info.level.value);
      if (call().request->message.resume_handle.pointer.null()) response.resume_handle = {};
    }
    std::optional<std::uint32_t> total;
    std::optional<std::uint32_t> entries;
    while (!words.empty()) {
      if (!ResponseFact(words.Next(), words, out, total, entries)) return;
    }
    Sessions(response.info.container);
    response.total_entries.value = total.value_or(response.info.container.entries_read.value);
    if (entries) response.info.container.entries_read.value = *entries;
  }

  bool ResponseFact(std::string_view key, Words& words, VectorMessage<SessionEnumResponse>& out,
                    std::optional<std::uint32_t>& total, std::optional<std::uint32_t>& entries) {
    if (key == "status") return Take(words, "a status", ToStatus, out.message.status.value);
    if (key == "total") return TakeNumber(words, total);
    if (key == "entries") return TakeNumber(words, entries);
    if (key == "handle") return TakeHandle(words, out.message.resume_handle);
    return MessageFact(key, words, out);
  }

  void Fault(Words& words) {
    Answer();
    if (vector().calls.empty()) return;
    static_cast<void>(TakeNumber(words, call().fault));
  }

  void Repeat(Words& words) {
    std::uint32_t times = 0;
    if (!TakeNumber(words, times)) return;
    if (vector().calls.empty() || !is_answered_) return Fail("nothing to repeat");
    const VectorCall last = call();
    vector().calls.insert(vector().calls.end(), times, last);
  }

  void Expect(Words& words) {
    const std::string_view id = words.Next();
    VectorExpectation expectation{FindRule(id)};
    if (expectation.rule == nullptr) return Fail("there is no rule " + std::string(id));
    if (!Take(words, "a verdict", ToVerdict, expectation.verdict)) return;
    if (!words.empty()) return Fail("one expectation a line");
    vector().expectations.push_back(expectation);
  }

  std::string file_name_;
  VectorFile& file_;
  std::size_t number_ = 0;
  VectorConnection connection_;
  bool is_answered_ = true;
};

// A message as it comes off the wire. The stub must stay where it is for as long as the message is used.
template <typename Message>
struct Received {
  std::vector<std::uint8_t> stub;
  Message message;
  bool is_whole = true;

  void Receive(const VectorMessage<Message>& sent, NdrFormat format, const Limits& limits) {
    stub = EncodeMessage(sent.message, format, sent.referents);
    stub.resize(stub.size() - std::min<std::size_t>(stub.size(), sent.cut + sent.missing) + sent.extra);
    is_whole = sent.cut == 0;
    static_cast<void>(DecodeMessage(stub, format, limits, message));
  }
};

struct ReceivedCall {
  Received<SessionEnumRequest> request;
  Received<SessionEnumResponse> response;
};

CallFacts FactsOf(const VectorCall& call, const ReceivedCall& received) {
  const VectorConnection& connection = call.connection;
  CallFacts facts;
  facts.client = connection.client;
  facts.server = connection.server;
  facts.time_ns = connection.seconds * kNanosecondsPerSecond;
  facts.pipe = connection.pipe;
  facts.over_named_pipe = connection.over_named_pipe;
  facts.tree = connection.tree;
  facts.is_nobody = connection.is_nobody;
  facts.interface = connection.interface;
  facts.offer = connection.offer;
  facts.fault = call.fault;
  facts.why_no_request = "the request was not captured";
  facts.why_no_response = "the response was not captured";
  if (call.request) facts.request = &received.request.message;
  if (call.response) facts.response = &received.response.message;
  facts.request_whole = call.request && received.request.is_whole;
  facts.response_whole = call.response && received.response.is_whole;
  return facts;
}

bool IsExpected(const Finding& finding, const RuleVector& vector) {
  return std::ranges::any_of(vector.expectations, [&](const VectorExpectation& expected) {
    return expected.rule->id == finding.rule && expected.verdict == finding.verdict;
  });
}

std::string ReachedBy(std::string_view rule, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.rule == rule) return std::string(Name(finding.verdict)) + ": " + Message(finding);
  }
  return "nothing";
}

bool IsReached(const VectorExpectation& expected, const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [&](const Finding& finding) {
    return finding.rule == expected.rule->id && finding.verdict == expected.verdict;
  });
}

}  // namespace

VectorFile ParseVectors(const std::string& file_name, std::string_view text) {
  VectorFile file;
  Parser parser(file_name, file);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.Line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  parser.End();
  return file;
}

namespace {

// The verdicts on the last call of a vector.
struct Judged {
  ReceivedCall received;  // findings point into its stubs
  std::vector<Finding> findings;
};

// `visit(findings)` after each call.
template <typename Visitor>
void JudgeCalls(const RuleVector& vector, NdrFormat format, std::span<const Rule> rules, Judged& judged,
                Visitor&& visit) {
  const Limits limits;
  Budget budget(limits);
  Judge judge(budget, {.telling = Telling::kAll, .thresholds = {}}, rules);
  for (const VectorCall& call : vector.calls) {
    if (call.request) judged.received.request.Receive(*call.request, format, limits);
    if (call.response) judged.received.response.Receive(*call.response, format, limits);
    judged.findings.clear();
    VerdictCounts counts{};
    judge.Examine(FactsOf(call, judged.received), judged.findings, counts);
    visit(judged.findings);
  }
}

void JudgeLastCall(const RuleVector& vector, NdrFormat format, std::span<const Rule> rules, Judged& judged) {
  JudgeCalls(vector, format, rules, judged, [](const std::vector<Finding>&) {});
}

bool IsSpokenOf(const Finding& finding, const RuleVector& vector) {
  if (finding.verdict == Verdict::kNotApplicable) return false;
  if (finding.verdict != Verdict::kPass && finding.verdict != Verdict::kUndecided) return true;
  return std::ranges::any_of(vector.expectations,
                             [&](const VectorExpectation& expected) { return expected.rule->id == finding.rule; });
}

std::string InWords(const Finding& finding) {
  std::string words = std::string(finding.rule) + ' ' + std::string(Name(finding.verdict)) + ' ' + FieldPath(finding);
  words += ' ' + std::to_string(finding.where.offset) + '+' + std::to_string(finding.where.length);
  return words + ": " + Message(finding);
}

}  // namespace

std::vector<std::string> Findings(const RuleVector& vector, NdrFormat format, std::span<const Rule> rules) {
  Judged judged;
  JudgeLastCall(vector, format, rules, judged);
  std::vector<std::string> lines;
  for (const Finding& finding : judged.findings) {
    if (IsSpokenOf(finding, vector)) lines.push_back(InWords(finding));
  }
  return lines;
}

std::vector<std::string> FindingsOfEachCall(const RuleVector& vector, NdrFormat format, std::span<const Rule> rules) {
  Judged judged;
  std::vector<std::string> lines;
  JudgeCalls(vector, format, rules, judged, [&lines](const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) lines.push_back(InWords(finding));
  });
  return lines;
}

std::vector<std::string> Complaints(const RuleVector& vector, NdrFormat format, std::span<const Rule> rules) {
  Judged judged;
  JudgeLastCall(vector, format, rules, judged);
  std::vector<std::string> complaints;
  for (const VectorExpectation& expected : vector.expectations) {
    if (IsReached(expected, judged.findings)) continue;
    complaints.push_back(std::string(expected.rule->id) + " must give " + std::string(Name(expected.verdict)) +
                         ", and gave " + ReachedBy(expected.rule->id, judged.findings));
  }
  for (const Finding& finding : judged.findings) {
    if (finding.verdict != Verdict::kViolation || IsExpected(finding, vector)) continue;
    complaints.push_back(std::string(finding.rule) + " gave a violation that is not expected: " + Message(finding));
  }
  return complaints;
}

}  // namespace sessenum
