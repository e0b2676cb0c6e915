// Property: the rules judge any requests and responses, each call by one verdict of each rule, the same each time and
// however much is told; what they say can be said, and stands where the field stands. Of a call by itself they say what
// a second reading of the specification says (fuzz/rule_walk.h). Of traffic that breaks nothing no rule says that it
// does, whatever of it was not captured.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "fuzz/conforming_traffic.h"
#include "fuzz/field_places.h"
#include "fuzz/require.h"
#include "fuzz/rule_walk.h"
#include "ndr/format.h"
#include "rules/catalogue.h"
#include "rules/judge.h"
#include "srvsvc/codec.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

// A call and what its facts point to.
struct CapturedCall {
  CallFacts facts;
  std::vector<std::uint8_t> request_stub;
  std::vector<std::uint8_t> response_stub;
  SessionEnumRequest request;
  SessionEnumResponse response;
  bool is_lawful_request = true;
};

struct Judged {
  std::vector<Finding> findings;
  VerdictCounts counts{};
};

std::vector<Judged> JudgeAll(const std::vector<const CallFacts*>& calls, Telling telling) {
  Limits limits;
  limits.judged_series = 8;
  Budget budget(limits);
  JudgeOptions options;
  options.telling = telling;
  options.thresholds.sweep_servers = options.thresholds.repeats = options.thresholds.refusing_servers = 2;
  Judge judge(budget, options);
  std::vector<Judged> all(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) judge.Examine(*calls[i], all[i].findings, all[i].counts);
  return all;
}

std::uint64_t SizeOfStub(const CallFacts& call, Direction message) {
  if (message == Direction::kToServer) return call.request != nullptr ? call.request->report.size : 0;
  return call.response != nullptr ? call.response->report.size : 0;
}

void RequireSayable(const Finding& finding, const CallFacts& call) {
  Require(finding.where.end() <= SizeOfStub(call, finding.message), "a finding stands within its stub");
  const std::string message = Message(finding);
  Require(message.find('{') == std::string::npos || !finding.quoted.empty(), "a message has no holes");
  Require(!FieldPath(finding).empty(), "a finding names a field");
  const bool has_reason = finding.verdict == Verdict::kUndecided || IsTold(finding.verdict, Telling::kNotable);
  Require(!has_reason || !message.empty(), "what is worth a look, or undecided, has its reason");
}

bool IsOfForm(const Finding& finding) { return finding.rule.starts_with("G5"); }

// Each rule with a check has told its verdict, in the catalogue's order.
void RequireOneVerdictEach(const Judged& judged) {
  auto finding = judged.findings.begin();
  const auto end = judged.findings.end();
  while (finding != end && IsOfForm(*finding)) ++finding;
  for (const Rule& rule : Catalogue()) {
    if (rule.check == nullptr) continue;
    Require(finding != end && finding->rule.data() == rule.id.data(), "each rule gives one verdict for each call");
    ++finding;
  }
  Require(finding == end, "no rule gives two verdicts for a call");
}

bool IsInCatalogue(std::string_view rule) {
  return std::ranges::any_of(Catalogue(), [rule](const Rule& known) { return known.id == rule; });
}

// Of the stub's form there is one verdict for each message, or one for each defect.
void RequireNoContradiction(std::span<const Finding> forms) {
  for (const Finding& one : forms) {
    Require(IsInCatalogue(one.rule), "a finding is of a rule of the catalogue");
    if (one.verdict != Verdict::kViolation) continue;
    const bool passes = std::ranges::any_of(forms, [&one](const Finding& other) {
      return other.message == one.message && other.verdict == Verdict::kPass &&
             (other.rule == one.rule || other.rule == "G5");
    });
    Require(!passes, "no rule passes and breaks at once");
  }
}

void RequireCounted(const Judged& judged) {
  VerdictCounts told{};
  for (const Finding& finding : judged.findings) {
    // What a defect is merely allowed to be is no verdict of its own.
    if (finding.verdict != Verdict::kPass || !IsOfForm(finding) || finding.rule == "G5")
      ++told[static_cast<std::size_t>(finding.verdict)];
  }
  Require(told == judged.counts, "what is told is what is counted");
}

