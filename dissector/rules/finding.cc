#include "rules/finding.h"

#include <algorithm>

#include "rules/well_formed.h"

namespace sessenum {
namespace {

std::string_view Template(std::string_view rule) {
  const auto rules = WellFormedRules();
  const auto found = std::ranges::find(rules, rule, &WellFormedRule::id);
  return found == rules.end() ? std::string_view() : found->message;
}

// The number that `name` stands for.
std::uint64_t Value(const Finding& finding, std::string_view name) {
  if (name == "seen") return finding.seen;
  if (name == "expected") return finding.expected;
  return finding.times;
}

}  // namespace

std::string FieldPath(const Finding& finding) {
  std::string path(finding.message == Direction::kToServer ? "request" : "response");
  if (finding.field.element != kNoElement) {
    path += ".container.sessions[" + std::to_string(finding.field.element) + "]";
  }
  if (!finding.field.name.empty()) path.append(".").append(finding.field.name);
  return path;
}

std::string Message(const Finding& finding) {
  std::string out;
  std::string_view rest = Template(finding.rule);
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    out.append(rest.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    out += std::to_string(Value(finding, rest.substr(open + 1, close - open - 1)));
    rest.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace sessenum
