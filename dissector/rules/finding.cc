#include "rules/finding.h"

#include <algorithm>

#include "srvsvc/status.h"

namespace sessenum {
namespace {

// Units of a quoted name that are shown: enough to know it by, too few to flood a report.
constexpr std::size_t kQuotedUnits = 80;

// Room for nearly all of them, in bytes.
constexpr std::size_t kUsualPath = 64;
constexpr std::size_t kUsualMessage = 192;

std::string QuotedText(Utf16View text) {
  std::string out = "\"" + ToUtf8(text.First(std::min(text.size(), kQuotedUnits)));
  return out + (text.size() > kQuotedUnits ? "...\"" : "\"");
}

// What `name` stands for.
std::string Value(const Finding& finding, std::string_view name) {
  if (name == "seen") return std::to_string(finding.seen);
  if (name == "expected") return std::to_string(finding.expected);
  if (name == "seen.status") return NetApiStatusText(static_cast<std::uint32_t>(finding.seen));
  if (name == "expected.status") return NetApiStatusText(static_cast<std::uint32_t>(finding.expected));
  if (name == "quoted") return QuotedText(finding.quoted);
  if (name == "such") return finding.times == 1 ? std::string() : " (" + std::to_string(finding.times) + " such)";
  return std::to_string(finding.times);
}

}  // namespace

std::string FieldPath(const Finding& finding) {
  if (finding.field.name == kFaultField) return std::string(kFaultField);
  std::string path;
  path.reserve(kUsualPath);
  path.append(finding.message == Direction::kToServer ? "request" : "response");
  if (finding.field.element != kNoElement) {
    path += ".container.sessions[" + std::to_string(finding.field.element) + "]";
  }
  if (!finding.field.name.empty()) path.append(".").append(finding.field.name);
  return path;
}

std::string Message(const Finding& finding) {
  std::string out;
  out.reserve(kUsualMessage);
  std::string_view rest = finding.text;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    out.append(rest.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    out += Value(finding, rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
  if (!finding.why.empty()) out.append(finding.text.empty() ? "" : ": ").append(finding.why);
  return out;
}

}  // namespace sessenum