void RequireSound(const Judged& judged, const CallFacts& call) {
  for (const Finding& finding : judged.findings) RequireSayable(finding, call);
  RequireOneVerdictEach(judged);
  const auto forms = std::ranges::find_if_not(judged.findings, IsOfForm);
  RequireNoContradiction(std::span(judged.findings.begin(), forms));
  RequireCounted(judged);
}

bool SameFinding(const Finding& a, const Finding& b) {
  return a.rule == b.rule && a.verdict == b.verdict && a.message == b.message && a.where == b.where &&
         a.field == b.field && a.times == b.times && a.text == b.text && a.why == b.why && a.seen == b.seen &&
         a.expected == b.expected && a.quoted == b.quoted;
}

void RequireSame(const Judged& one, const Judged& other) {
  Require(one.counts == other.counts, "judging again agrees");
  Require(std::ranges::equal(one.findings, other.findings, SameFinding), "judging again agrees");
}

// What is told of everything, without what nobody need look at.
Judged Notable(Judged judged) {
  std::erase_if(judged.findings, [](const Finding& finding) { return !IsTold(finding.verdict, Telling::kNotable); });
  return judged;
}

// One finding for each oddity of the stub, and one of the whole where none of them breaks anything.
void RequireFormAsRecorded(const StubReport& report, Direction message, bool is_whole,
                           std::span<const Finding>& forms) {
  const auto next = [&forms, message](std::string_view rule, Verdict verdict) {
    Require(!forms.empty() && forms[0].rule == rule && forms[0].message == message && forms[0].verdict == verdict,
            "the form of a stub is judged by its oddities");
    const Finding& finding = forms[0];
    forms = forms.subspan(1);
    return finding;
  };
  bool is_broken = false;
  for (const Anomaly& anomaly : report.anomalies.entries()) {
    const bool is_of_the_end = anomaly.kind == AnomalyKind::kTruncated || anomaly.kind == AnomalyKind::kTrailingBytes;
    if (is_of_the_end && !is_whole) continue;
    const Verdict verdict = fuzz::VerdictOn(anomaly.kind);
    const Finding finding = next("G5-" + std::string(Name(anomaly.kind)), verdict);
    Require(finding.where == anomaly.where && finding.field == anomaly.field && finding.seen == anomaly.seen &&
                finding.expected == anomaly.expected && finding.times == anomaly.times,
            "a finding of form tells the oddity");
    is_broken |= verdict == Verdict::kViolation;
  }
  if (is_broken) return;
  const bool is_known = is_whole && report.anomalies.dropped() == 0 && report.status.code != Errc::kLimit;
  const Finding whole = next("G5", is_known ? Verdict::kPass : Verdict::kUndecided);
  Require(whole.where == Extent{0, report.consumed}, "a stub is judged as far as it was read");
}

void RequireInPlace(const Finding& finding, const CallFacts& call) {
  Require(finding.message == (fuzz::IsOfClient(finding.rule) ? Direction::kToServer : Direction::kToClient),
          "a finding is of the side that must keep the rule");
  const auto place = fuzz::PlaceOfField(call, finding.message, finding.field);
  Require(!place || finding.where == Extent{} || finding.where == *place, "a finding stands where its field stands");
}

// Of a call of which nothing came before.
void RequireAsWalked(const CapturedCall& call) {
  const CallFacts& facts = call.facts;
  const std::vector<Finding> findings = JudgeAll({&facts}, Telling::kAll)[0].findings;
  const auto rules = std::ranges::find_if_not(findings, IsOfForm);
  std::span<const Finding> forms(findings.begin(), rules);
  if (facts.request != nullptr)
    RequireFormAsRecorded(facts.request->report, Direction::kToServer, facts.request_whole, forms);
  if (facts.response != nullptr)
    RequireFormAsRecorded(facts.response->report, Direction::kToClient, facts.response_whole, forms);
  Require(forms.empty(), "the form of a stub is judged by its oddities");
  for (const Finding& finding : std::span(rules, findings.end())) {
    RequireInPlace(finding, facts);
    const auto expected = fuzz::WalkRule(finding.rule, facts);
    if (!expected || *expected == finding.verdict) continue;
    std::fprintf(stderr, "%.*s says %.*s, and not %.*s\n", static_cast<int>(finding.rule.size()), finding.rule.data(),
                 static_cast<int>(Name(finding.verdict).size()), Name(finding.verdict).data(),
                 static_cast<int>(Name(*expected).size()), Name(*expected).data());
    Require(false, "a rule says of a call what the specification says");
  }
}

