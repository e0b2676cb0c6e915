// Property: whatever two stubs hold, the C interface lists them as nodes that stand within their stub, in pre-order,
// with texts that end and are harmless and rules that the catalogue has; it says what the decoder says of every field;
// and it says the same each time. The leak checker sees whether all that is freed was all that was made.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_order.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "fuzz/require.h"
#include "replay/stub_decoder.h"
#include "sessenum/sessenum.h"

namespace {

using namespace sessenum;  // NOLINT(google-build-using-namespace): a target is a program of its own
using fuzz::Require;

struct Free {
  void operator()(const sessenum_result* result) const { sessenum_free_result(result); }
  void operator()(sessenum_facts* facts) const { sessenum_free_facts(facts); }
};
using ResultPtr = std::unique_ptr<const sessenum_result, Free>;
using FactsPtr = std::unique_ptr<sessenum_facts, Free>;
using Nodes = std::span<const sessenum_node>;

Nodes NodesOf(const sessenum_result& result) { return {result.nodes, result.node_count}; }

bool IsRule(const char* id) {
  std::size_t count = 0;
  const sessenum_rule* rules = sessenum_rules(&count);
  return std::any_of(rules, rules + count, [id](const sessenum_rule& rule) { return rule.id == std::string_view(id); });
}

void RequireSound(const sessenum_node& node, const sessenum_node* before, std::size_t size) {
  std::size_t fields = 0;
  const sessenum_field* table = sessenum_fields(&fields);
  Require(node.depth <= (before == nullptr ? 0 : before->depth + 1), "nodes are in pre-order");
  Require(before == nullptr || node.depth > 0, "there is one root");
  Require(std::uint64_t{node.offset} + node.length <= size, "a node stands within its stub");
  Require(node.field < fields && node.name == table[node.field].name, "a node is of a field of the table");
  Require(Printable(node.text) == node.text, "a text is harmless");
  const bool is_finding = node.field == SESSENUM_RULE;
  Require(is_finding == (node.rule != nullptr), "a finding names its rule, and nothing else does");
  if (!is_finding) return;
  Require(IsRule(node.rule), "the rule of a finding is in the catalogue");
  Require(sessenum_verdict_name(node.verdict)[0] != '\0', "a finding has a verdict");
  Require(node.text[0] != '\0' || node.verdict >= SESSENUM_UNDECIDED, "a finding has something to say");
}

std::uint64_t NumberAt(const sessenum_node& node, const sessenum_stub& stub) {
  const ByteOrder order = stub.byte_order == SESSENUM_BIG_ENDIAN ? ByteOrder::kBig : ByteOrder::kLittle;
  const std::uint8_t* from = stub.bytes + node.offset;
  return node.length == 8 ? LoadInteger<std::uint64_t>(from, order) : LoadInteger<std::uint32_t>(from, order);
}

// The bytes themselves say what the node says: whatever the decoder thinks of them.
void RequireTrue(const sessenum_node& node, const sessenum_result& result, const sessenum_stub& stub) {
  std::size_t fields = 0;
  const std::uint32_t kind = sessenum_fields(&fields)[node.field].kind;
  const std::uint32_t word = result.syntax == SESSENUM_NDR64 ? 8 : 4;
  if ((node.flags & SESSENUM_NODE_NULL) != 0) {
    // A container that is NULL has nothing in it.
    Require(node.length == word && NumberAt(node, stub) == 0, "NULL is a pointer of zero");
  } else if (kind == SESSENUM_U32 || kind == SESSENUM_U64) {
    Require(node.length == (kind == SESSENUM_U32 ? 4 : word), "a number has the size of its kind");
    Require(NumberAt(node, stub) == node.number, "a number is what its bytes say");
  } else if (kind == SESSENUM_STRING) {
    Require(node.length == 2 * node.number, "a string has two bytes for each unit");
  }
}

void RequireSound(const sessenum_result& result, const sessenum_stub& stub) {
  const std::size_t size = stub.size;
  const Nodes nodes = NodesOf(result);
  for (const sessenum_node& node : nodes) RequireTrue(node, result, stub);
  Require(!nodes.empty() && nodes[0].length == size, "the first node is the message");
  for (std::size_t i = 0; i < nodes.size(); ++i) RequireSound(nodes[i], i == 0 ? nullptr : &nodes[i - 1], size);
  Require(result.consumed <= size, "no more is consumed than there is");
  Require(Printable(result.summary) == result.summary && result.summary[0] != '\0', "the summary is harmless");
  const auto shown = std::ranges::count(nodes, std::uint32_t{SESSENUM_SESSION}, &sessenum_node::field);
  Require(static_cast<std::size_t>(shown) + result.sessions_left_out == result.sessions,
          "every session is accounted for");
}

bool SameNode(const sessenum_node& a, const sessenum_node& b) {
  return a.depth == b.depth && a.field == b.field && a.offset == b.offset && a.length == b.length &&
         a.number == b.number && std::strcmp(a.text, b.text) == 0 && a.rule == b.rule && a.verdict == b.verdict &&
         a.flags == b.flags;
}

void RequireSame(const sessenum_result& one, const sessenum_result& other) {
  Require(std::ranges::equal(NodesOf(one), NodesOf(other), SameNode), "asking again gives the same nodes");
  Require(std::strcmp(one.summary, other.summary) == 0, "asking again gives the same summary");
}

// A field of the message as the decoder has it.
struct Item {
  std::uint32_t field = 0;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint64_t number = 0;
  bool is_null = false;
  std::string text;
};

// Goes through the decoder's message, without the table that the interface uses.
class Expected {
 public:
  Expected(const SessionEnumRequest& request, std::uint32_t max_sessions) : max_sessions_(max_sessions) {
    word_ = request.report.format.word();
    Put(SESSENUM_SERVER_NAME, request.server_name);
    Put(SESSENUM_CLIENT_NAME, request.client_name);
    Put(SESSENUM_USER_NAME, request.user_name);
    Put(request.info);
    Put(SESSENUM_PREFERRED_MAXIMUM_LENGTH, request.preferred_maximum_length);
    Put(SESSENUM_RESUME_HANDLE, request.resume_handle);
  }
  Expected(const SessionEnumResponse& response, std::uint32_t max_sessions) : max_sessions_(max_sessions) {
    word_ = response.report.format.word();
    Put(response.info);
    Put(SESSENUM_TOTAL_ENTRIES, response.total_entries);
    Put(SESSENUM_RESUME_HANDLE, response.resume_handle);
    Put(SESSENUM_STATUS, response.status);
  }

