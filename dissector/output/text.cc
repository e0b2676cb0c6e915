#include "output/text.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/terminal.h"
#include "output/account.h"
#include "output/address.h"
#include "output/table.h"
#include "rpc/fault_status.h"
#include "srvsvc/status.h"

namespace sessenum {
namespace {

constexpr std::string_view kIndent = "    ";
constexpr std::int64_t kNanosecondsPerMicrosecond = 1000;
constexpr std::int64_t kMicrosecondsPerMillisecond = 1000;

enum class Style : std::uint8_t { kPlain, kBold, kDim, kRed, kYellow, kGreen };
constexpr std::array<std::string_view, 6> kAnsi = {"", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[32m"};

std::string Styled(std::string_view text, Style style, const TextOptions& options) {
  if (!options.color || style == Style::kPlain) return std::string(text);
  return std::string(kAnsi[static_cast<std::size_t>(style)]).append(text).append("\x1b[0m");
}

// A string as a cell: NULL and empty are told apart.
std::string Quoted(const NdrString& string) {
  if (!string.decoded()) return "?";
  if (string.null()) return "(null)";
  const std::string text = Printable(ToUtf8(string.text()));
  return text.empty() ? "\"\"" : text;
}

std::string NumberText(const NdrU32& number) { return number.decoded() ? std::to_string(number.value) : "?"; }

std::string HexText(std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%X", value);
  return text.data();
}

std::string StatusText(std::uint32_t status, std::string_view name) {
  return name.empty() ? HexText(status) : std::string(name);
}

std::string Plural(std::uint64_t count, std::string_view noun) {
  return std::to_string(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

// What the client asked to be told: "level 10, client \\WS1, user alice".
std::string AskedFor(const SessionEnumRequest& request) {
  std::string out = "level " + NumberText(request.info.level);
  const auto qualifier = [&out](std::string_view what, const NdrString& name) {
    if (name.decoded() && !name.text().empty()) out.append(", ").append(what).append(" ").append(Quoted(name));
  };
  qualifier("client", request.client_name);
  qualifier("user", request.user_name);
  const NdrU32& most = request.preferred_maximum_length;
  if (most.decoded() && most.value != kMaxPreferredLength) out += ", at most " + Plural(most.value, "byte");
  const NdrUniqueU32& resume = request.resume_handle;
  if (resume.value.decoded() && resume.value.value != 0) out += ", from handle " + NumberText(resume.value);
  return out;
}

std::string AnsweredWith(const SessionEnumResponse& response) {
  const NdrU32& status = response.status;
  std::string out = status.decoded() ? StatusText(status.value, NetApiStatusName(status.value)) : "cut short";
  const bool lists = !status.decoded() || status.value == kNerrSuccess || status.value == kErrorMoreData;
  if (!lists) return out;
  out += ", " + Plural(response.info.container.sessions.size(), "session");
  if (response.total_entries.decoded()) out += " of " + NumberText(response.total_entries);
  if (status.decoded() && status.value == kErrorMoreData && response.resume_handle.value.decoded()) {
    out += ", goes on at handle " + NumberText(response.resume_handle.value);
  }
  return out;
}

std::string AnswerText(const Call& call) {
  if (call.response && call.response->decoded) return AnsweredWith(call.response->message);
  if (call.response) return "answer not readable";
  if (call.fault) return "fault " + StatusText(call.fault->status, FaultStatusName(call.fault->status));
  return "no answer seen";
}

std::string QuestionText(const Call& call) {
  if (call.request && call.request->decoded) return AskedFor(call.request->message);
  if (!call.operation_seen) return "operation not captured";
  return call.request ? "request not readable" : "request not seen";
}

Style AnswerStyle(const Call& call) {
  if (!call.response || !call.response->decoded) return Style::kYellow;
  const NdrU32& status = call.response->message.status;
  return status.decoded() && status.value == kNerrSuccess ? Style::kGreen : Style::kYellow;
}

std::string FrameList(const std::vector<Frame>& frames) {
  if (frames.empty()) return "?";
  const std::string first = std::to_string(frames.front().number);
  return frames.size() == 1 ? first : first + "-" + std::to_string(frames.back().number);
}

std::string FramesText(const Call& call) {
  std::string out = call.request ? FrameList(call.request->frames) : "?";
  if (call.response) return out + " -> " + FrameList(call.response->frames);
  if (call.fault) return out + " -> " + FrameList(call.fault->frames);
  return out;
}

// "1.924 ms"
std::string MillisecondsText(std::int64_t nanoseconds) {
  const std::int64_t microseconds = std::abs(nanoseconds / kNanosecondsPerMicrosecond);
  const std::string rest = std::to_string(microseconds % kMicrosecondsPerMillisecond);
  return (nanoseconds < 0 ? "-" : "") + std::to_string(microseconds / kMicrosecondsPerMillisecond) + "." +
         std::string(3 - rest.size(), '0') + rest + " ms";
}

std::string CarriedBy(const Call& call) {
  std::string out(Name(call.carrier->transport));
  if (call.carrier->named_pipe) out += " pipe " + Printable(*call.carrier->named_pipe);
  if (call.encryption != Encryption::kNone) out.append(", encrypted by ").append(Name(call.encryption));
  if (const auto syntax = call.syntax) {
    out.append(", ").append(Name(*syntax)).append(call.syntax_source == SyntaxSource::kAssumed ? " (assumed)" : "");
  }
  out += ", frames " + FramesText(call);
  if (const auto rtt = call.round_trip_ns()) out += ", " + MillisecondsText(*rtt);
  return out;
}

void AppendLine(std::string_view label, std::string_view text, std::string& out) {
  out.append(kIndent).append(label).append(12 - label.size(), ' ').append(text).append("\n");
}

void AppendAsker(const Call& call, std::string& out) {
  const SmbIdentity& identity = call.carrier->identity;
  std::string asker;
  if (const auto account = AccountName(identity)) asker = Printable(*account);
  if (identity.workstation && !identity.workstation->empty()) asker += " on " + Printable(*identity.workstation);
  if (identity.guest) asker += " (taken as guest)";
  if (!asker.empty()) AppendLine("asked by", asker, out);
}

void AppendSessions(const SessionEnumStruct& info, std::string& out) {
  const LevelSpec* level = FindLevel(info.tag.value);
  if (level == nullptr || info.container.sessions.empty()) return;
  std::vector<TableRow> rows(1);
  for (const SessionField& field : level->fields) rows.front().emplace_back(field.name);
  for (const Session& session : info.container.sessions) {
    TableRow& row = rows.emplace_back();
    for (const SessionField& field : level->fields) {
      row.push_back(field.string != nullptr ? Quoted(session.*field.string) : NumberText(session.*field.number));
    }
  }
  AppendTable(rows, kIndent, out);
}

std::string_view Explain(Undecoded why) {
  switch (why) {
    case Undecoded::kEncrypted:
      return "encrypted, and no key that fits";
    case Undecoded::kCompressed:
      return "compressed";
    case Undecoded::kTruncated:
      return "truncated: the capture kept only the start of packets";
    case Undecoded::kGap:
      return "gap: packets are missing from the capture";
    case Undecoded::kMalformed:
      return "malformed: the rest cannot be decoded";
    case Undecoded::kNoBind:
      return "no_bind: no bind was captured, and the bytes fit no transfer syntax";
  }
  return "";
}

Style StyleOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kViolation:
      return Style::kRed;
    case Verdict::kKnown:
    case Verdict::kAdvisory:
      return Style::kYellow;
    case Verdict::kPass:
    case Verdict::kUndecided:
    case Verdict::kNotApplicable:
      return Style::kDim;
  }
  return Style::kPlain;
}

template <std::size_t N>
std::string NonZero(const std::array<std::string_view, N>& names, const std::array<std::uint64_t, N>& counts) {
  std::string out;
  for (std::size_t i = 0; i < N; ++i) {
    if (counts[i] == 0) continue;
    if (!out.empty()) out += ", ";
    out += std::to_string(counts[i]).append(" ").append(names[i]);
  }
  return out;
}

// What a run did not see, and what it saw twice in different forms: what it is, and how often.
struct BlindSpot {
  std::string_view label;
  std::string text;
};

std::vector<BlindSpot> FindBlindSpots(const Summary& summary) {
  std::vector<BlindSpot> spots;
  const auto add = [&spots](std::string_view label, std::string text) {
    if (!text.empty()) spots.push_back({label, std::move(text)});
  };
  const auto add_count = [&add](std::string_view label, std::uint64_t count) {
    if (count != 0) add(label, std::to_string(count));
  };
  add("not decoded: ", NonZero(kUndecodedNames, summary.undecoded));
  add("limits hit: ", NonZero(kCapNames, summary.limits_hit));
  if (summary.unknown_link != 0) add("of a link type that is not read: ", Plural(summary.unknown_link, "packet"));
  add_count("TCP segments that contradict an earlier copy: ", summary.overlap_conflicts);
  add_count("IP datagrams with fragments missing: ", summary.incomplete_datagrams);
  return spots;
}

}  // namespace

void AppendText(const Finding& finding, const TextOptions& options, std::string& out) {
  out.append(kIndent).append(Styled(Name(finding.verdict), StyleOf(finding.verdict), options));
  out.append(" ")
      .append(finding.rule)
      .append(" ")
      .append(FieldPath(finding))
      .append(": ")
      .append(Printable(Message(finding)));
  out += " [";
  if (finding.frame != 0) out += "frame " + std::to_string(finding.frame) + ", ";
  out += "stub bytes " + std::to_string(finding.where.offset) + "+" + std::to_string(finding.where.length) + "]\n";
}

void AppendText(const Call& call, const TextOptions& options, std::string& out) {
  const Carrier& carrier = *call.carrier;
  out += Styled(TimeText(call.first_frame().time_ns), Style::kDim, options) + "  ";
  out += Styled(ToText(carrier.client), Style::kBold, options) + " -> ";
  out += Styled(ToText(carrier.server), Style::kBold, options) +
         (call.operation_seen ? "  NetrSessionEnum " : "  perhaps NetrSessionEnum ");
  out += QuestionText(call) + ": " + Styled(AnswerText(call), AnswerStyle(call), options) + "\n";
  AppendAsker(call, out);
  AppendLine("carried by", CarriedBy(call), out);
  if (call.response && call.response->decoded) AppendSessions(call.response->message.info, out);
  if (call.undecoded) AppendLine("incomplete", Explain(*call.undecoded), out);
  for (const Finding& finding : call.findings) AppendText(finding, options, out);
  out += '\n';
}

void AppendText(const Summary& summary, const TextOptions& options, std::string& out) {
  out += Styled(Plural(summary.calls, "call"), Style::kBold, options) + " in " + Plural(summary.packets, "packet") +
         " (" + Plural(summary.bytes, "byte") + ", " + Plural(summary.flows, "TCP connection") + ", " +
         Plural(summary.captures, "capture") + ")\n";
  const auto line = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) out.append(Styled(label, Style::kYellow, options)).append(text).append("\n");
  };
  line("verdicts: ", NonZero(kVerdictNames, summary.verdicts));
  for (const BlindSpot& spot : FindBlindSpots(summary)) line(spot.label, spot.text);
}

std::vector<std::string> BlindSpots(const Summary& summary) {
  std::vector<std::string> lines;
  for (const BlindSpot& spot : FindBlindSpots(summary)) lines.push_back(std::string(spot.label).append(spot.text));
  return lines;
}

void AppendText(const SeenRequest& request, const TextOptions& /*options*/, std::string& out) {
  const SessionEnumRequest& message = request.message;
  out += "NetrSessionEnum request, " + AskedFor(message) + "\n";
  AppendLine("server_name", Quoted(message.server_name), out);
  AppendLine("client_name", Quoted(message.client_name), out);
  AppendLine("user_name", Quoted(message.user_name), out);
  AppendSessions(message.info, out);
}

void AppendText(const SeenResponse& response, const TextOptions& /*options*/, std::string& out) {
  out += "NetrSessionEnum response, level " + NumberText(response.message.info.level) + ": " +
         AnsweredWith(response.message) + "\n";
  AppendSessions(response.message.info, out);
}

}  // namespace sessenum