std::vector<Judged> RequireSound(const std::deque<CapturedCall>& calls) {
  std::vector<const CallFacts*> facts;
  facts.reserve(calls.size());
  for (const CapturedCall& call : calls) facts.push_back(&call.facts);
  std::vector<Judged> judged = JudgeAll(facts, Telling::kAll);
  const std::vector<Judged> again = JudgeAll(facts, Telling::kAll);
  const std::vector<Judged> notable = JudgeAll(facts, Telling::kNotable);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    RequireSound(judged[i], calls[i].facts);
    RequireSame(judged[i], again[i]);
    RequireSame(Notable(judged[i]), notable[i]);
    RequireAsWalked(calls[i]);
  }
  return judged;
}

NdrFormat FormatOf(unsigned flags) {
  return {(flags & 1U) != 0 ? TransferSyntax::kNdr64 : TransferSyntax::kNdr,
          (flags & 2U) != 0 ? ByteOrder::kBig : ByteOrder::kLittle};
}

CapturedCall& AddCall(std::deque<CapturedCall>& calls) {
  CapturedCall& call = calls.emplace_back();
  call.facts.why_no_request = call.facts.why_no_response = "it was not captured";
  call.facts.tree = "\\\\SRV\\IPC$";
  call.facts.time_ns = static_cast<std::int64_t>(calls.size()) * 1'000'000'000;
  return call;
}

void DecodeStubs(NdrFormat format, CapturedCall& call) {
  static const Limits limits;
  static_cast<void>(DecodeRequest(call.request_stub, format, limits, call.request));
  static_cast<void>(DecodeResponse(call.response_stub, format, limits, call.response));
}

// The next of `size` bytes, or what there is of them.
Bytes Take(Bytes& input, std::size_t size) {
  const Bytes taken = input.first(std::min(size, input.size()));
  input = input.subspan(taken.size());
  return taken;
}

std::size_t TakeSize(Bytes& input) {
  const Bytes size = Take(input, 2);
  return size.size() < 2 ? 0 : size[0] + 256U * size[1];
}

constexpr std::array<std::uint32_t, 5> kFaults = {0x1C010003, kErrorAccessDenied, 0x6F7, 0x1C000006, 0x1C000007};

constexpr std::size_t kAnotherFollows = 0x8000;
constexpr std::size_t kConforming = 0xFFFF;

// Takes one call off the front of `input`.
void AddAnyCall(Bytes& input, std::deque<CapturedCall>& calls) {
  CapturedCall& call = AddCall(calls);
  const unsigned flags = Take(input, 1)[0];
  const std::size_t size = TakeSize(input);
  const bool another = (size & kAnotherFollows) != 0;
  const Bytes request = Take(input, size & ~kAnotherFollows);
  const std::size_t response_size = another ? TakeSize(input) : 0;
  const Bytes response = Take(input, another ? response_size & ~kAnotherFollows : input.size());
  call.request_stub.assign(request.begin(), request.end());
  call.response_stub.assign(response.begin(), response.end());
  DecodeStubs(FormatOf(flags), call);
  CallFacts& facts = call.facts;
  if ((flags & 4U) == 0) facts.request = &call.request;
  if ((flags & 8U) == 0) facts.response = &call.response;
  if ((flags & 16U) != 0 && facts.response == nullptr) facts.fault = kFaults[response.size() % kFaults.size()];
  if (response.size() % 3 != 0) facts.is_nobody = response.size() % 3 == 1;
  facts.request_whole = facts.response_whole = (flags & 32U) == 0;
  facts.over_named_pipe = (flags & 64U) == 0;
  if ((flags & 128U) != 0) facts.interface = kSrvsvcInterface;
  facts.offer = {true, (flags & 1U) != 0, false};
  facts.pipe = (response_size & kAnotherFollows) != 0 ? 1 : 0;
}

std::deque<CapturedCall> AnyCalls(Bytes input) {
  constexpr std::size_t kMostCalls = 4;
  std::deque<CapturedCall> calls;
  while (input.size() >= 3 && calls.size() < kMostCalls) AddAnyCall(input, calls);
  // A call alone is judged twice: the second finds what the first left behind.
  if (calls.size() != 1) return calls;
  CapturedCall& second = calls.emplace_back();
  second.facts = calls.front().facts;
  second.facts.time_ns += 1'000'000'000;
  return calls;
}