  void RequireListed(Nodes nodes) const {
    std::size_t next = 0;
    for (const sessenum_node& node : nodes) {
      if (!IsValue(node.field)) continue;
      Require(next < items_.size(), "no field is listed that was not decoded");
      RequireSame(items_[next++], node);
    }
    Require(next == items_.size(), "every field that was decoded is listed");
  }

 private:
  static bool IsValue(std::uint32_t field) {
    return (field >= SESSENUM_SERVER_NAME && field <= SESSENUM_DISCRIMINANT) || field == SESSENUM_ENTRIES_READ ||
           (field >= SESSENUM_SESSION_CNAME && field <= SESSENUM_STATUS);
  }

  static void RequireSame(const Item& item, const sessenum_node& node) {
    Require(item.field == node.field, "fields are listed in their order");
    Require(item.offset == node.offset && item.length == node.length, "a field is listed where it stands");
    Require(item.number == node.number, "a field is listed with its number");
    Require(item.is_null == ((node.flags & SESSENUM_NODE_NULL) != 0), "NULL is listed as NULL");
    if (item.field != SESSENUM_STATUS) Require(item.text == node.text, "a field is listed with its text");
  }

  void PutNull(std::uint32_t field, const NdrPointer& pointer) {
    items_.push_back({field, pointer.at, word_, 0, true, ""});
  }
  void Put(std::uint32_t field, const NdrString& string) {
    if (!string.decoded()) return;
    if (string.null()) return PutNull(field, string.pointer);
    items_.push_back({field, string.units_at, 2 * string.actual_count, string.actual_count, false,
                      Printable(ToUtf8(string.text()))});
  }
  void Put(std::uint32_t field, const NdrU32& number) {
    if (number.decoded()) items_.push_back({field, number.at, 4, number.value, false, std::to_string(number.value)});
  }
  void Put(std::uint32_t field, const NdrUniqueU32& number) {
    if (!number.decoded()) return;
    if (number.pointer.null()) return PutNull(field, number.pointer);
    Put(field, number.value);
  }
  void Put(const SessionEnumStruct& info) {
    Put(SESSENUM_LEVEL, info.level);
    Put(SESSENUM_DISCRIMINANT, info.tag);
    Put(SESSENUM_ENTRIES_READ, info.container.entries_read);
    std::uint32_t left = max_sessions_;
    for (const Session& session : info.container.sessions) {
      if (left-- == 0) return;
      Put(session);
    }
  }
  // Every field of SESSION_INFO_502: what the level does not have was not decoded.
  void Put(const Session& session) {
    Put(SESSENUM_SESSION_CNAME, session.cname);
    Put(SESSENUM_SESSION_USERNAME, session.username);
    Put(SESSENUM_SESSION_NUM_OPENS, session.num_opens);
    Put(SESSENUM_SESSION_TIME, session.time);
    Put(SESSENUM_SESSION_IDLE_TIME, session.idle_time);
    Put(SESSENUM_SESSION_USER_FLAGS, session.user_flags);
    Put(SESSENUM_SESSION_CLTYPE_NAME, session.cltype_name);
    Put(SESSENUM_SESSION_TRANSPORT, session.transport);
  }

