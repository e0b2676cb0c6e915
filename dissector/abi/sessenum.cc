// The functions of sessenum.h: the one place where an exception of the standard library stops.
#include "sessenum/sessenum.h"

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "abi/field_table.h"
#include "abi/finding_places.h"
#include "abi/message_nodes.h"
#include "abi/node_list.h"
#include "abi/rule_table.h"
#include "base/limits.h"
#include "replay/stub_decoder.h"
#include "rules/judge.h"

// What the opaque type of the header holds. Strings of the request point into the stub.
struct sessenum_facts {
  std::vector<std::uint8_t> stub;
  sessenum::SessionEnumRequest request;
  bool is_whole = true;
};

namespace sessenum {
namespace {

static_assert(SESSENUM_NDR == static_cast<int>(TransferSyntax::kNdr) &&
              SESSENUM_NDR64 == static_cast<int>(TransferSyntax::kNdr64));
static_assert(SESSENUM_PASS == static_cast<int>(Verdict::kPass) &&
              SESSENUM_VIOLATION == static_cast<int>(Verdict::kViolation) &&
              SESSENUM_KNOWN == static_cast<int>(Verdict::kKnown) &&
              SESSENUM_ADVISORY == static_cast<int>(Verdict::kAdvisory) &&
              SESSENUM_UNDECIDED == static_cast<int>(Verdict::kUndecided) &&
              SESSENUM_NOT_APPLICABLE == static_cast<int>(Verdict::kNotApplicable));
static_assert(SESSENUM_OK == static_cast<int>(Errc::kOk) && SESSENUM_TRUNCATED == static_cast<int>(Errc::kTruncated) &&
              SESSENUM_MALFORMED == static_cast<int>(Errc::kMalformed) &&
              SESSENUM_LIMIT == static_cast<int>(Errc::kLimit));

constexpr Limits kLimits;
static_assert(SESSENUM_MOST_BYTES == kLimits.stub_bytes);

// A result and what it points to. The caller holds a pointer to `shown`, which is its base.
struct OwnedResult : sessenum_result {
  OwnedResult() : sessenum_result() {}