// What the capture may have lost of a call: a message, the end of one, or how the pipe was bound.
void Lose(fuzz::Choices& choices, NdrFormat format, CapturedCall& call) {
  CallFacts& facts = call.facts;
  facts.request_whole = facts.response_whole = true;
  facts.interface = kSrvsvcInterface;
  const std::uint32_t loss = choices.Below(16);
  if (loss == 1 || loss == 2) {
    call.request_stub.resize(std::min<std::size_t>(call.request_stub.size(), choices.Byte()));
    facts.request_whole = false;
  }
  if (loss == 2 || loss == 3) {
    call.response_stub.resize(std::min<std::size_t>(call.response_stub.size(), 2U * choices.Byte()));
    facts.response_whole = false;
  }
  DecodeStubs(format, call);
  if (loss != 4) facts.request = &call.request;
  if (loss != 5) facts.response = &call.response;
  if (loss == 6) facts.interface.reset();
}

std::deque<CapturedCall> ConformingCalls(Bytes input) {
  fuzz::Choices choices(input);
  fuzz::ConformingServer servers[2] = {fuzz::ConformingServer(choices), fuzz::ConformingServer(choices)};
  fuzz::Client clients[2];
  constexpr std::size_t kMostCalls = 8;
  std::deque<CapturedCall> calls;
  while (!choices.empty() && calls.size() < kMostCalls) {
    CapturedCall& call = AddCall(calls);
    const unsigned who = choices.Byte();
    const unsigned server = who & 1U;
    fuzz::Client& client = clients[(who >> 1U) & 1U];
    // MS-RPCE 2.2.5: NDR64 is little-endian.
    const NdrFormat format = FormatOf((who & 4U) != 0 ? 1 : (who >> 2U) & 2U);
    servers[server].Live(choices);
    const auto [asked, is_lawful] = client.Ask(server, choices);
    const fuzz::Answered answer = servers[server].Answer(asked, choices);
    client.Learn(server, asked, answer);
    MessageBuilder builder;
    call.is_lawful_request = is_lawful;
    EncodeRequest(fuzz::MakeRequest(asked, builder), format, Referents::kAscending, call.request_stub);
    EncodeResponse(fuzz::MakeResponse(asked, answer, servers[server].clock(), choices.OneIn(2), builder), format,
                   Referents::kAscending, call.response_stub);
    Lose(choices, format, call);
    call.facts.server.bytes[15] = static_cast<std::uint8_t>(1 + server);
    call.facts.client.bytes[15] = static_cast<std::uint8_t>(10 + ((who >> 1U) & 1U));
    call.facts.pipe = who & 0x13U;
    call.facts.offer = {true, (who & 4U) != 0, false};
  }
  return calls;
}

// No rule speaks of a violation: of a server's never, of a client's where its request is lawful.
void RequireNothingBroken(const std::deque<CapturedCall>& calls, const std::vector<Judged>& judged) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (const Finding& finding : judged[i].findings) {
      const bool is_due = finding.message == Direction::kToServer && !calls[i].is_lawful_request;
      if (finding.verdict != Verdict::kViolation || is_due) continue;
      std::fprintf(stderr, "call %zu: %.*s: %s\n", i, static_cast<int>(finding.rule.size()), finding.rule.data(),
                   Message(finding).c_str());
      Require(false, "traffic that breaks nothing yields no violation");
    }
  }
}

}  // namespace

// Byte 0: formats and circumstances; bytes 1 and 2: the size of the request's stub; the stub; the response's stub.
// With bit 15 of the size, the response's stub has a size of two bytes, too, whose bit 15 is the pipe, and another call
// follows. With 0xFFFF for the size of the first request, all that follows are the choices of a conforming client and
// server.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  if (size < 3 || input[1] + 256U * input[2] != kConforming) {
    static_cast<void>(RequireSound(AnyCalls(input)));
    return 0;
  }
  const std::deque<CapturedCall> calls = ConformingCalls(input.subspan(3));
  RequireNothingBroken(calls, RequireSound(calls));
  return 0;
}
