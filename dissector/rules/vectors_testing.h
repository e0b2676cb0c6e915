// Test vectors of the rules: calls as text, and the verdicts that they must get. testdata/README.md has the format.
#ifndef SESSENUM_RULES_VECTORS_TESTING_H_
#define SESSENUM_RULES_VECTORS_TESTING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ndr/format.h"
#include "rules/catalogue.h"
#include "srvsvc/message_builder_testing.h"

namespace sessenum {

// How a call travelled.
struct VectorConnection {
  IpAddress client;
  IpAddress server;
  std::int64_t seconds = 0;
  std::uint64_t pipe = 1;
  bool over_named_pipe = true;
  std::optional<std::string> tree;
  std::optional<bool> is_nobody;
  std::optional<SyntaxId> interface = kSrvsvcInterface;
  BindOffer offer;
};

template <typename Message>
struct VectorMessage {
  Message message;
  std::uint32_t cut = 0;      // bytes that the capture lacks at the end of the stub
  std::uint32_t missing = 0;  // bytes that were not sent
  std::uint32_t extra = 0;    // bytes after the last parameter
  Referents referents = Referents::kAscending;
};

struct VectorCall {
  VectorConnection connection;
  std::optional<VectorMessage<SessionEnumRequest>> request;
  std::optional<VectorMessage<SessionEnumResponse>> response;
  std::optional<std::uint32_t> fault;
};

struct VectorExpectation {
  const Rule* rule = nullptr;
  Verdict verdict = Verdict::kPass;
};

struct RuleVector {
  std::string name;
  std::string place;  // "file:line"
  std::vector<VectorCall> calls;
  std::vector<VectorExpectation> expectations;  // of the last call
};

struct VectorFile {
  VectorFile() = default;
  VectorFile(VectorFile&&) = default;  // a copy would have calls that point into the original's strings
  VectorFile& operator=(VectorFile&&) = default;
  VectorFile(const VectorFile&) = delete;
  VectorFile& operator=(const VectorFile&) = delete;
  ~VectorFile() = default;

  MessageBuilder texts;  // owns the strings of the calls
  std::vector<RuleVector> vectors;
  std::vector<std::string> errors;  // "file:line: what is wrong"
};

// Reads vectors. Where there are errors the vectors are not to be used.
[[nodiscard]] VectorFile ParseVectors(const std::string& file_name, std::string_view text);

// Encodes the calls, decodes them, and has `rules` judge them. Says what is not as the vector expects: a verdict, or a
// violation that it does not mention. Empty: the vector holds.
[[nodiscard]] std::vector<std::string> Complaints(const RuleVector& vector, NdrFormat format,
                                                  std::span<const Rule> rules);

// What `rules` say of the last call, a line each: rule, verdict, field, place in the stub, and the message. Of passes
// and undecided rules those that the vector expects something of.
[[nodiscard]] std::vector<std::string> Findings(const RuleVector& vector, NdrFormat format,
                                                std::span<const Rule> rules);
// All that they say of each call, also what does not apply.
[[nodiscard]] std::vector<std::string> FindingsOfEachCall(const RuleVector& vector, NdrFormat format,
                                                          std::span<const Rule> rules);

}  // namespace sessenum

#endif  // SESSENUM_RULES_VECTORS_TESTING_H_