  NodeList list;
  std::string story;
  std::unique_ptr<sessenum_facts> facts;
};

bool IsSound(const sessenum_stub& stub) {
  return (stub.bytes != nullptr || stub.size == 0) && stub.size <= SESSENUM_MOST_BYTES &&
         stub.syntax <= SESSENUM_NDR64 && stub.byte_order <= SESSENUM_BIG_ENDIAN;
}

TransferSyntax Other(TransferSyntax syntax) {
  return syntax == TransferSyntax::kNdr ? TransferSyntax::kNdr64 : TransferSyntax::kNdr;
}

// Decodes in the syntax given, or in the other one where that alone fits and may be tried.
template <typename Message>
void DecodeFitting(Bytes bytes, const sessenum_stub& stub, std::uint32_t flags, Message& message) {
  const NdrFormat given{static_cast<TransferSyntax>(stub.syntax),
                        stub.byte_order == SESSENUM_LITTLE_ENDIAN ? ByteOrder::kLittle : ByteOrder::kBig};
  static_cast<void>(DecodeStub(bytes, given, kLimits, message));
  if ((flags & SESSENUM_TRY_OTHER_SYNTAX) == 0 || FitsWell(message)) return;
  Message other;
  const Status status = DecodeStub(bytes, {Other(given.syntax), given.order}, kLimits, other);
  if (status.ok() && FitsWell(other)) message = std::move(other);
}

std::vector<Finding> JudgeAlone(const CallFacts& call, std::uint32_t flags) {
  Budget budget(kLimits);
  JudgeOptions options;
  if ((flags & SESSENUM_WITH_ALL_VERDICTS) != 0) options.telling = Telling::kAll;
  std::vector<Finding> findings;
  VerdictCounts counts{};
  Judge(budget, options).Examine(call, findings, counts);
  return findings;
}

CallFacts FactsOfRequest(const sessenum_facts* facts) {
  CallFacts call;
  call.why_no_request = "the request was not given";
  call.why_no_response = "the response is not looked at";
  if (facts == nullptr) return call;
  call.request = &facts->request;
  call.request_whole = facts->is_whole;
  return call;
}

// Fills in `result` from the message and what the rules found.
template <typename Message>
void Show(const Message& message, const sessenum_stub& stub, const sessenum_options& options, FindingPlaces findings,
          OwnedResult& result) {
  NodeOptions how;
  how.wire_form = (options.flags & SESSENUM_WITH_WIRE_FORM) != 0;
  if (options.max_sessions != 0) how.max_sessions = options.max_sessions;
  AppendNodes(message, findings, how, result.list);
  const std::vector<sessenum_node>& nodes = result.list.Finish();
  result.nodes = nodes.data();
  result.node_count = nodes.size();
  result.story = Summary(message);
  result.summary = result.story.c_str();
  result.syntax = static_cast<std::uint32_t>(message.report.format.syntax);
  result.syntax_was_changed = result.syntax != stub.syntax ? 1 : 0;
  result.outcome = static_cast<std::uint32_t>(message.report.status.code);
  result.consumed = message.report.consumed;
  result.sessions = static_cast<std::uint32_t>(message.info.container.sessions.size());
  result.sessions_left_out = result.sessions - std::min(result.sessions, how.max_sessions);
}

std::unique_ptr<OwnedResult> Request(const sessenum_stub& stub, const sessenum_options& options) {
  auto facts = std::make_unique<sessenum_facts>();
  if (stub.size != 0) facts->stub.assign(stub.bytes, stub.bytes + stub.size);
  facts->is_whole = stub.incomplete == 0;
  DecodeFitting(facts->stub, stub, options.flags, facts->request);
  const std::vector<Finding> findings = JudgeAlone(FactsOfRequest(facts.get()), options.flags);
  auto result = std::make_unique<OwnedResult>();
  Show(facts->request, stub, options, FindingPlaces(findings, Direction::kToServer), *result);
  result->facts = std::move(facts);
  return result;
}

std::unique_ptr<OwnedResult> Response(const sessenum_stub& stub, const sessenum_facts* facts,
                                      const sessenum_options& options) {
  SessionEnumResponse response;
  const Bytes bytes = stub.size != 0 ? Bytes(stub.bytes, stub.size) : Bytes();
  DecodeFitting(bytes, stub, options.flags, response);
  CallFacts call = FactsOfRequest(facts);
  call.response = &response;
  call.response_whole = stub.incomplete == 0;
  const std::vector<Finding> findings = JudgeAlone(call, options.flags);
  auto result = std::make_unique<OwnedResult>();
  Show(response, stub, options, FindingPlaces(findings, Direction::kToClient), *result);
  return result;
}

// What `make` makes, or the empty value of that where memory ran out: the standard library says so by an exception.
template <typename Make>
auto OrNothing(Make make) noexcept -> decltype(make()) {
  try {
    return make();
  } catch (...) {
    return {};
  }
}

template <typename Entry>
const Entry* FirstOf(const std::vector<Entry>* entries, std::size_t* count) {
  if (count != nullptr) *count = entries == nullptr ? 0 : entries->size();
  return entries == nullptr ? nullptr : entries->data();
}

}  // namespace
}  // namespace sessenum

extern "C" {

uint32_t sessenum_abi_version(void) { return SESSENUM_ABI_VERSION; }

const char* sessenum_version(void) { return SESSENUM_VERSION; }

const sessenum_field* sessenum_fields(size_t* count) {
  return sessenum::FirstOf(sessenum::OrNothing([] { return &sessenum::FieldTable(); }), count);
}

const sessenum_rule* sessenum_rules(size_t* count) {
  return sessenum::FirstOf(sessenum::OrNothing([] { return &sessenum::RuleTable(); }), count);
}

const char* sessenum_verdict_name(uint32_t verdict) {
  return verdict < sessenum::kVerdictNames.size() ? sessenum::kVerdictNames[verdict].data() : "";
}

const sessenum_result* sessenum_decode_request(const sessenum_stub* stub, const sessenum_options* options) {
  if (stub == nullptr || !sessenum::IsSound(*stub)) return nullptr;
  const sessenum_options how = options != nullptr ? *options : sessenum_options();
  return sessenum::OrNothing([&] { return sessenum::Request(*stub, how); }).release();
}

const sessenum_result* sessenum_decode_response(const sessenum_stub* stub, const sessenum_facts* facts,
                                                const sessenum_options* options) {
  if (stub == nullptr || !sessenum::IsSound(*stub)) return nullptr;
  const sessenum_options how = options != nullptr ? *options : sessenum_options();
  return sessenum::OrNothing([&] { return sessenum::Response(*stub, facts, how); }).release();
}

sessenum_facts* sessenum_take_facts(const sessenum_result* result) {
  if (result == nullptr) return nullptr;
  // The object was made as an OwnedResult, and not const.
  auto* owned = const_cast<sessenum::OwnedResult*>(static_cast<const sessenum::OwnedResult*>(result));
  return owned->facts.release();
}

void sessenum_free_result(const sessenum_result* result) { delete static_cast<const sessenum::OwnedResult*>(result); }

void sessenum_free_facts(sessenum_facts* facts) { delete facts; }

}  // extern "C"