  std::uint32_t max_sessions_;
  std::uint32_t word_ = 4;
  std::vector<Item> items_;
};

template <typename Message>
void RequireDecoded(const sessenum_result& result, const sessenum_stub& stub, const sessenum_options& options) {
  static const Limits limits;
  const ByteOrder order = stub.byte_order == SESSENUM_BIG_ENDIAN ? ByteOrder::kBig : ByteOrder::kLittle;
  const Bytes bytes(stub.bytes, stub.size);
  Message message;
  const Status status = DecodeStub(bytes, {static_cast<TransferSyntax>(result.syntax), order}, limits, message);
  Require(static_cast<std::uint32_t>(status.code) == result.outcome, "the outcome is the decoder's");
  Require(message.report.consumed == result.consumed, "as many bytes are consumed as the decoder says");
  Require(message.info.container.sessions.size() == result.sessions, "as many sessions as the decoder says");
  const std::uint32_t most = options.max_sessions == 0 ? UINT32_MAX : options.max_sessions;
  Expected(message, most).RequireListed(NodesOf(result));
  Require((result.syntax != stub.syntax) == (result.syntax_was_changed == 1), "a change of syntax is told");
  if (result.syntax_was_changed == 0) return;
  Require((options.flags & SESSENUM_TRY_OTHER_SYNTAX) != 0, "the syntax is changed only where that may be");
  Require(FitsWell(message), "the syntax is changed only for one that fits");
}

ResultPtr AskRequest(const sessenum_stub& stub, const sessenum_options& options) {
  ResultPtr result(sessenum_decode_request(&stub, &options));
  Require(result != nullptr, "a request gives a result");
  RequireSound(*result, stub);
  RequireDecoded<SessionEnumRequest>(*result, stub, options);
  return result;
}

ResultPtr AskResponse(const sessenum_stub& stub, const sessenum_facts* facts, const sessenum_options& options) {
  ResultPtr result(sessenum_decode_response(&stub, facts, &options));
  Require(result != nullptr, "a response gives a result");
  RequireSound(*result, stub);
  RequireDecoded<SessionEnumResponse>(*result, stub, options);
  return result;
}

// The nodes of the fields stay as they are, whatever is known of the request.
void RequireSameFields(const sessenum_result& one, const sessenum_result& other) {
  const auto fields_of = [](const sessenum_result& result) {
    std::vector<sessenum_node> fields;
    std::ranges::copy_if(NodesOf(result), std::back_inserter(fields),
                         [](const sessenum_node& node) { return node.field != SESSENUM_RULE; });
    return fields;
  };
  Require(std::ranges::equal(fields_of(one), fields_of(other), SameNode), "facts change findings alone");
}

struct Input {
  sessenum_stub request{};
  sessenum_stub response{};
  sessenum_options options{};
};

// As call_pair_rules reads one call: byte 0 holds the format (bit 0 NDR64, bit 1 big-endian), whether the stubs are
// incomplete (bit 5), and here the options (bits 2 to 4), of which bit 6 shows three sessions at most; two bytes are
// the size of the request's stub; what is left is the response's.
Input ReadInput(Bytes bytes) {
  Input input;
  const unsigned flags = bytes[0];
  const std::size_t size = std::min<std::size_t>((bytes[1] + 256U * bytes[2]) & 0x7FFFU, bytes.size() - 3);
  const Bytes request = bytes.subspan(3, size);
  const Bytes response = bytes.subspan(3 + size);
  input.request = {request.data(), request.size(), flags & 1U, (flags >> 1U) & 1U, flags & 32U};
  input.response = {response.data(), response.size(), flags & 1U, (flags >> 1U) & 1U, flags & 32U};
  input.options = {(flags >> 2U) & 7U, (flags & 64U) != 0 ? 3U : 0U};
  return input;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Require(sessenum_abi_version() == SESSENUM_ABI_VERSION && sessenum_version()[0] != '\0', "a library says what it is");
  if (size < 3) return 0;
  const Input input = ReadInput({data, size});
  const ResultPtr request = AskRequest(input.request, input.options);
  RequireSame(*request, *AskRequest(input.request, input.options));
  const FactsPtr facts(sessenum_take_facts(request.get()));
  Require(facts != nullptr, "a request has facts");
  Require(sessenum_take_facts(request.get()) == nullptr, "facts are taken once");
  const ResultPtr alone = AskResponse(input.response, nullptr, input.options);
  const ResultPtr answered = AskResponse(input.response, facts.get(), input.options);
  RequireSame(*answered, *AskResponse(input.response, facts.get(), input.options));
  RequireSameFields(*alone, *answered);
  return 0;
}
